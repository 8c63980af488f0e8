"""Leads see who gets no more mail, and change it; nobody else does."""

import pytest
from django.test import Client
from django.utils import timezone

from goodword.mail.actions import queue, suppress
from goodword.mail.composing import Letter
from goodword.mail.models import OutgoingMail, Suppression
from goodword.mail.parsing import Address
from goodword.staff.models import Agent

from .conftest import LogIn

PAGE = "/settings/no-more-mail/"
Reason = Suppression.Reason


@pytest.fixture
def browser(lead: Agent, log_in: LogIn) -> Client:
    """The lead's browser."""
    return log_in(lead)


def words(browser: Client, address: str = PAGE) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_at_first_everybody_gets_notices(browser: Client) -> None:
    assert "Everybody gets notices" in words(browser)


def test_each_address_stands_there_with_reason_and_topic(browser: Client) -> None:
    suppress(address="carla@example.org", reason=Reason.UNSUBSCRIBED, topic="surveys")
    suppress(address="gone@example.org", reason=Reason.BOUNCED, everything=True, detail="550 no such user")
    page = words(browser)
    for said in ("carla@example.org", "unsubscribed", "surveys", "gone@example.org", "550 no such user"):
        assert said in page


def test_an_address_is_found_by_a_part_of_it(browser: Client) -> None:
    suppress(address="carla@example.org", reason=Reason.AGENT)
    suppress(address="ben@example.org", reason=Reason.AGENT)
    page = words(browser, f"{PAGE}?q=CARLA")
    assert "carla@example.org" in page
    assert "ben@example.org" not in page
    assert "No address with" in words(browser, f"{PAGE}?q=nobody")


def test_one_can_be_added_and_lifted(browser: Client, lead: Agent) -> None:
    answer = browser.post(PAGE, {"address": "Carla@Example.org", "detail": "asked on the phone"}, follow=True)
    assert "carla@example.org gets no more notices." in answer.content.decode()
    one = Suppression.objects.get(lifted_at=None)
    assert (one.address, one.reason, one.detail) == ("carla@example.org", Reason.AGENT, "asked on the phone")
    answer = browser.post(f"{PAGE}{one.pk}/lift/", follow=True)
    assert "carla@example.org may be written to again." in answer.content.decode()
    assert "Everybody gets notices" in answer.content.decode()
    one.refresh_from_db()
    assert one.lifted_at is not None


def test_what_is_no_address_is_said(browser: Client) -> None:
    answer = browser.post(PAGE, {"address": "carla"})
    assert answer.status_code == 422
    assert "is not a whole address" in answer.content.decode()


def test_a_long_list_has_pages(browser: Client) -> None:
    for number in range(51):
        suppress(address=f"c{number}@example.org", reason=Reason.AGENT)
    page = words(browser)
    assert "c0@example.org" not in page
    older = page.partition('rel="next" href="')[2].partition('"')[0]
    assert "c0@example.org" in words(browser, PAGE + older)


def test_an_agent_has_no_business_there(owner: Agent, log_in: LogIn) -> None:
    suppress(address="carla@example.org", reason=Reason.AGENT)
    browser = log_in(owner)
    assert browser.get(PAGE).status_code == 403
    browser.post(PAGE, {"address": "ben@example.org"})
    browser.post(f"{PAGE}{Suppression.objects.get().pk}/lift/")
    assert Suppression.objects.filter(lifted_at=None).count() == 1
    assert "no-more-mail" not in words(browser, "/settings/profile/")


def test_a_notice_that_was_held_back_stands_under_sent_mail_with_its_reason(browser: Client) -> None:
    suppress(address="carla@example.org", reason=Reason.UNSUBSCRIBED, topic="news")
    letter = Letter(
        message_id="<news@desk.example>",
        sender=Address("Care", "care@desk.example"),
        to=[Address("Carla", "carla@example.org")],
        subject="New kettles",
        text="Look.",
        at=timezone.now(),
    )
    mail = queue(letter=letter, lane=OutgoingMail.Lane.BULK, topic="news")
    assert "New kettles" in words(browser, "/sent/")
    page = words(browser, f"/sent/{mail.pk}/")
    assert "carla@example.org gets no more mail of this kind: they asked for no more on" in page
