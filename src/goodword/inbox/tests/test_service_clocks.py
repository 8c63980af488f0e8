"""Service clocks follow everything that happens to a conversation, and can be computed anew from the log."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from goodword.customers.actions import describe
from goodword.events.models import Event
from goodword.inbox import actions, clocks, delivery
from goodword.inbox.actions import NewLevel
from goodword.inbox.clocks import watching
from goodword.inbox.errors import NotPossible
from goodword.inbox.models import Conversation, ServiceClock, ServiceLevel, ServiceTerms
from goodword.mail.models import OutgoingMail
from goodword.staff.models import Holiday, Shift

MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def now():
    """The moment it is; `now.shift` goes on."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def level(lead, now):
    """A first reply within an hour, each further one within two, and eight to solve it, day and night."""
    return actions.save_level(
        by=lead,
        given=NewLevel(name="Standard", first_reply=60, next_reply=120, resolution=480, working_hours=False),
    )


@pytest.fixture
def waiting(level, customer, mailbox, team):
    """A conversation that the customer has just opened."""
    return opened(customer, mailbox)


def opened(customer, mailbox, text="The lamp broke."):
    return actions.open_conversation(customer=customer, subject="A lamp", text=text, mailbox=mailbox)


def clock(place, kind="first_reply"):
    return place.clocks.filter(kind=kind).order_by("-started_at").first()


def in_(minutes):
    return MONDAY + timedelta(minutes=minutes)


def mark(message, state):
    mail = message.outgoing
    mail.state = state
    mail.save(update_fields=["state"])
    delivery.outgoing_changed(mail)


def agrees():
    return list(clocks.recompute(write=False)) == []


def test_the_clocks_begin_with_the_customer_s_first_message(waiting):
    found = clock(waiting)
    assert (found.started_at, found.due_at, found.warn_at) == (MONDAY, in_(60), in_(45))
    assert clock(waiting, "resolution").due_at == in_(480)
    waiting.refresh_from_db()
    assert waiting.reply_due_at == in_(60)
    assert agrees()


def test_a_reply_meets_the_clock_and_lets_resolution_wait(waiting, owner, now):
    now.shift(timedelta(minutes=30))
    actions.reply(conversation=waiting, agent=owner, markdown="We send a new one.")
    waiting.refresh_from_db()
    assert (clock(waiting).met_at, clock(waiting, "resolution").runs_since) == (in_(30), None)
    assert waiting.reply_due_at is None
    now.shift(timedelta(minutes=10))
    actions.hear(conversation=waiting, text="And when?")
    assert clock(waiting, "next_reply").due_at == in_(40 + 120)
    assert clock(waiting, "resolution").due_at == in_(40 + 480 - 30)
    assert agrees()


def test_a_failed_send_is_no_reply(waiting, owner, now):
    now.shift(timedelta(minutes=30))
    message = actions.reply(conversation=waiting, agent=owner, markdown="We send a new one.")
    mark(message, OutgoingMail.State.FAILED)
    waiting.refresh_from_db()
    assert (clock(waiting).met_at, waiting.reply_due_at) == (None, in_(60))
    now.shift(timedelta(minutes=10))
    mark(message, OutgoingMail.State.SENT)
    assert clock(waiting).met_at == in_(40)
    assert agrees()


def test_of_an_unknown_fate_it_counts_once_it_is_known_to_have_left(waiting, owner, now):
    message = actions.reply(conversation=waiting, agent=owner, markdown="We send a new one.")
    now.shift(timedelta(minutes=30))
    mark(message, OutgoingMail.State.UNKNOWN)
    assert clock(waiting).met_at is None
    mark(message, OutgoingMail.State.SENT)
    assert clock(waiting).met_at == MONDAY
    assert agrees()


def test_a_reply_taken_back_never_was_one(waiting, owner):
    message = actions.reply(conversation=waiting, agent=owner, markdown="We send a new one.")
    assert clock(waiting).met_at
    actions.undo_reply(message=message, agent=owner)
    waiting.refresh_from_db()
    assert (clock(waiting).met_at, waiting.reply_due_at) == (None, in_(60))
    assert agrees()


def test_a_reply_put_off_until_tomorrow_answers_nobody_today(waiting, owner, now):
    later = in_(24 * 60)
    message = actions.reply(conversation=waiting, agent=owner, markdown="Tomorrow.", send_at=later)
    assert clock(waiting).met_at is None
    now.move_to(later)
    mark(message, OutgoingMail.State.SENT)
    found = clock(waiting)
    assert (found.met_at, found.breached_at) == (later, in_(60))
    assert Event.objects.filter(kind="service.breached", data__clock="first_reply").count() == 1
    assert agrees()


def test_closing_ends_and_opening_again_runs_on(waiting, owner, now):
    now.shift(timedelta(minutes=20))
    actions.close(conversation=waiting, agent=owner)
    waiting.refresh_from_db()
    assert (clock(waiting).ended_at, clock(waiting).met_at, waiting.reply_due_at) == (in_(20), None, None)
    assert clock(waiting, "resolution").met_at == in_(20)
    now.shift(timedelta(minutes=100))
    actions.reopen(conversation=waiting, agent=owner)
    waiting.refresh_from_db()
    assert (clock(waiting).ended_at, waiting.reply_due_at) == (None, in_(160))
    assert clock(waiting, "resolution").met_at is None
    assert agrees()


def test_a_reply_that_closes_meets_both(waiting, owner, now):
    now.shift(timedelta(minutes=20))
    actions.reply(conversation=waiting, agent=owner, markdown="Done.", close=True)
    assert (clock(waiting).met_at, clock(waiting, "resolution").met_at) == (in_(20), in_(20))
    assert agrees()


def test_priority_and_level_set_new_targets_without_losing_time(waiting, owner, lead, level, now):
    urgent = {"all": [{"field": "priority", "is": ["urgent"]}]}
    made = actions.save_level(
        by=lead, given=NewLevel(name="Urgent", conditions=urgent, first_reply=30, working_hours=False)
    )
    actions.order_levels(by=lead, numbers=[made.pk, level.pk])
    now.shift(timedelta(minutes=20))
    actions.prioritise(conversation=waiting, agent=owner, priority="urgent")
    waiting.refresh_from_db()
    found = clock(waiting)
    assert (found.terms.level, found.target, found.spent) == (made, 30, timedelta(minutes=20))
    assert waiting.reply_due_at == in_(30)
    assert clock(waiting, "resolution").ended_at == in_(20)
    actions.prioritise(conversation=waiting, agent=owner, priority="normal")
    waiting.refresh_from_db()
    assert (waiting.reply_due_at, clock(waiting, "resolution").ended_at) == (in_(60), None)
    assert agrees()


def test_the_customer_s_tier_chooses_the_level(customer, mailbox, team, lead, now):
    gold = {"all": [{"field": "tier", "is": ["gold"]}]}
    actions.save_level(by=lead, given=NewLevel(name="Gold", conditions=gold, first_reply=15))
    assert not opened(customer, mailbox).clocks.exists()
    customer.tier = "gold"
    customer.save()
    assert clock(opened(customer, mailbox)).target == 15


def test_a_new_tier_holds_for_what_is_open(
    customer, mailbox, team, lead, level, django_capture_on_commit_callbacks
):
    gold = {"all": [{"field": "tier", "is": ["gold"]}]}
    made = actions.save_level(by=lead, given=NewLevel(name="Gold", conditions=gold, first_reply=15))
    actions.order_levels(by=lead, numbers=[made.pk, level.pk])
    place = opened(customer, mailbox)
    assert clock(place).target == 60
    with django_capture_on_commit_callbacks(execute=True):
        describe(customer=customer, agent=None, tier="gold")
    assert clock(place).target == 15
    assert agrees()


def test_an_edited_level_holds_for_what_is_open(waiting, lead, level, now):
    now.shift(timedelta(minutes=10))
    actions.save_level(
        by=lead, level=level, given=NewLevel(name="Standard", first_reply=20, working_hours=False)
    )
    clocks.refit()
    waiting.refresh_from_db()
    assert (clock(waiting).target, waiting.reply_due_at) == (20, in_(20))
    assert clock(waiting, "resolution").ended_at == in_(10)
    actions.remove_level(by=lead, level=level)
    clocks.refit()
    waiting.refresh_from_db()
    assert (waiting.reply_due_at, waiting.terms) == (None, None)
    assert agrees()


def test_edited_hours_hold_for_what_is_open(customer, mailbox, team, lead, now):
    actions.save_level(by=lead, given=NewLevel(name="Office", first_reply=60))
    place = opened(customer, mailbox)
    for day in range(5):
        Shift.objects.create(weekday=day, opens="10:00", closes="16:00")
    clocks.forget()
    assert clocks.refit_outdated() == 1
    assert clock(place).due_at == in_(120)
    Holiday.objects.create(day=MONDAY.date(), name="Holiday")
    clocks.forget()
    assert clocks.refit_outdated() == 1
    assert clock(place).due_at == in_(24 * 60 + 120)
    clocks.forget()
    assert clocks.refit_outdated() == 0
    assert agrees()


def test_a_merge_that_is_undone_leaves_nothing_running_in_what_was_closed(
    waiting, customer, mailbox, owner, now
):
    target = opened(customer, mailbox)
    actions.close(conversation=target, agent=owner)
    merged = actions.merge(source=waiting, target=target, agent=owner)
    actions.undo_merge(merge=merged, agent=owner)
    target.refresh_from_db()
    assert (target.state, target.reply_due_at) == ("closed", None)
    assert not target.clocks.filter(ended_at=None).exists()
    assert target.closures.get().reopened_at is None
    now.shift(timedelta(days=1))
    clocks.watch()
    assert not Event.objects.filter(kind="service.breached", conversation_id=target.pk).exists()


def test_a_merge_takes_the_waiting_along_and_back(waiting, customer, mailbox, owner, now):
    target = opened(customer, mailbox)
    actions.reply(conversation=target, agent=owner, markdown="Soon.")
    merged = actions.merge(source=waiting, target=target, agent=owner)
    target.refresh_from_db()
    waiting.refresh_from_db()
    assert (waiting.reply_due_at, waiting.clocks.count()) == (None, 0)
    assert agrees()
    now.shift(timedelta(minutes=5))
    actions.reply(conversation=target, agent=owner, markdown="Here.")
    assert agrees()
    actions.undo_merge(merge=merged, agent=owner)
    waiting.refresh_from_db()
    assert waiting.reply_due_at == in_(60)
    assert agrees()


def test_nothing_runs_without_a_level_and_it_costs_nothing(
    customer, mailbox, team, owner, django_assert_num_queries
):
    place = opened(customer, mailbox)
    with django_assert_num_queries(0):
        clocks.follow(place)
    assert not Event.objects.filter(kind__startswith="service.").exists()


def test_with_levels_a_change_costs_three_queries_at_most(waiting, customer, django_assert_max_num_queries):
    place = Conversation.objects.get(pk=waiting.pk)
    with django_assert_max_num_queries(3):
        clocks.follow(place)
    new = Conversation.objects.create(customer=customer)
    with django_assert_max_num_queries(3):
        clocks.follow(new)


def test_terms_are_kept_once_and_levels_need_a_lead(waiting, customer, mailbox, owner, level):
    opened(customer, mailbox)
    assert ServiceTerms.objects.count() == 1
    with pytest.raises(Exception, match="lead"):
        actions.save_level(by=owner, given=NewLevel(name="Mine", first_reply=5))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (NewLevel(name=" ", first_reply=5), "needs a name"),
        (NewLevel(name="standard", first_reply=5), "already"),
        (NewLevel(name="None"), "asks for nothing"),
        (NewLevel(name="Long", resolution=10**6), "one year"),
        (NewLevel(name="Warn", first_reply=5, warn_at=100), "100 %"),
        (NewLevel(name="Odd", first_reply=5, conditions={"all": [{"field": "moon"}]}), "moon"),
    ],
)
def test_a_level_that_makes_no_sense_is_refused(level, lead, given, said):
    with pytest.raises(NotPossible, match=said):
        actions.save_level(by=lead, given=given)


def test_what_was_stored_wrong_is_told_and_set_right(waiting):
    ServiceClock.objects.filter(kind="first_reply").update(due_at=in_(99))
    said = list(clocks.recompute([waiting.pk], write=False))
    assert len(said) == 1
    assert "due_at" in said[0]
    assert list(clocks.recompute()) == said
    assert agrees()


def test_the_watcher_warns_and_tells_once(waiting, now):
    assert clocks.watch() == 0
    now.move_to(in_(45))
    assert (clocks.watch(), clocks.watch()) == (1, 0)
    now.move_to(in_(60))
    assert clocks.watch() == 0
    now.move_to(in_(60) + timedelta(seconds=10))
    assert (clocks.watch(), clocks.watch()) == (1, 0)
    found = clock(waiting)
    assert (found.warned_at, found.breached_at) == (in_(45), in_(60))
    assert [event.kind for event in Event.objects.filter(kind__in=TOLD).order_by("id")] == list(TOLD)
    assert agrees()


TOLD = ("service.warned", "service.breached")


def test_after_a_long_pause_of_the_house_a_breach_needs_no_warning(waiting, now):
    now.move_to(in_(61))
    assert clocks.watch() == 1
    assert clock(waiting).warned_at is None
    assert agrees()


@pytest.mark.parametrize(
    ("statement", "index"), [("_BREACHED", "clock_to_breach"), ("_WARNED", "clock_to_warn")]
)
def test_the_watcher_goes_by_its_index(waiting, statement, index):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + getattr(watching, statement), {"now": in_(60), "most": 100})
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert index in plan


def test_levels_put_in_order_while_one_is_edited_keep_their_order(lead):
    first = actions.save_level(by=lead, given=NewLevel(name="First", first_reply=15))
    second = actions.save_level(by=lead, given=NewLevel(name="Second", first_reply=30))
    as_opened = ServiceLevel.objects.get(pk=first.pk)
    actions.order_levels(by=lead, numbers=[second.pk, first.pk])
    actions.save_level(by=lead, level=as_opened, given=NewLevel(name="First of all", first_reply=20))
    assert list(ServiceLevel.objects.values_list("name", flat=True)) == ["Second", "First of all"]
