"""Whatever had happened in two conversations: merged and apart again, both stand as before."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodword.inbox import actions, escalations
from goodword.inbox.actions import NewCall, NewLevel
from goodword.inbox.errors import NotPossible
from goodword.inbox.models import (
    Assignment,
    Closure,
    Conversation,
    ConversationPromise,
    ConversationTag,
    Draft,
    Escalation,
    Handover,
    Merge,
    Message,
    Participant,
    ServiceClock,
    Snooze,
)
from goodword.promises.actions import NewPromise

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HANGING_ON = (
    Assignment,
    Closure,
    ConversationPromise,
    ConversationTag,
    Draft,
    Escalation,
    Handover,
    Message,
    Participant,
    Snooze,
)
VERBS = (
    "answer",
    "assign",
    "call",
    "close",
    "decide",
    "draft",
    "escalate",
    "german",
    "hand_over",
    "leave",
    "note",
    "promise",
    "reopen",
    "snooze",
    "tag",
    "write",
)
STEPS = st.lists(
    st.tuples(st.sampled_from(VERBS), st.sampled_from([0, 1]), st.integers(0, 400)), min_size=1, max_size=9
)


class Office:
    """Two conversations and what people do in them."""

    def __init__(self, places, owner, mate):
        self.places, self.owner, self.mate = places, owner, mate

    def do(self, verb, which):
        place = Conversation.objects.get(pk=self.places[which].pk)
        with transaction.atomic():
            try:
                getattr(self, verb)(place)
            except NotPossible:
                return

    def answer(self, place):
        actions.reply(
            conversation=place, agent=self.owner, markdown="We look into it.", cc=["dan@example.org"]
        )

    def assign(self, place):
        actions.assign(conversation=place, agent=self.owner, to=self.mate)

    def call(self, place):
        said = NewCall(direction="incoming", said="They rang again.", tone="upset")
        actions.log_call(conversation=place, agent=self.owner, call=said)

    def close(self, place):
        actions.close(conversation=place, agent=self.owner, leave_promises=True)

    def decide(self, place):
        actions.end_escalation(conversation=place, agent=self.owner, decision="Give it.")

    def draft(self, place):
        actions.save_draft(conversation=place, agent=self.owner, kind="reply", markdown="Dear")

    def escalate(self, place):
        actions.escalate(conversation=place, agent=self.owner, reason=f"Number {Escalation.objects.count()}")

    def german(self, place):
        actions.hear(conversation=place, text="Die Lampe ist kaputt und ich bin sehr enttäuscht von Ihnen.")

    def hand_over(self, place):
        to = self.mate if place.assignee_id != self.mate.pk else self.owner
        words = f"Summary {Handover.objects.count()}"
        actions.hand_over(conversation=place, agent=self.owner, to=to, summary=words)

    def leave(self, place):
        type(self.mate).objects.filter(pk=self.mate.pk).update(is_active=False)

    def note(self, place):
        actions.note(conversation=place, agent=self.owner, markdown="Odd.")

    def promise(self, place):
        promise = NewPromise(what="Call back", quote="", due_at=None, whole_day=False, due_text="")
        actions.add_promise(conversation=place, agent=self.owner, promise=promise)

    def reopen(self, place):
        actions.reopen(conversation=place, agent=self.owner)

    def snooze(self, place):
        until = datetime.now(UTC) + timedelta(days=1)
        actions.snooze(conversation=place, agent=self.owner, until=until)

    def tag(self, place):
        actions.add_tag(conversation=place, agent=self.owner, name="lamp")

    def write(self, place):
        actions.hear(conversation=place, text="Hello? Is there any news of my lamp?")


def everything():
    """All that a merge may touch, without the revision of a conversation, which only grows."""
    kept = {model.__name__: list(model.objects.order_by("pk").values()) for model in HANGING_ON}
    for row in kept["Message"]:
        del row["search"]
    places = [
        {name: value for name, value in row.items() if name != "revision"}
        for row in Conversation.objects.order_by("pk").values()
    ]
    # One that had ended may have run while both were one: it ended when they were parted.
    clocks = ServiceClock.objects.filter(ended_at=None).order_by("conversation", "kind", "started_at")
    running = list(clocks.values("conversation", "kind", "started_at", "due_at"))
    return kept | {"Conversation": places, "ServiceClock": running}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, into=st.sampled_from([0, 1]))
def test_merged_and_undone_is_as_before(steps, into, customer, mailbox, team, owner, team_mate, lead):
    with transaction.atomic():
        with time_machine.travel(MONDAY, tick=False) as now:
            actions.save_level(
                by=lead, given=NewLevel(name="All", first_reply=60, next_reply=120, resolution=480)
            )
            places = [
                actions.open_conversation(
                    customer=customer, subject="A lamp", text="Broken.", mailbox=mailbox
                )
                for _each in range(2)
            ]
            office = Office(places, owner, team_mate)
            for verb, which, minutes in steps:
                now.shift(timedelta(minutes=minutes))
                office.do(verb, which)
            now.shift(timedelta(minutes=5))
            before = everything()
            merge = actions.merge(source=places[1 - into], target=places[into], agent=owner)
            actions.undo_merge(merge=merge, agent=owner)
            assert everything() == before
        transaction.set_rollback(True)


def test_an_escalation_goes_along_and_is_decided_where_it_went(conversation, other, owner, lead):
    actions.escalate(conversation=conversation, agent=owner, reason="She wants 400 back.")
    merge = actions.merge(source=conversation, target=other, agent=owner)
    assert [one.conversation for one in escalations.waiting_for(lead)] == [other]
    actions.end_escalation(conversation=other, agent=lead, decision="Give it.")
    assert not escalations.waiting_for(lead).exists()
    actions.undo_merge(merge=merge, agent=owner)
    for place in (conversation, other):
        place.refresh_from_db()
    assert (conversation.escalation_level, other.escalation_level) == (0, 0)
    assert conversation.escalations.get().decision == "Give it."


def test_what_went_up_after_the_merge_stays_up_there_alone(conversation, other, owner, lead):
    merge = actions.merge(source=conversation, target=other, agent=owner)
    actions.escalate(conversation=other, agent=owner, reason="Now it is too much.")
    actions.undo_merge(merge=merge, agent=owner)
    for place in (conversation, other):
        place.refresh_from_db()
    assert (conversation.escalation_level, other.escalation_level) == (0, 1)


def test_hand_overs_count_on_and_go_back_with_their_conversation(conversation, other, owner, team_mate):
    first = actions.hand_over(conversation=conversation, agent=owner, to=team_mate, summary="A lamp.")
    merge = actions.merge(source=conversation, target=other, agent=owner)
    later = actions.hand_over(conversation=other, agent=owner, to=team_mate, summary="Two lamps.")
    assert other.handovers.count() == 2
    actions.undo_merge(merge=merge, agent=owner)
    assert list(conversation.handovers.all()) == [first]
    assert list(other.handovers.all()) == [later]


def test_the_language_of_the_other_does_not_stay(conversation, other, owner):
    said = conversation.messages.get()
    merge = None
    Conversation.objects.filter(pk=conversation.pk).update(language="de")
    Message.objects.filter(pk=said.pk).update(reading={"language": "de"}, at=said.at + timedelta(days=1))
    for touched in (False, True):
        merge = actions.merge(source=conversation, target=other, agent=owner)
        other.refresh_from_db()
        assert other.language == "de"
        if touched:
            actions.note(conversation=other, agent=owner, markdown="Later.")
        actions.undo_merge(merge=merge, agent=owner)
        other.refresh_from_db()
        assert other.language == "en"
    assert Merge.objects.filter(undone_at=None).count() == 0
