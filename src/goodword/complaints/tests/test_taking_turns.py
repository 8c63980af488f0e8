"""A customer's choice waits for its turn before it holds what others wait for."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection, transaction

from goodword.complaints import actions
from goodword.complaints.actions import NewOption
from goodword.complaints.models import Choice
from goodword.goodwill import actions as goodwill
from goodword.goodwill.models import Gesture
from goodword.staff.models import AuthorityLevel

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def approved(complaint, owner, lead):
    """An offer that the agent alone could not make; the lead approved it, and it was sent."""
    small = AuthorityLevel.objects.create(name="Agent", rank=1, per_gesture=20, per_month=100)
    AuthorityLevel.objects.create(name="Senior", rank=2, per_gesture=200, per_month=1000)
    owner.authority = small
    owner.save()
    options = [NewOption("refund", "Your money back", Decimal("90"), Decimal("90"))]
    proposal = actions.save_proposal(complaint=complaint, agent=owner, options=options)
    request = actions.ask_approval(proposal=proposal, agent=owner, reason="The second one that leaks.")
    goodwill.approve(request=request, by=lead)
    proposal.refresh_from_db()
    return proposal


def choose(proposal):
    try:
        return actions.choose(proposal=proposal, option=proposal.options.get())
    finally:
        connection.close()


def somebody_waits_for_a_turn():
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
        return cursor.fetchone()[0]


def test_a_choice_never_stands_in_the_way_of_whoever_approved_it(approved, customer, lead):
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            goodwill.take_turns(lead, None)
            chosen = pool.submit(choose, approved)
            while not somebody_waits_for_a_turn() and not chosen.done():
                pass
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '5s'")
            goodwill.take_turns(None, customer)
        assert chosen.result().option == approved.options.get()
    assert Choice.objects.count() == 1
    assert Gesture.objects.get().decided_by == lead
