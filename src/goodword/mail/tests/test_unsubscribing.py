"""Whoever wants no more notices gets none, by one click and without an account; answers still reach them."""

import re
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from goodword.mail import outbox, queries
from goodword.mail.actions import accept, lift, queue, suppress
from goodword.mail.composing import Letter, Unsendable
from goodword.mail.intake import turn_waiting
from goodword.mail.models import Mailbox, OutgoingMail, RawMail, Suppression
from goodword.mail.parsing import Address, AutoKind, ParsedMail, parse
from goodword.mail.unsubscribing import token_for

from .conftest import Outside
from .test_sending import BOUNCE

pytestmark = pytest.mark.django_db

State, Lane, Reason = OutgoingMail.State, OutgoingMail.Lane, Suppression.Reason


def letter(name: str = "reply-1", to: str = "carla@example.org") -> Letter:
    return Letter(
        message_id=f"<{name}@desk.example>",
        sender=Address("Care", "care@desk.example"),
        to=[Address("Carla", to)],
        subject="News",
        text="New kettles.",
        html="<p>New kettles.</p>",
        at=timezone.now(),
    )


def notice(name: str = "notice", to: str = "carla@example.org", topic: str = "news") -> OutgoingMail:
    return queue(letter=letter(name, to), lane=Lane.BULK, topic=topic)


def link(mail: OutgoingMail) -> str:
    """The path that the mail's field names."""
    field = message_from_bytes(bytes(mail.raw), policy=policy.default)["List-Unsubscribe"]
    found = re.fullmatch(r"<http://127\.0\.0\.1:8000(/unsubscribe/\S+/)>", field)
    assert found
    return found[1]


@pytest.fixture
def program() -> Client:
    """A mail program or a recipient's browser: no account, no cookie."""
    return Client(enforce_csrf_checks=True)


def test_every_notice_offers_to_unsubscribe_by_one_click() -> None:
    mail = notice()
    fields = message_from_bytes(bytes(mail.raw), policy=policy.default)
    assert fields["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert fields["Auto-Submitted"] == "auto-generated"
    parsed = parse(bytes(mail.raw))
    assert link(mail) in parsed.text
    assert link(mail) in (parsed.html or "")


@pytest.mark.parametrize("how", [{"lane": Lane.BULK}, {"purpose": OutgoingMail.Purpose.NOTICE}])
def test_a_notice_from_which_nobody_could_unsubscribe_is_refused(how: dict[str, Any]) -> None:
    with pytest.raises(Unsendable, match="needs a topic"):
        queue(letter=letter("notice"), **how)
    assert not OutgoingMail.objects.exists()


def test_whatever_has_a_topic_is_a_notice_in_the_lane_of_mail_to_many() -> None:
    mail = queue(letter=letter("survey"), topic="surveys")
    assert (mail.purpose, mail.lane) == (OutgoingMail.Purpose.NOTICE, Lane.BULK)
    assert link(mail)


def test_a_reply_offers_no_such_thing() -> None:
    raw = bytes(queue(letter=letter()).raw)
    assert b"Unsubscribe" not in raw
    assert b"Auto-Submitted" not in raw


def test_looking_changes_nothing(program: Client) -> None:
    answer = program.get(link(notice()))
    assert answer.status_code == 200
    assert "We then send carla@example.org nothing more about 'news'" in answer.content.decode()
    assert not Suppression.objects.exists()


def test_one_click_is_enough(program: Client, outside: Outside) -> None:
    answer = program.post(link(notice()), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "carla@example.org gets no more mail about 'news'" in answer.content.decode()
    assert "When you write to us, you still get an answer." in answer.content.decode()
    queue(letter=letter())
    after = notice("after")
    other_topic = notice("other", topic="surveys")
    outbox.send_due()
    assert after.state == State.WITHDRAWN
    assert "carla@example.org gets no more mail of this kind: they asked for no more on" in after.error
    assert sorted(subject_ids(outside)) == ["<other@desk.example>", "<reply-1@desk.example>"]
    other_topic.refresh_from_db()
    assert other_topic.state == State.SENT


def subject_ids(outside: Outside) -> list[str]:
    return [message_from_bytes(raw, policy=policy.default)["Message-ID"] for raw in outside.received]


def test_a_notice_that_waits_already_is_held_back_too(program: Client, outside: Outside) -> None:
    first, second = notice("one"), notice("two")
    program.post(link(first), {"List-Unsubscribe": "One-Click"})
    assert outbox.send_due() == 0
    for mail in (first, second):
        mail.refresh_from_db()
        assert mail.state == State.WITHDRAWN
        assert "they asked for no more on" in mail.error
    assert outside.received == []


def test_a_notice_that_somebody_waits_for_is_held_back_as_well(program: Client, outside: Outside) -> None:
    mail = queue(letter=letter("survey"), topic="surveys", lane=Lane.PERSON)
    program.post(link(mail), {"List-Unsubscribe": "One-Click"})
    assert outbox.send_due() == 0
    mail.refresh_from_db()
    assert mail.state == State.WITHDRAWN


def test_it_can_be_undone_and_done_twice(program: Client) -> None:
    page = link(notice())
    for _time in range(2):
        program.post(page, {"List-Unsubscribe": "One-Click"})
    assert Suppression.objects.count() == 1
    for _time in range(2):
        answer = program.post(f"{page}undo/")
    assert "Undone. You get this mail again." in answer.content.decode()
    assert notice("again").state == State.QUEUED
    kept = Suppression.objects.get()
    assert kept.lifted_at is not None


def test_all_notices_can_be_stopped_at_once(program: Client) -> None:
    program.post(link(notice()), {"what": "all"})
    assert notice("other", topic="surveys").state == State.WITHDRAWN
    assert queue(letter=letter()).state == State.QUEUED


def test_undoing_lifts_nothing_that_an_agent_entered(program: Client) -> None:
    suppress(address="carla@example.org", reason=Reason.AGENT)
    page = f"/unsubscribe/{token_for('carla@example.org', 'news')}/"
    assert "undo/" not in program.get(page).content.decode()
    program.post(f"{page}undo/")
    assert notice().state == State.WITHDRAWN


@pytest.mark.parametrize(
    "token",
    ["", "nonsense", token_for("a@example.org", "news")[:-1] + "A!"],
    ids=["none", "nonsense", "changed"],  # a token holds the time it was made, which no test's name may
)
def test_a_link_that_we_did_not_make_changes_nothing(program: Client, token: str) -> None:
    answer = program.post(f"/unsubscribe/{token or 'x'}/", {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 404
    assert "This link does not work" in answer.content.decode()
    assert not Suppression.objects.exists()


def test_the_page_shows_no_markup_of_others(program: Client) -> None:
    page = f"/unsubscribe/{token_for('<b>x</b>@example.org', '<script>')}/"
    assert "<script>alert" not in program.get(page).content.decode()
    assert "&lt;b&gt;" in program.get(page).content.decode()


def test_an_address_that_does_not_exist_gets_no_more_notices(
    mailbox: Mailbox, outside: Outside, taken_in: list[tuple[RawMail, ParsedMail]]
) -> None:
    queue(letter=letter())
    outbox.send_due()
    accept(raw=BOUNCE.encode(), source="smtp", envelope_to=outside.senders)
    turn_waiting()
    one = Suppression.objects.get()
    assert (one.address, one.reason, one.everything) == ("carla@example.org", Reason.BOUNCED, True)
    assert "no such user" in one.detail
    assert notice("after").state == State.WITHDRAWN


@pytest.mark.parametrize("status", ["5.2.2", "5.7.1", "4.1.1", ""])
def test_a_bounce_for_another_reason_says_nothing_of_the_address(
    status: str, mailbox: Mailbox, outside: Outside, taken_in: list[tuple[RawMail, ParsedMail]]
) -> None:
    queue(letter=letter())
    outbox.send_due()
    accept(raw=BOUNCE.replace("5.1.1", status).encode(), source="smtp", envelope_to=outside.senders)
    turn_waiting()
    assert not Suppression.objects.exists()


def test_a_report_about_somebody_else_stops_nobodys_mail(
    mailbox: Mailbox, outside: Outside, taken_in: list[tuple[RawMail, ParsedMail]]
) -> None:
    queue(letter=letter())
    outbox.send_due()
    about_ben = BOUNCE.replace("carla@example.org", "ben@example.org").encode()
    accept(raw=about_ben, source="smtp", envelope_to=outside.senders)
    accept(raw=BOUNCE.replace("<reply-1@desk.example>", "<guessed@desk.example>").encode(), source="smtp")
    turn_waiting()
    assert not Suppression.objects.exists()


def test_a_server_that_knows_nobody_of_that_name_is_believed_at_once(outside: Outside) -> None:
    outside.refused = {"carla@example.org": "550 5.1.1 no such user"}
    mail = notice()
    outbox.send_due()
    mail.refresh_from_db()
    assert mail.error.startswith("carla@example.org did not get it. There is no such address.")
    assert Suppression.objects.get().everything


def test_a_person_may_write_to_whom_no_notice_goes(outside: Outside) -> None:
    suppress(address="Carla@Example.org", reason=Reason.BOUNCED, everything=True)
    assert set(queries.suppressed(["CARLA@example.org", "ben@example.org"])) == {"carla@example.org"}
    queue(letter=letter())
    outbox.send_due()
    assert len(outside.received) == 1


def test_lifting_is_for_the_address_topic_and_reason_that_is_named() -> None:
    suppress(address="carla@example.org", reason=Reason.AGENT, topic="news")
    suppress(address="carla@example.org", reason=Reason.UNSUBSCRIBED, topic="surveys")
    assert lift(address="CARLA@example.org", topic="news") == 1
    assert set(queries.suppressed(["carla@example.org"], "news")) == set()
    assert set(queries.suppressed(["carla@example.org"], "surveys")) == {"carla@example.org"}
    assert lift(address="carla@example.org") == 1


def test_a_notice_that_comes_to_a_goodword_is_known_as_one(program: Client) -> None:
    assert parse(bytes(notice().raw)).auto == AutoKind.AUTO_REPLY


def test_the_link_holds_for_the_address_as_it_was_written(program: Client, settings: Any) -> None:
    mail = notice(to="Carla@Example.org")
    program.post(link(mail), {"List-Unsubscribe": "One-Click"})
    assert notice("after", to="carla@example.ORG").state == State.WITHDRAWN
