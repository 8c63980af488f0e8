"""Two houses that answer by themselves, each with tables, intake and rules of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from goodword.customers.actions import customer_of
from goodword.inbox import actions as inbox
from goodword.inbox import clocks
from goodword.inbox.clocks import agreed
from goodword.inbox.models import Conversation, Message, SavedReply
from goodword.mail import actions as mail
from goodword.mail.intake import turn_waiting
from goodword.mail.models import Mailbox, OutgoingMail
from goodword.staff.models import Agent
from goodword.workflows import actions, running

from .conftest import Make

pytestmark = pytest.mark.django_db(transaction=True)

TWO = "help@two.example"
ROUNDS = 8


@contextmanager
def the_other() -> Iterator[None]:
    """Be the house next door: the same database, with tables of its own."""
    with connection.cursor() as cursor:
        cursor.execute("SET search_path TO next_door, public")
    clocks.forget()
    agreed.forget()
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET search_path")
        clocks.forget()
        agreed.forget()


@pytest.fixture
def next_door(db: None) -> Iterator[Agent]:
    """A second house with its mailbox and its lead."""
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA next_door")
        for name in tables:
            cursor.execute(f'CREATE TABLE next_door."{name}" (LIKE public."{name}" INCLUDING ALL)')
    with the_other():
        Mailbox.objects.create(address=TWO, name="Help")
        lead = Agent.objects.create_user("lin@two.example", "lin-password", name="Lin", role=Agent.Role.LEAD)
    yield lead
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA next_door CASCADE")


def answer_everything(lead: Agent, event: str = "message.received") -> None:
    saved = SavedReply.objects.create(name="Got it", markdown="We have your mail and will look into it.")
    rule = actions.NewRule(name="Answer", event=event, actions=[{"do": "send", "saved_reply": saved.pk}])
    actions.keep_rule(by=lead, given=rule)


def carried() -> list[tuple[str, list[str], bytes]]:
    """The mails of this house that are ready to leave, taken out of its outbox."""
    ready = OutgoingMail.objects.filter(state=OutgoingMail.State.QUEUED).order_by("id")
    taken = [(one.sender, list(one.recipients), bytes(one.raw)) for one in ready]
    ready.update(state=OutgoingMail.State.SENT)
    return taken


def work() -> list[tuple[str, list[str], bytes]]:
    """Do what there is to do in this house; gives what leaves it."""
    turn_waiting()
    running.run_events()
    return carried()


def take_in(mails: list[tuple[str, list[str], bytes]]) -> None:
    for sender, recipients, raw in mails:
        mail.accept(raw=raw, source="smtp", envelope_from=sender, envelope_to=recipients, nudged=False)


def go_on() -> list[bytes]:
    """Let both houses work until nothing moves any more; gives every mail that went between them."""
    went: list[bytes] = []
    for _number in range(ROUNDS):
        here = work()
        with the_other():
            take_in(here)
            there = work()
        take_in(there)
        went += [raw for _sender, _recipients, raw in (*here, *there)]
        if not here and not there:
            break
    return went


@pytest.fixture
def place(next_door: Agent, lead: Agent, mailbox: Mailbox) -> Conversation:
    """The first house's conversation with the second; both answer by a rule whatever comes to them."""
    them = customer_of(address=TWO, name="House Two")
    made = inbox.open_conversation(customer=them, subject="Bulbs", text="Any bulbs?", mailbox=mailbox)
    answer_everything(lead)
    with the_other():
        answer_everything(next_door)
    return made


def kinds(place: Conversation) -> list[str]:
    return list(place.messages.order_by("id").values_list("kind", flat=True))


def test_two_houses_that_answer_each_other_stop_after_two_mails(place: Conversation, owner: Agent) -> None:
    inbox.reply(conversation=place, agent=owner, markdown="Yes, do you want ten?", undo_seconds=0)
    went = go_on()
    assert len(went) == 2
    assert b"Auto-Submitted" not in went[0]  # a person's
    assert b"Auto-Submitted: auto-replied\r\n" in went[1]
    assert b"X-Auto-Response-Suppress: " in went[1]
    assert kinds(place) == ["customer", "reply", "automatic"]


def test_what_a_house_writes_of_itself_gets_no_answer_at_all(place: Conversation) -> None:
    inbox.confirm(conversation=place, markdown="We have it and look into it.")
    went = go_on()
    assert len(went) == 1
    assert b"Auto-Submitted: auto-" in went[0]
    with the_other():
        assert list(Message.objects.values_list("kind", flat=True)) == ["automatic"]


def test_a_reminder_to_who_is_silent_gets_no_answer_either(
    place: Conversation, owner: Agent, make: Make
) -> None:
    saved = SavedReply.objects.get()
    make({"do": "send", "saved_reply": saved.pk}, state="answered", hours=48)
    inbox.reply(conversation=place, agent=owner, markdown="Yes, do you want ten?", undo_seconds=0)
    go_on()
    assert running.run_lasting(timezone.now() + timedelta(hours=49)) == 1
    assert len(go_on()) == 1
