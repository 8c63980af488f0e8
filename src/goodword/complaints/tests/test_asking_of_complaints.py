"""What pages ask: the list, the case with its next step, recurring causes, the register."""

from datetime import timedelta

import pytest
from django.utils import timezone

from goodword.complaints import actions, queries
from goodword.complaints.models import Cause, Complaint, StageRecord
from goodword.complaints.queries import Filters
from goodword.inbox import actions as inbox
from goodword.inbox.models import Message

pytestmark = pytest.mark.django_db


def make(place, agent, at, **more):
    """A complaint of its own conversation, opened at that moment."""
    other = inbox.open_conversation(
        customer=place.customer, subject="Again", text="It broke.", mailbox=place.mailbox
    )
    return actions.open_complaint(
        conversation=other, agent=agent, what_happened=f"It broke at {at}.", at=at, **more
    )


def test_the_list_shows_what_fits_and_nothing_hidden(complaint, owner, stranger, lead):
    assert [row.number for row in queries.page(owner, Filters()).rows] == [complaint.number]
    assert queries.page(stranger, Filters()).rows == []
    for fits in (
        Filters(state="open"),
        Filters(owner=owner),
        Filters(stage="received"),
        Filters(severity="minor"),
        Filters(kind="faulty"),
        Filters(words="kettle CARLA"),
        Filters(words="ket-4711"),
        Filters(since=timezone.localdate(), until=timezone.localdate()),
    ):
        assert len(queries.page(owner, fits).rows) == 1, fits
    for misses in (
        Filters(state="closed"),
        Filters(state="late"),
        Filters(owner=lead),
        Filters(fault="ours"),
        Filters(words="sofa"),
        Filters(until=timezone.localdate() - timedelta(days=2)),
    ):
        assert queries.page(owner, misses).rows == [], misses
    row = queries.page(owner, Filters()).rows[0]
    assert (row.stage_name, row.stage_due_at) == ("Received", complaint.stage_records.get().due_at)


def test_the_list_counts_what_is_late(complaint, owner):
    assert queries.counts(owner) == queries.Counts(open=1, late=0, mine=1)
    StageRecord.objects.update(due_at=timezone.now() - timedelta(hours=1))
    assert queries.counts(owner).late == 1
    assert len(queries.page(owner, Filters(state="late")).rows) == 1
    assert list(queries.late_for(owner)) == [complaint]


def test_a_long_list_goes_on_where_it_stopped(place, complaint, owner):
    second = make(place, owner, timezone.now())
    first_page = queries.page(owner, Filters(), limit=1)
    assert list(first_page.rows) == [second]
    assert list(queries.page(owner, Filters(), before=first_page.before, limit=1).rows) == [complaint]


def test_the_case_tells_what_comes_next(complaint, owner, team_mate):
    def next_key():
        return queries.case(owner, complaint.pk).next_step.key

    assert next_key() == "acknowledge"
    actions.acknowledge(complaint=complaint, agent=owner)
    assert next_key() == "investigate"
    actions.investigate(complaint=complaint, agent=owner)
    assert next_key() == "check"
    for item in complaint.check_items.all():
        actions.tick(item=item, agent=owner)
    assert next_key() == "fault"
    actions.find_fault(complaint=complaint, agent=owner, fault="ours")
    question = actions.ask(complaint=complaint, agent=owner, colleague=team_mate, text="Why?")
    assert next_key() == "ask"
    actions.answer(question=question, agent=team_mate, text="Because.")
    assert next_key() == "propose"


def test_the_case_holds_everything_in_one(complaint, owner, team_mate):
    actions.acknowledge(complaint=complaint, agent=owner)
    actions.add_words(complaint=complaint, agent=owner, title="Seen", text="The seal is torn.")
    actions.ask(complaint=complaint, agent=owner, colleague=team_mate, text="Why?")
    case = queries.case(owner, complaint.pk)
    assert [(mark.key, mark.state) for mark in case.stages][:3] == [
        ("received", "done"),
        ("acknowledged", "now"),
        ("investigating", "ahead"),
    ]
    assert (len(case.evidence), len(case.questions), case.ticked) == (1, 1, 0)
    texts = [line.text for line in case.timeline]
    assert any("opened complaint" in text for text in texts)
    assert any("tariq@desk.example" in text for text in texts)


def test_a_conversation_that_reads_like_a_complaint_is_offered_one(place, owner, django_assert_num_queries):
    messages = list(Message.objects.filter(conversation=place))
    messages[0].reading = {"complaint": True}
    with django_assert_num_queries(1):
        assert queries.beside(place, messages).reads_like_one
    actions.say_no_complaint(conversation=place, agent=owner)
    assert not queries.beside(place, messages).reads_like_one


def test_a_conversation_shows_its_complaint_and_an_open_call(place, complaint, owner):
    actions.call_for_help(conversation=place, agent=owner, words="Please")
    found = queries.beside(place, [])
    assert [short.number for short in found.complaints] == [complaint.number]
    assert (found.call.by, found.call.words) == (owner.name, "Please")
    assert not found.reads_like_one


@pytest.mark.parametrize(
    ("feeling", "strength", "shown"),
    [("angry", 1, True), ("frustrated", 1, False), ("frustrated", 2, True), ("pleased", 3, False)],
)
def test_the_card_comes_when_feelings_run_high(place, feeling, strength, shown):
    place.feeling, place.feeling_strength = feeling, strength
    card = queries.beside(place, []).card
    assert bool(card) == shown
    assert not shown or (card["now"] and card["avoid"])


def test_the_fault_of_the_open_complaint_is_what_the_coach_is_told(place, complaint, owner):
    assert queries.fault_of(place) == ""
    actions.find_fault(complaint=complaint, agent=owner, fault="carrier")
    assert queries.fault_of(place) == "carrier"
    actions.close(complaint=complaint, agent=owner)
    assert queries.fault_of(place) == ""


def test_causes_that_come_back_surface_with_their_trend(place, owner, lead):
    now = timezone.now()
    cause = Cause.objects.create(name="Old seal")
    rare = Cause.objects.create(name="Weather")
    for weeks_ago in (5, 2, 1, 0):
        made = make(place, owner, now - timedelta(weeks=weeks_ago))
        actions.name_cause(complaint=made, agent=owner, cause=cause)
    actions.name_cause(complaint=make(place, owner, now), agent=owner, cause=rare)
    (found,) = queries.recurring(owner)
    assert (found.cause, found.count, found.trend, found.prevention) == (cause, 4, "rising", None)
    assert [week.count for week in found.weeks] == [0, 0, 1, 0, 0, 1, 1, 1]
    plan = actions.plan(agent=lead, action="Change the seal", owner=owner, due_on=None, cause=cause)
    assert queries.recurring(owner)[0].prevention == plan


def test_the_register_counts_the_same_again(complaint, place, owner, lead):
    make(place, owner, timezone.now() - timedelta(days=3))
    actions.acknowledge(complaint=complaint, agent=owner)
    actions.find_fault(complaint=complaint, agent=owner, fault="ours")
    actions.change(complaint=complaint, agent=owner, cost=12)
    actions.close(complaint=complaint, agent=owner)
    actions.reopen(complaint=complaint, agent=owner)
    first, second = queries.entries(lead, Filters())
    assert (first.number, first.fault, first.cost, first.reopened) == (complaint.number, "ours", 12, 1)
    assert first.acknowledged_at is not None
    assert second.closed_at is None
    once, again = queries.summary(lead, Filters()), queries.summary(lead, Filters())
    assert once == again
    assert (once.all, once.open, once.cost) == (2, 2, 12)
    assert Complaint.objects.count() == 2
