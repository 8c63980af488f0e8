"""A reply may leave later; until then it is seen where it will stand, and can be taken back."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from goodword.inbox.models import Conversation, Draft, Message
from goodword.mail import outbox, pacing
from goodword.mail.models import OutgoingMail, Suppression
from goodword.mail.suppressions import suppress

from .conftest import LogIn

State = OutgoingMail.State


def send(browser: Client, conversation: Conversation, **given: str) -> str:
    """Send a reply as a browser without JavaScript does; gives the page that follows."""
    address = f"/conversations/{conversation.pk}/reply/"
    return browser.post(address, {"markdown": "I am sorry.", **given}, follow=True).content.decode()


def waiting() -> OutgoingMail:
    return OutgoingMail.objects.defer("raw").get()


@pytest.fixture
def conversation(conversation: Conversation, mailoutbox: list[object]) -> Conversation:
    """Carla asks; nothing really leaves."""
    return conversation


def test_a_reply_leaves_at_the_moment_that_was_chosen(
    browser: Client, conversation: Conversation, mailoutbox: list[object]
) -> None:
    shown = send(browser, conversation, later="tomorrow")
    mail = waiting()
    moment = timezone.localtime(mail.not_before)
    assert (moment.date() - timezone.localdate(), moment.hour) == (timedelta(days=1), 9)
    assert f"leaves on {moment:%a} {moment.day} {moment:%b}, 09:00" in shown
    assert outbox.send_due() == 0
    with time_machine.travel(mail.not_before + timedelta(seconds=1), tick=False):
        assert outbox.send_due() == 1
    assert len(mailoutbox) == 1
    assert "leaves on" not in browser.get(f"/conversations/{conversation.pk}/").content.decode()


def test_whoever_waits_goes_on_waiting_until_it_has_left(browser: Client, conversation: Conversation) -> None:
    since = conversation.waiting_since
    assert since is not None
    send(browser, conversation, later="tomorrow")
    conversation.refresh_from_db()
    assert conversation.waiting_since == since
    with time_machine.travel(waiting().not_before + timedelta(seconds=1), tick=False):
        outbox.send_due()
    conversation.refresh_from_db()
    assert conversation.waiting_since is None


def test_until_then_it_can_be_taken_back(browser: Client, conversation: Conversation) -> None:
    assert "Take it back" in send(browser, conversation, later="week")
    browser.post(f"/messages/{Message.objects.get(kind='reply').pk}/undo/")
    assert waiting().state == State.WITHDRAWN
    assert Draft.objects.get().markdown == "I am sorry."
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        assert outbox.send_due() == 0


def test_any_moment_can_be_typed_and_counts_without_its_button(
    browser: Client, conversation: Conversation
) -> None:
    wanted = timezone.localtime() + timedelta(days=2)
    send(browser, conversation, later_at=f"{wanted:%Y-%m-%dT%H:%M}")
    assert timezone.localtime(waiting().not_before).replace(second=0, microsecond=0) == wanted.replace(
        second=0, microsecond=0
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"later": "at", "later_at": ""}, "When should it leave?"),
        ({"later": "at", "later_at": "soon"}, "&#x27;soon&#x27; is no time to send it at."),
        ({"later": "at", "later_at": "2020-01-01T10:00"}, "That moment is past."),
        ({"later": "at", "later_at": "2999-01-01T10:00"}, "A reply can wait for a year at most."),
    ],
    ids=["no time", "no such time", "past", "too far"],
)
def test_a_moment_that_cannot_be_meant_is_said_and_nothing_leaves(
    browser: Client, conversation: Conversation, given: dict[str, str], said: str
) -> None:
    assert said in send(browser, conversation, **given)
    assert not OutgoingMail.objects.exists()


def test_at_once_stays_the_usual_way(browser: Client, conversation: Conversation) -> None:
    assert "leaves in a moment" in send(browser, conversation)
    assert waiting().not_before < timezone.now() + timedelta(seconds=11)


def test_the_composer_offers_three_moments_and_a_field(browser: Client, conversation: Conversation) -> None:
    shown = browser.get(f"/conversations/{conversation.pk}/").content.decode()
    assert shown.count('name="later" value="') == 4
    assert 'type="datetime-local" name="later_at"' in shown


def test_who_writes_to_an_address_that_does_not_exist_is_told_and_may_send(
    browser: Client, conversation: Conversation
) -> None:
    address = f"/conversations/{conversation.pk}/"
    assert "there is no such address" not in browser.get(address).content.decode()
    suppress(address="carla@example.org", reason=Suppression.Reason.BOUNCED, everything=True)
    assert "Mail to carla@example.org came back on" in browser.get(address).content.decode()
    send(browser, conversation)
    assert waiting().state == State.QUEUED


def test_who_writes_to_somebody_who_wants_no_notices_is_told_that_an_answer_still_goes(
    browser: Client, conversation: Conversation, log_in: LogIn
) -> None:
    suppress(address="carla@example.org", reason=Suppression.Reason.UNSUBSCRIBED)
    shown = browser.get(f"/conversations/{conversation.pk}/").content.decode()
    assert "carla@example.org gets no more notices since" in shown
    assert "Your answer still goes there." in shown


def test_a_reply_that_waits_for_its_domain_says_so(browser: Client, conversation: Conversation) -> None:
    send(browser, conversation)
    pacing.hold("example.org", "Their mail server takes no mail at the moment.")
    with time_machine.travel(timezone.now() + timedelta(seconds=20), tick=False):
        assert outbox.send_due() == 0
        shown = browser.get(f"/conversations/{conversation.pk}/").content.decode()
    assert "not sent yet: The mail servers of example.org asked us to wait until" in shown
