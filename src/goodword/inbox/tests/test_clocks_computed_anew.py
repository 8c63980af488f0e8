"""Whatever happens to conversations, and in whatever order: their clocks are what the event log says."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodword.events.models import Event
from goodword.inbox import actions, clocks, delivery
from goodword.inbox.actions import NewLevel
from goodword.inbox.errors import NotPossible
from goodword.inbox.models import Conversation, Merge, Message, ServiceLevel
from goodword.mail.models import OutgoingMail
from goodword.staff.models import Shift

MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
States = OutgoingMail.State

VERBS = st.sampled_from(
    [
        "hear",
        "reply",
        "reply_and_close",
        "reply_later",
        "fail",
        "lose_sight",
        "arrive",
        "undo",
        "close",
        "reopen",
        "snooze",
        "urgent",
        "normal",
        "tag",
        "untag",
        "merge",
        "unmerge",
        "edit_level",
        "edit_hours",
        "watch",
    ]
)
STEPS = st.lists(
    st.tuples(VERBS, st.integers(0, 1), st.sampled_from([0, 1, 7, 31, 95, 600, 3000])), max_size=14
)


class House:
    """Two conversations, and everything that can be done to them."""

    def __init__(self, places, agent, lead):
        self.places, self.agent, self.lead = places, agent, lead

    def do(self, verb, which):
        try:
            with transaction.atomic():
                getattr(self, f"_{verb}")(Conversation.objects.get(pk=self.places[which].pk))
        except NotPossible:
            pass

    def _hear(self, place):
        actions.hear(conversation=place, text="And now?")

    def _reply(self, place):
        actions.reply(conversation=place, agent=self.agent, markdown="Soon.")

    def _reply_and_close(self, place):
        actions.reply(conversation=place, agent=self.agent, markdown="Done.", close=True)

    def _reply_later(self, place):
        later = datetime.now(UTC) + timedelta(hours=20)
        actions.reply(conversation=place, agent=self.agent, markdown="Later.", send_at=later)

    def _fail(self, place):
        self._becomes(place, States.FAILED)

    def _lose_sight(self, place):
        self._becomes(place, States.UNKNOWN)

    def _arrive(self, place):
        self._becomes(place, States.SENT)

    def _becomes(self, place, state):
        message = self._last_reply(place)
        if message is not None:
            message.outgoing.state = state
            message.outgoing.save(update_fields=["state"])
            delivery.outgoing_changed(message.outgoing)

    def _last_reply(self, place):
        return Message.objects.filter(conversation=place, kind="reply").order_by("-id").first()

    def _undo(self, place):
        message = self._last_reply(place)
        if message is not None:
            actions.undo_reply(message=message, agent=self.agent)

    def _close(self, place):
        actions.close(conversation=place, agent=self.agent)

    def _reopen(self, place):
        actions.reopen(conversation=place, agent=self.agent)

    def _snooze(self, place):
        until = datetime.now(UTC) + timedelta(days=1)
        actions.snooze(conversation=place, agent=self.agent, until=until)

    def _urgent(self, place):
        actions.prioritise(conversation=place, agent=self.agent, priority="urgent")

    def _normal(self, place):
        actions.prioritise(conversation=place, agent=self.agent, priority="normal")

    def _tag(self, place):
        actions.add_tag(conversation=place, agent=self.agent, name="calm")

    def _untag(self, place):
        actions.remove_tag(conversation=place, agent=self.agent, name="calm")

    def _merge(self, place):
        other = next(one for one in self.places if one.pk != place.pk)
        actions.merge(source=place, target=other, agent=self.agent)

    def _unmerge(self, place):
        made = Merge.objects.filter(source=place, undone_at=None).order_by("-id").first()
        if made is not None:
            actions.undo_merge(merge=made, agent=self.agent)

    def _edit_level(self, place):
        level = ServiceLevel.objects.get(name="All")
        asked = 40 if level.first_reply != 40 else 90
        given = NewLevel(name="All", first_reply=asked, next_reply=asked * 2, resolution=asked * 8)
        actions.save_level(by=self.lead, level=level, given=given)
        clocks.refit()

    def _edit_hours(self, place):
        shift = Shift.objects.filter(weekday=0).get()
        shift.opens = "08:00" if str(shift.opens) != "08:00:00" else "11:00"
        shift.save()
        clocks.forget()
        clocks.refit_outdated()

    def _watch(self, place):
        clocks.watch()


@pytest.fixture
def levels(lead, db):
    """One level for what is urgent, one for what is tagged, one for the rest; over working hours."""
    for day in range(7):
        Shift.objects.create(weekday=day, opens="08:00", closes="18:00")
    urgent = {"all": [{"field": "priority", "is": ["urgent"]}]}
    calm = {"all": [{"field": "tags", "is": ["calm"]}]}
    actions.save_level(
        by=lead, given=NewLevel(name="Urgent", conditions=urgent, first_reply=20, resolution=240)
    )
    actions.save_level(
        by=lead, given=NewLevel(name="Calm", conditions=calm, next_reply=900, working_hours=False)
    )
    actions.save_level(by=lead, given=NewLevel(name="All", first_reply=60, next_reply=120, resolution=480))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_what_is_stored_is_what_the_log_says(steps, levels, customer, mailbox, team, owner, lead):
    with time_machine.travel(MONDAY, tick=False) as now:
        places = [
            actions.open_conversation(customer=customer, subject="A lamp", text="Broken.", mailbox=mailbox)
            for _each in range(2)
        ]
        house = House(places, owner, lead)
        for verb, which, minutes in steps:
            now.shift(timedelta(minutes=minutes))
            house.do(verb, which)
            assert list(clocks.recompute([place.pk for place in places], write=False)) == []
        told = [
            (event.conversation_id, event.kind, event.data["started"], event.data["clock"], event.data["due"])
            for event in Event.objects.filter(
                kind__in=("service.warned", "service.breached"), conversation_id__in=[p.pk for p in places]
            )
        ]
        assert len(told) == len(set(told))
