"""Old conversations go as the rules say: all of those, once, and no other."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from goodword.customers.actions import customer_of
from goodword.events.models import Event
from goodword.inbox import actions, holds, retention
from goodword.inbox.errors import NotPossible
from goodword.inbox.models import (
    CheckIn,
    Closure,
    Conversation,
    Message,
    RetentionRule,
    RetentionRun,
    Tag,
)
from goodword.inbox.retention import NewRetentionRule
from goodword.mail import actions as mail
from goodword.mail.intake import turn_waiting
from goodword.mail.models import Blob, Delivery, Mailbox, OutgoingMail, RawMail
from goodword.staff import looking
from goodword.staff.access import NotAllowed
from goodword.staff.models import Look

from .test_intake import receive, written
from .test_removing import REFUND, deliver

pytestmark = pytest.mark.django_db
Does = RetentionRule.Does


def aged(place: Conversation, *, days: int) -> Conversation:
    """A closed conversation in which nothing has happened for so long."""
    at = timezone.now() - timedelta(days=days)
    actions.close(conversation=place, agent=None, leave_promises=True)
    Conversation.objects.filter(pk=place.pk).update(last_at=at)
    Closure.objects.filter(conversation=place).update(at=at)
    return Conversation.objects.get(pk=place.pk)


def old_ones(mailbox, many: int, *, days: int = 400) -> list[Conversation]:
    return [
        aged(
            actions.open_conversation(
                customer=customer_of(address=f"c{number}@example.org", name=f"Customer {number}"),
                subject=f"Matter {number}",
                text="Some words.",
                mailbox=mailbox,
            ),
            days=days + number,
        )
        for number in range(many)
    ]


def rule_of(administrator, *, on: bool = True, does: str = Does.DELETE, **given) -> RetentionRule:
    rule = retention.save_rule(
        by=administrator, given=NewRetentionRule(name=f"Old {does} mail", months=12, does=does, **given)
    )
    if on:
        retention.tried(by=administrator, rule=rule)
        rule = retention.switch_rule(by=administrator, rule=rule, on=True)
    return rule


def a_night() -> RetentionRun:
    """All of a night's work, as the jobs do it; gives back the run of the rule."""
    retention.begin()
    while retention.work_left():
        retention.work(most=3)
    return RetentionRun.objects.filter(kind="rule").order_by("-id").first()


def test_a_rule_begins_switched_off_and_does_nothing(mailbox, administrator):
    old_ones(mailbox, 1)
    rule = rule_of(administrator, on=False)
    assert not rule.is_on
    assert a_night() is None
    assert Conversation.objects.count() == 1


def test_a_rule_is_switched_on_only_after_its_dry_run_was_seen(administrator):
    rule = rule_of(administrator, on=False)
    with pytest.raises(NotPossible, match="Look first"):
        retention.switch_rule(by=administrator, rule=rule, on=True)
    retention.tried(by=administrator, rule=rule)
    assert retention.switch_rule(by=administrator, rule=rule, on=True).is_on
    changed = retention.save_rule(
        by=administrator, rule=rule, given=NewRetentionRule(name="Older mail", months=3, does=Does.ERASE)
    )
    assert (changed.is_on, changed.tried_at) == (False, None)


def test_old_conversations_are_deleted_and_young_ones_stay(mailbox, administrator):
    gone = old_ones(mailbox, 5)
    young = old_ones(mailbox, 1, days=300)[0]
    rule_of(administrator)
    run = a_night()
    assert list(Conversation.objects.all()) == [young]
    assert (run.done, run.left_out) == (5, {})
    told = Event.objects.filter(kind="conversation.removed")
    assert sorted(told.values_list("conversation_id", flat=True)) == sorted(one.pk for one in gone)
    assert {event.data["reason"] for event in told} == {"Old delete mail"}


def test_the_words_are_erased_once_and_the_conversation_stays(mailbox, administrator):
    place = old_ones(mailbox, 1)[0]
    rule_of(administrator, does=Does.ERASE)
    assert a_night().done == 1
    assert not Message.objects.exclude(text="").exists()
    assert Event.objects.filter(kind="conversation.words_erased", conversation_id=place.pk).count() == 1
    RetentionRun.objects.all().delete()
    assert a_night().done == 0


def test_words_said_after_an_erasure_are_erased_in_their_turn(mailbox, administrator):
    place = old_ones(mailbox, 1)[0]
    rule_of(administrator, does=Does.ERASE)
    a_night()
    actions.reopen(conversation=place, agent=None)
    actions.hear(conversation=place, text="Once more.")
    long_ago = timezone.now() - timedelta(days=800)
    Conversation.objects.update(words_erased_at=long_ago)
    aged(place, days=500)
    RetentionRun.objects.all().delete()
    assert a_night().done == 1
    assert not Message.objects.exclude(text="").exists()


def test_a_conversation_closed_lately_stays_however_old_its_words_are(mailbox, administrator):
    place = old_ones(mailbox, 1)[0]
    Closure.objects.update(at=timezone.now())
    rule_of(administrator)
    assert a_night().done == 0
    assert Conversation.objects.filter(pk=place.pk).exists()


def test_open_and_snoozed_conversations_stay(mailbox, administrator):
    for place in old_ones(mailbox, 2):
        actions.reopen(conversation=place, agent=None)
    Conversation.objects.update(last_at=timezone.now() - timedelta(days=900))
    rule_of(administrator)
    assert a_night().done == 0
    assert Conversation.objects.count() == 2


def test_a_rule_keeps_to_its_mailbox_and_its_tag(mailbox, administrator):
    first, second, third = old_ones(mailbox, 3)
    sales = Mailbox.objects.create(address="sales@desk.example", name="Sales")
    Conversation.objects.filter(pk=second.pk).update(mailbox=sales)
    tag = Tag.objects.create(name="spam")
    for place in (first, second):
        place.tags.add(tag)
    rule_of(administrator, mailbox=mailbox, tag=tag)
    a_night()
    assert set(Conversation.objects.all()) == {second, third}


def test_what_is_held_promised_or_planned_is_left_out_and_counted(mailbox, administrator, lead, owner):
    held, of_held, promised, planned, leaving, free = old_ones(mailbox, 6)
    holds.hold(conversation=held, by=lead, reason="The court asked for it")
    holds.hold_customer(customer=of_held.customer, by=lead, reason="The court asked for it")
    actions.add_promise(conversation=promised, agent=owner, promise=REFUND)
    CheckIn.objects.create(
        conversation=planned, closure=planned.closures.get(), way="mail", text="?", due_at=timezone.now()
    )
    actions.reply(conversation=leaving, agent=owner, markdown="Sorry.", close=True)
    aged(leaving, days=700)
    rule = rule_of(administrator, on=False)
    seen = retention.preview(rule)
    assert (seen.count, [one.pk for one in seen.oldest]) == (1, [free.pk])
    assert seen.left_out == {"hold": 1, "customer": 1, "promise": 1, "check_in": 1, "leaving": 1}
    assert set(seen.left_out) < set(retention.reasons())
    retention.tried(by=administrator, rule=rule)
    retention.switch_rule(by=administrator, rule=rule, on=True)
    run = a_night()
    assert (run.done, run.left_out) == (1, seen.left_out)
    assert not Conversation.objects.filter(pk=free.pk).exists()
    assert Conversation.objects.count() == 5


def test_what_is_held_two_merges_away_keeps_its_words(mailbox, administrator, lead):
    held, middle, last = old_ones(mailbox, 3)
    holds.hold(conversation=held, by=lead, reason="The court asked for it")
    actions.merge(source=held, target=middle, agent=None)
    actions.merge(source=middle, target=last, agent=None)
    aged(last, days=500)
    rule = rule_of(administrator, does=Does.ERASE)
    seen = retention.preview(rule)
    assert (seen.count, seen.oldest, seen.left_out) == (0, [], {"hold": 1})
    run = a_night()
    assert (run.done, run.left_out) == (0, {"hold": 1})
    assert Message.objects.filter(text="Some words.").count() == 3


def test_a_dry_run_changes_nothing_and_costs_the_same_for_many(
    mailbox, administrator, django_assert_num_queries
):
    rule = rule_of(administrator, on=False)
    old_ones(mailbox, 2)
    with django_assert_num_queries(3):
        assert retention.preview(rule).count == 2
    old_ones(mailbox, 23, days=600)
    with django_assert_num_queries(3):
        seen = retention.preview(rule)
    assert (seen.count, len(seen.oldest)) == (25, 20)
    assert [one.last_at for one in seen.oldest] == sorted(one.last_at for one in seen.oldest)
    assert Conversation.objects.exclude(words_erased_at=None).count() == 0


def test_a_full_re_sync_brings_nothing_back(mailbox, administrator):
    raw = bytes(written())
    place = receive(written()).conversation
    aged(place, days=500)
    rule_of(administrator)
    assert a_night().done == 1
    assert deliver(raw).outcome == Delivery.Outcome.REMOVED
    assert not Conversation.objects.exists()


def test_a_night_begun_twice_is_one_night(mailbox, administrator):
    old_ones(mailbox, 2)
    rule_of(administrator)
    retention.begin()
    retention.begin()
    assert RetentionRun.objects.filter(kind="rule").count() == 1
    a_night()
    a_night()
    assert RetentionRun.objects.filter(kind="rule").count() == 1


def test_a_rule_switched_off_in_the_night_stops_at_once(mailbox, administrator):
    old_ones(mailbox, 6)
    rule = rule_of(administrator)
    retention.begin()
    retention.work(most=2)
    retention.switch_rule(by=administrator, rule=rule, on=False)
    while retention.work_left():
        retention.work(most=2)
    assert Conversation.objects.count() == 4


def test_a_night_that_goes_on_takes_nothing_that_the_changed_rule_would_keep(mailbox, administrator):
    old_ones(mailbox, 4)
    rule = rule_of(administrator)
    retention.begin()
    retention.work(most=2)
    given = NewRetentionRule(name=rule.name, months=24, does=Does.DELETE)
    retention.save_rule(by=administrator, rule=rule, given=given)
    retention.tried(by=administrator, rule=rule)
    retention.switch_rule(by=administrator, rule=rule, on=True)
    while retention.work_left():
        retention.work(most=2)
    assert Conversation.objects.count() == 2


def test_one_that_cannot_be_taken_keeps_the_others_not(mailbox, administrator):
    old_ones(mailbox, 4, days=500)
    unruly = sorted(Conversation.objects.all(), key=lambda one: one.last_at)[0]
    rule_of(administrator)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE kept_by_another (place bigint REFERENCES inbox_conversation NOT DEFERRABLE)"
        )
        cursor.execute("INSERT INTO kept_by_another VALUES (%s)", [unruly.pk])
    run = a_night()
    assert (run.done, run.left_out) == (3, {"other": 1})
    assert list(Conversation.objects.all()) == [unruly]


def test_leftover_mails_and_files_go_after_their_time(mailbox, administrator, owner, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    place = receive(written()).conversation
    reply = actions.reply(conversation=place, agent=owner, markdown="Sorry.", undo_seconds=0)
    own = bytes(reply.outgoing.raw)
    deliver(own)
    spoilt = mail.accept(raw=b"no mail at all", source="test", nudged=False).mail
    turn_waiting()
    if spoilt is not None:
        RawMail.objects.filter(pk=spoilt.pk).update(state=RawMail.State.SET_ASIDE)
    Blob.objects.create(sha256="a" * 64, size=1, data=b"a")
    Blob.objects.create(sha256="b" * 64, size=1, data=b"b")
    long_ago = timezone.now() - timedelta(days=40)
    RawMail.objects.update(received_at=long_ago)
    Blob.objects.filter(sha256="a" * 64).update(created_at=long_ago)
    before = RawMail.objects.count()
    a_night()
    assert RawMail.objects.count() == before
    assert not Blob.objects.filter(sha256="a" * 64).exists()
    assert Blob.objects.filter(sha256="b" * 64).exists()
    retention.keep_times(by=administrator, recorded_days=30, aside_days=30, looks_months=24)
    RetentionRun.objects.all().delete()
    a_night()
    assert list(RawMail.objects.values_list("message__conversation", flat=True)) == [place.pk]
    assert RetentionRun.objects.get(kind="recorded").done == 1
    assert deliver(own).outcome == Delivery.Outcome.REMOVED
    assert OutgoingMail.objects.filter(pk=reply.outgoing_id).exists()


def test_who_looked_is_kept_for_as_long_as_was_said(owner, customer, administrator):
    looking.looked(owner, customer_id=customer.pk)
    Look.objects.update(hour=timezone.now() - timedelta(days=1000))
    looking.looked(owner, customer_id=customer.pk)
    a_night()
    assert Look.objects.count() == 1


@pytest.mark.parametrize("who", ["owner", "team_mate", "stranger", "lead"])
def test_only_administrators_decide_what_is_kept(who, administrator, request):
    agent = request.getfixturevalue(who)
    rule = rule_of(administrator, on=False)
    given = NewRetentionRule(name="Mine", months=1)
    for verb in (
        lambda: retention.save_rule(by=agent, given=given),
        lambda: retention.save_rule(by=agent, given=given, rule=rule),
        lambda: retention.tried(by=agent, rule=rule),
        lambda: retention.switch_rule(by=agent, rule=rule, on=True),
        lambda: retention.remove_rule(by=agent, rule=rule),
        lambda: retention.keep_times(by=agent, recorded_days=1, aside_days=1, looks_months=1),
    ):
        with pytest.raises(NotAllowed):
            verb()
    assert list(RetentionRule.objects.values_list("name", "is_on")) == [(rule.name, False)]


@pytest.mark.parametrize(
    "given",
    [
        NewRetentionRule(name=" ", months=1),
        NewRetentionRule(name="Mine", months=0),
        NewRetentionRule(name="Mine", months=100_000),
        NewRetentionRule(name="Mine", months=1, does="burn"),
        NewRetentionRule(name="OLD delete mail", months=1),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_a_sentence(given, administrator):
    rule_of(administrator, on=False)
    with pytest.raises(NotPossible):
        retention.save_rule(by=administrator, given=given)
