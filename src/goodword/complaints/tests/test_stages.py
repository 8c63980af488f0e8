"""The stages of a complaint, their clocks and the promises behind them."""

from datetime import UTC, datetime, timedelta

import pytest

from goodword.complaints import actions, furnishing, watching
from goodword.complaints.errors import ComplaintError
from goodword.complaints.models import Complaint, StageKey, StageRecord
from goodword.events.models import Event
from goodword.promises.models import Promise
from goodword.staff.models import Holiday, Shift

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@pytest.fixture
def office_hours(settings):
    """Monday to Friday, nine to five."""
    settings.TIME_ZONE = "UTC"
    for day in range(5):
        Shift.objects.create(weekday=day, opens="09:00", closes="17:00")


def open_at(place, owner, at):
    return actions.open_complaint(conversation=place, agent=owner, what_happened="It broke.", at=at)


def test_the_clock_of_a_stage_runs_over_working_hours(office_hours, place, owner):
    Holiday.objects.create(day="2026-11-23", name="Day off")
    record = open_at(place, owner, FRIDAY).stage_records.get()
    # Eight hours: two on Friday, none at the weekend and on the holiday, six on Tuesday.
    assert record.due_at == datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    assert record.warn_at == datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


def test_a_stage_may_count_every_hour(office_hours, place, owner):
    complaint = open_at(place, owner, FRIDAY)
    actions.move(complaint=complaint, agent=owner, to="proposed", at=FRIDAY)
    assert StageRecord.objects.get(left_at=None).due_at == FRIDAY + timedelta(hours=336)


def test_going_on_ends_the_clock_and_keeps_the_promise(complaint, owner):
    actions.acknowledge(complaint=complaint, agent=owner)
    first, second = complaint.stage_records.order_by("id")
    assert first.left_at is not None
    assert first.promise.state == Promise.State.KEPT
    assert (second.stage, second.promise.state) == (StageKey.ACKNOWLEDGED, Promise.State.OPEN)


def test_going_back_withdraws_the_promise(complaint, owner):
    actions.move(complaint=complaint, agent=owner, to="investigating")
    actions.move(complaint=complaint, agent=owner, to="acknowledged")
    states = list(complaint.stage_records.order_by("id").values_list("stage", "promise__state"))
    assert states == [("received", "kept"), ("investigating", "withdrawn"), ("acknowledged", "open")]


def test_done_twice_is_done_once_and_never_goes_back(complaint, owner):
    actions.investigate(complaint=complaint, agent=owner)
    actions.investigate(complaint=complaint, agent=owner)
    actions.acknowledge(complaint=complaint, agent=owner)
    assert complaint.stage_records.count() == 2
    assert Complaint.objects.get().stage == StageKey.INVESTIGATING


def test_an_unknown_stage_is_refused(complaint, owner):
    with pytest.raises(ComplaintError, match="no stage 'heaven'"):
        actions.move(complaint=complaint, agent=owner, to="heaven")


def test_warned_before_and_told_late_exactly_once(complaint):
    record = complaint.stage_records.get()
    assert watching.watch(record.warn_at - timedelta(seconds=1)) == 0
    assert watching.watch(record.warn_at) == 1
    assert watching.watch(record.warn_at + timedelta(minutes=1)) == 0
    assert watching.watch(record.due_at) == 1
    assert watching.watch(record.due_at + timedelta(days=3)) == 0
    kinds = ["complaint.due_soon", "complaint.breached"]
    assert list(Event.objects.filter(kind__in=kinds).order_by("id").values_list("kind", flat=True)) == kinds


def test_who_comes_too_late_to_warn_tells_of_the_breach_alone(complaint):
    record = complaint.stage_records.get()
    assert watching.watch(record.due_at + timedelta(days=1)) == 1
    assert not Event.objects.filter(kind="complaint.due_soon").exists()


def test_a_stage_that_was_left_in_time_is_never_late(complaint, owner):
    due_at = complaint.stage_records.get().due_at
    actions.move(complaint=complaint, agent=owner, to="closed")
    assert watching.watch(due_at + timedelta(days=1)) == 0


def test_a_stage_left_late_between_two_looks_is_told_late_with_the_move_and_once(complaint, owner):
    record = complaint.stage_records.get()
    late = record.due_at + timedelta(seconds=1)
    for _twice in range(2):
        actions.acknowledge(complaint=complaint, agent=owner, at=late)
    record.refresh_from_db()
    assert (record.breached_at, record.left_at) == (late, late)
    assert watching.watch(late) == 0
    told = Event.objects.get(kind="complaint.breached")
    assert (told.data["stage"], told.data["due_at"]) == ("received", record.due_at.isoformat())


def test_a_closed_complaint_is_reopened_with_one_click(complaint, owner):
    actions.close(complaint=complaint, agent=owner)
    with pytest.raises(ComplaintError, match="Reopen it"):
        actions.move(complaint=complaint, agent=owner, to="agreed")
    actions.reopen(complaint=complaint, agent=owner, words="It leaks again.")
    actions.reopen(complaint=complaint, agent=owner, words="It leaks again.")
    found = Complaint.objects.get()
    assert (found.stage, found.closed_at) == (StageKey.INVESTIGATING, None)
    assert found.reopenings.get().words == "It leaks again."


def test_a_procedure_without_a_stage_passes_it_over(complaint, owner):
    complaint.procedure.stages.filter(key="acknowledged").delete()
    actions.acknowledge(complaint=complaint, agent=owner)
    assert Complaint.objects.get().stage == StageKey.RECEIVED


def test_the_final_response_has_a_clock_of_weeks(place, owner):
    finance = furnishing.from_preset("finance")
    finance.team = place.mailbox.teams.get()
    finance.save()
    complaint = open_at(place, owner, FRIDAY)
    assert complaint.final_due_at == FRIDAY + timedelta(days=56)
    StageRecord.objects.update(due_at=None, warn_at=None)
    assert watching.watch(FRIDAY + timedelta(days=50)) == 1
    assert watching.watch(FRIDAY + timedelta(days=57)) == 1
    assert watching.watch(FRIDAY + timedelta(days=58)) == 0
    assert Event.objects.filter(kind="complaint.final_breached").count() == 1


def test_a_final_response_that_was_given_is_never_late(place, owner):
    finance = furnishing.from_preset("finance")
    finance.team = place.mailbox.teams.get()
    finance.save()
    complaint = open_at(place, owner, FRIDAY)
    actions.move(complaint=complaint, agent=owner, to="proposed", at=FRIDAY + timedelta(days=3))
    StageRecord.objects.update(due_at=None, warn_at=None)
    assert Complaint.objects.get().final_response_at == FRIDAY + timedelta(days=3)
    assert watching.watch(FRIDAY + timedelta(days=70)) == 0


def test_a_final_response_given_late_between_two_looks_is_told_late(place, owner):
    finance = furnishing.from_preset("finance")
    finance.team = place.mailbox.teams.get()
    finance.save()
    complaint = open_at(place, owner, FRIDAY)
    late = complaint.final_due_at + timedelta(seconds=1)
    actions.move(complaint=complaint, agent=owner, to="proposed", at=late)
    complaint.refresh_from_db()
    assert (complaint.final_breached_at, complaint.final_response_at) == (late, late)
    watching.watch(late)
    assert Event.objects.filter(kind="complaint.final_breached").count() == 1


@pytest.mark.parametrize("preset", furnishing.presets())
def test_every_preset_leads_from_received_to_closed(preset):
    procedure = furnishing.from_preset(preset)
    keys = [stage.key for stage in procedure.stages.all()]
    assert keys == list(StageKey.values)
