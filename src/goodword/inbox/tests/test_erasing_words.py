"""Erased words are gone from every table; what happened, when and by whom is still there."""

from collections.abc import Iterator

import pytest
from django.db import connection
from psycopg import sql

from goodword.coaching import actions as coaching
from goodword.coaching.models import Dispute, Override
from goodword.events.models import Event
from goodword.inbox import actions, clocks
from goodword.inbox.actions import NewCall, NewOverride
from goodword.inbox.errors import NotPossible, PromisesHold
from goodword.inbox.models import Attachment, Call, Conversation, Draft, Message, ServiceClock
from goodword.mail import actions as mail
from goodword.mail import outbox
from goodword.mail.models import Blob, Delivery, OutgoingMail, RawMail
from goodword.promises import actions as promises
from goodword.promises.actions import Evidence, NewPromise
from goodword.promises.models import Promise

from .test_intake import answer_to, receive, written
from .test_removing import deliver, with_file

pytestmark = pytest.mark.django_db
MARK = "quetzal"
SENDER = f"{MARK}@example.org"
REFUND = NewPromise(
    what=f"refund the {MARK}",
    quote=f"We refund the {MARK}.",
    due_at=None,
    whole_day=False,
    due_text=f"{MARK} day",
)


def columns() -> Iterator[tuple[str, str]]:
    """Every column of every table that can hold words."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND data_type IN ('text', 'character varying', 'json', 'jsonb', 'bytea', 'tsvector', 'ARRAY')"
        )
        yield from cursor.fetchall()


def holding(mark: str) -> list[str]:
    """Where the mark stands, as 'table.column'."""
    found = []
    with connection.cursor() as cursor:
        for table, column in columns():
            shown = sql.SQL(
                "SELECT count(*) FROM {table} WHERE position({mark} in lower({column}::text)) > 0 "
                "OR position({coded} in {column}::text) > 0"
            ).format(
                table=sql.Identifier(table),
                column=sql.Identifier(column),
                mark=sql.Literal(mark),
                coded=sql.Literal(mark.encode().hex()),
            )
            cursor.execute(shown.as_bytes())
            if cursor.fetchone()[0]:
                found.append(f"{table}.{column}")
    return sorted(found)


def story(owner, lead, settings) -> Conversation:
    """A conversation in which everything that can hold words holds the mark."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    asked = actions.NewLevel(name="All", conditions={}, first_reply=60, next_reply=60, resolution=600)
    actions.save_level(by=lead, given=asked)
    letter = written(subject=f"My {MARK}", text=f"Where is my {MARK}? I am furious!", sender=SENDER)
    place = receive(with_file(letter, f"a picture of a {MARK}".encode())).conversation
    actions.assign(conversation=place, agent=owner, to=owner)
    actions.add_tag(conversation=place, agent=owner, name="birds")
    coaching.dispute(agent=owner, rule="en.some", quote=f"a {MARK}", reason=MARK, conversation_id=place.pk)
    over = NewOverride(rule="en.other", quote=f"the {MARK}", reason=f"{MARK} wanted it")
    reply = actions.reply(
        conversation=place,
        agent=owner,
        markdown=f"We look for the {MARK}.",
        promises=[REFUND],
        overrides=[over],
        undo_seconds=0,
    )
    outbox.send_due()
    receive(answer_to(reply, text=f"The {MARK}, please.", sender=SENDER))
    actions.note(conversation=place, agent=owner, markdown=f"@lena where is the {MARK}?")
    actions.escalate(conversation=place, agent=owner, reason=f"A {MARK} is missing")
    actions.end_escalation(conversation=place, agent=lead, decision=f"Send another {MARK}")
    call = NewCall(
        direction="incoming", said=f"Spoke of the {MARK}", phone=MARK, tone="angry", reference=MARK
    )
    actions.log_call(conversation=place, agent=owner, call=call)
    actions.save_draft(conversation=place, agent=lead, kind="reply", markdown=MARK, text=MARK, revision=1)
    promises.keep(
        promise=Promise.objects.get(),
        agent=owner,
        note=f"The {MARK} flew",
        evidence=Evidence(kind="link", text=f"https://example.org/{MARK}"),
    )
    actions.close(conversation=place, agent=owner)
    return Conversation.objects.get(pk=place.pk)


@pytest.fixture
def place(mailbox, owner, lead, settings) -> Conversation:
    """The closed conversation of the story."""
    return story(owner, lead, settings)


def forget_customers_own() -> None:
    """Who the customer is stays with their record, which is not a word of the conversation."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM customers_customeraddress; UPDATE customers_customer SET name = 'Carla'")


def test_no_table_holds_a_word_of_it(place):
    assert len(holding(MARK)) > 20
    actions.erase_words(conversation_ids=[place.pk])
    forget_customers_own()
    assert holding(MARK) == []


def test_what_happened_is_still_there(place, owner):
    before = {
        "kinds": list(Message.objects.order_by("pk").values_list("pk", "kind", "at", "agent_id")),
        "told": list(Event.objects.order_by("pk").values_list("pk", "kind", "at", "agent_id")),
        "clocks": list(ServiceClock.objects.order_by("pk").values_list()),
        "promises": list(Promise.objects.values_list("pk", "state", "due_at", "owner_id")),
    }
    done = actions.erase_words(conversation_ids=[place.pk])
    assert (done.conversations, done.files, done.mails, done.promises) == (1, 1, 3, 1)
    after = {
        "kinds": list(Message.objects.order_by("pk").values_list("pk", "kind", "at", "agent_id")),
        "told": list(Event.objects.order_by("pk").values_list("pk", "kind", "at", "agent_id")),
        "clocks": list(ServiceClock.objects.order_by("pk").values_list()),
        "promises": list(Promise.objects.values_list("pk", "state", "due_at", "owner_id")),
    }
    assert before == after
    place.refresh_from_db()
    assert (place.subject, place.state, place.assignee) == ("", "closed", owner)
    assert place.words_erased_at is not None
    assert list(place.tags.values_list("name", flat=True)) == ["birds"]
    assert Event.objects.get(kind="conversation.tagged").data["tag"] == "birds"
    call = Call.objects.get()
    assert (call.tone, call.direction, call.message.reading["feeling"]) == ("angry", "incoming", "angry")


def test_files_drafts_and_mails_are_gone(place):
    actions.erase_words(conversation_ids=[place.pk])
    for model in (Attachment, Blob, Draft, RawMail, OutgoingMail):
        assert not model.objects.exists(), model


def test_rules_keep_their_numbers(place):
    actions.erase_words(conversation_ids=[place.pk])
    assert (Dispute.objects.get().quote, Override.objects.get().rule) == ("…", "en.other")


def test_service_clocks_come_out_the_same_when_computed_anew(place):
    held = list(ServiceClock.objects.order_by("pk").values_list())
    actions.erase_words(conversation_ids=[place.pk])
    assert list(clocks.recompute([place.pk])) == []
    assert held
    assert list(ServiceClock.objects.order_by("pk").values_list()) == held


def test_delivering_everything_again_brings_no_word_back(place):
    mails = [bytes(row.raw) for row in RawMail.objects.all()]
    mails += [bytes(row.raw) for row in OutgoingMail.objects.all()]
    actions.erase_words(conversation_ids=[place.pk])
    count = Message.objects.count()
    for raw in mails:
        assert deliver(raw).outcome == Delivery.Outcome.REMOVED
    call = NewCall(direction="incoming", said=f"Spoke of the {MARK}", reference=MARK)
    actions.log_call(conversation=place, agent=None, call=call)
    assert Message.objects.count() == count


def test_done_again_it_changes_nothing(place):
    actions.erase_words(conversation_ids=[place.pk])
    told = list(Event.objects.order_by("pk").values_list("pk", "data"))
    done = actions.erase_words(conversation_ids=[place.pk])
    assert (done.files, done.mails) == (0, 0)
    assert list(Event.objects.order_by("pk").values_list("pk", "data")) == told


def test_what_was_merged_into_it_goes_along(place, owner):
    other = receive(written(text=f"And another {MARK}")).conversation
    actions.merge(source=other, target=place, agent=owner)
    actions.erase_words(conversation_ids=[place.pk])
    forget_customers_own()
    assert holding(MARK) == []


def test_another_conversation_keeps_every_word(place):
    other = receive(with_file(written(text="Where is my lamp?"), b"a lamp"))
    actions.erase_words(conversation_ids=[place.pk])
    other.refresh_from_db()
    assert "lamp" in other.text
    assert other.attachments.count() == 1
    assert RawMail.objects.count() == 1


def test_an_open_promise_keeps_the_words(place, owner):
    actions.add_promise(conversation=place, agent=owner, promise=REFUND)
    with pytest.raises(PromisesHold):
        actions.erase_words(conversation_ids=[place.pk])
    assert Message.objects.exclude(text="").exists()


def test_a_reply_on_its_way_keeps_the_words(place, owner):
    actions.reply(conversation=place, agent=owner, markdown="Once more.")
    OutgoingMail.objects.filter(state="queued").update(state="sending")
    with pytest.raises(NotPossible):
        actions.erase_words(conversation_ids=[place.pk])
    assert Message.objects.exclude(text="").exists()


def test_a_file_that_is_used_elsewhere_stays(place):
    data = bytes(Blob.objects.get().data)
    other = receive(with_file(written(text="Where is my lamp?"), data))
    actions.erase_words(conversation_ids=[place.pk])
    assert bytes(other.attachments.get().blob.data) == data
    assert mail.drop_files([other.attachments.get().blob_id]) == 0
