"""A dry run says what a rule would have done, for events and long states, and never reads the whole log."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from goodword.events.models import Event
from goodword.inbox import actions as inbox
from goodword.inbox.models import Closure, Conversation
from goodword.workflows import queries
from goodword.workflows.models import Firing, Rule

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def open_one(customer, mailbox) -> Conversation:
    return inbox.open_conversation(customer=customer, subject="Parcel", text="Where is it?", mailbox=mailbox)


def times(lead, **when) -> int:
    """How often a rule that is not kept yet would have fired."""
    return queries.dry_run(lead, Rule(**when)).times


def test_a_rule_about_a_long_state_is_tried_before_it_is_kept(lead, customer, mailbox, team) -> None:
    place = open_one(customer, mailbox)
    Conversation.objects.filter(pk=place.pk).update(waiting_since=timezone.now() - 2 * DAY)
    assert times(lead, state="waiting", hours=24) == 1
    assert times(lead, state="waiting", hours=72) == 0
    assert not Firing.objects.exists()


def test_what_was_closed_in_the_last_30_days_is_looked_at(lead, customer, mailbox, team) -> None:
    for days in (2, 29, 31):
        place = open_one(customer, mailbox)
        inbox.close(conversation=place, agent=lead)
        Closure.objects.filter(conversation=place).update(at=timezone.now() - days * DAY)
    assert times(lead, state="closed", hours=24) == 2
    assert times(lead, state="closed", hours=72) == 1


def test_only_so_much_of_the_log_is_read_for_a_rare_event(lead, customer, mailbox, team, monkeypatch) -> None:
    open_one(customer, mailbox)
    for _ in range(9):
        Event.objects.create(kind="something.else")
    rule = Rule(event="conversation.opened")
    far = queries.dry_run(lead, rule)
    assert (far.times, far.is_all) == (1, True)
    monkeypatch.setattr(queries, "LOOKED_THROUGH", 5)
    near = queries.dry_run(lead, rule)
    assert (near.times, near.is_all) == (0, False)


def test_a_number_left_out_of_the_log_hides_nothing(lead, customer, mailbox, team, monkeypatch) -> None:
    open_one(customer, mailbox)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('events_event', 'id'))")
    for _ in range(5):
        Event.objects.create(kind="something.else")
    monkeypatch.setattr(queries, "LOOKED_THROUGH", 5)
    near = queries.dry_run(lead, Rule(event="conversation.opened"))
    assert (near.times, near.is_all) == (0, False)
