"""Those who work on one case at the same moment wait for each other, and never in a circle."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone

from goodword.complaints import actions
from goodword.complaints.actions import NewOption
from goodword.complaints.actions.following_up import plan_follow_up
from goodword.complaints.models import Choice, FollowUp, Remedy
from goodword.goodwill import actions as goodwill
from goodword.goodwill.models import Gesture, VoucherRedemption
from goodword.staff.models import AuthorityLevel

from .waiting import beside

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
    return actions.choose(proposal=proposal, option=proposal.options.get())


def test_a_choice_never_stands_in_the_way_of_whoever_approved_it(approved, customer, lead):
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            goodwill.take_turns(lead, None)
            chosen = beside(pool, lambda: choose(approved))
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '5s'")
            goodwill.take_turns(None, customer)
        assert chosen.result().option == approved.options.get()
    assert Choice.objects.count() == 1
    assert Gesture.objects.get().decided_by == lead


def test_what_is_remedied_anew_while_the_customer_is_asked_does_not_ask_them_twice(complaint, owner):
    with transaction.atomic():
        planned = plan_follow_up(complaint, since=timezone.now() - timedelta(days=30))
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            asking = FollowUp.objects.select_for_update().get(pk=planned.pk)
            asking.sent_at = timezone.now()
            asking.save()
            later = beside(pool, lambda: plan_later(complaint))
        assert later.result() != planned
    planned.refresh_from_db()
    assert planned.sent_at is not None


@transaction.atomic
def plan_later(complaint):
    return plan_follow_up(complaint, since=timezone.now())


def at_the_same_time(*verbs):
    """What each verb gave or raised, all begun together."""
    gate = threading.Barrier(len(verbs))

    def run(verb):
        try:
            gate.wait(timeout=60)
            return verb()
        except ValueError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


def test_a_code_is_used_or_its_remedy_fails_but_never_both(complaint, owner):
    owner.authority = AuthorityLevel.objects.create(name="Agent", rank=1)
    owner.save()
    for turn in range(6):
        options = [NewOption("voucher", f"Voucher {turn}", Decimal("5"), Decimal("5"))]
        proposal = actions.save_proposal(complaint=complaint, agent=owner, options=options)
        actions.send_proposal(proposal=proposal, agent=owner)
        actions.choose(proposal=proposal, option=proposal.options.get())
        remedy = Remedy.objects.get(option__proposal=proposal)
        results = at_the_same_time(
            lambda code=remedy.proof: goodwill.redeem(code=code, reference="order"),
            lambda remedy=remedy: actions.fail(remedy=remedy, agent=owner, why="It does not work."),
        )
        remedy.refresh_from_db()
        redeemed = VoucherRedemption.objects.filter(voucher__code=remedy.proof).exists()
        assert remedy.state == (Remedy.State.DONE if redeemed else Remedy.State.FAILED)
        assert sum(isinstance(one, ValueError) for one in results) == 1
        assert (
            Gesture.objects.filter(reverses=None, reversal=None).count() == VoucherRedemption.objects.count()
        )
