"""Two verbs at work on the same, such as joining two customers: each waits for the other, never in a circle.

A third party holds a row that both need until both stand in line for it, which is the moment in which they
would wait for each other if they took their rows in different orders.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from goodword.complaints import actions
from goodword.complaints.actions import NewOption
from goodword.complaints.models import Choice, Complaint, Proposal
from goodword.customers.actions import customer_of, join, undo_joining
from goodword.customers.comparing import compare_waiting
from goodword.customers.models import Contact, ContactRule, Customer, Duplicate, Joining
from goodword.goodwill.models import Gesture
from goodword.inbox import actions as inbox
from goodword.inbox.checking_in.doing import do_due
from goodword.inbox.models import CheckIn, Conversation

from .waiting import beside

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def second(db) -> Customer:
    return customer_of(address="ada@home.example", name="Ada at home")


@contextmanager
def held(*rows: Model) -> Iterator[None]:
    """Nobody else gets at these rows until this is left."""
    with transaction.atomic():
        for row in rows:
            list(type(row)._default_manager.select_for_update().filter(pk=row.pk).values_list("pk"))
        yield


def both(first: Callable[[], object], then: Callable[[], object], *rows: Model) -> list[object]:
    """What both verbs gave, begun while these rows are held; raises what either raised."""
    with ThreadPoolExecutor(2) as pool:
        with held(*rows):
            begun = [beside(pool, first), beside(pool, then, 2)]
        return [one.result() for one in begun]


@pytest.fixture
def due(place: Conversation, owner) -> CheckIn:
    """A check-in with the customer of a closed conversation, due now and allowed at any hour."""
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0).time()
    ContactRule.objects.create(pk=1, quiet_from=midnight, quiet_until=midnight, quiet_weekdays=[])
    inbox.reply(conversation=place, agent=owner, markdown="A new kettle is on its way.", undo_seconds=0)
    inbox.close(conversation=place, agent=owner)
    place.refresh_from_db()
    return CheckIn.objects.create(
        conversation=place,
        closure=place.closures.latest("id"),
        way="mail",
        text="Is all well?",
        due_at=timezone.now(),
    )


def test_a_check_in_while_its_customer_is_joined(due, place, customer, second, owner):
    both(lambda: join(gone=customer, kept=second, agent=owner), do_due, customer)

    due.refresh_from_db()
    place.refresh_from_db()
    assert (due.state, place.customer) == (CheckIn.State.DONE, second)
    assert Contact.objects.get().customer == second


def test_a_check_in_while_a_joining_is_undone(due, place, customer, second, owner):
    join(gone=customer, kept=second, agent=owner)
    joining = Joining.objects.get()

    both(lambda: undo_joining(joining=joining, agent=owner), do_due, second)

    place.refresh_from_db()
    assert place.customer_id == joining.gone_number
    assert CheckIn.objects.get().state == CheckIn.State.DONE


def test_a_choice_while_its_customer_is_joined(complaint, customer, second, owner):
    options = [NewOption("refund", "Your money back", Decimal("9"), Decimal("9"))]
    proposal = actions.save_proposal(complaint=complaint, agent=None, options=options)
    proposal = actions.send_proposal(proposal=proposal, agent=None)
    proposal.by = owner
    proposal.save(update_fields=["by"])

    both(
        lambda: join(gone=customer, kept=second, agent=owner),
        lambda: actions.choose(proposal=proposal, option=proposal.options.get()),
        customer,
    )

    complaint.refresh_from_db()
    assert complaint.customer == second
    assert Choice.objects.get().proposal == proposal
    assert not Gesture.objects.exclude(customer=second).exists()


def test_a_choice_while_the_customer_is_asked_whether_all_is_well(complaint, place, owner):
    remedy = actions.add_remedy(complaint=complaint, agent=owner, kind="information", what="How it is sealed")
    actions.done(remedy=remedy, agent=owner, words="Told on the phone.")
    options = [NewOption("voucher", "A voucher of 20", Decimal("20"), Decimal("20"))]
    proposal = actions.save_proposal(complaint=complaint, agent=None, options=options)
    proposal = actions.send_proposal(proposal=proposal, agent=None)
    proposal.by = owner
    proposal.save(update_fields=["by"])
    complaint.follow_ups.update(due_at=timezone.now())

    both(lambda: actions.choose(proposal=proposal, option=proposal.options.get()), actions.send_due, place)

    follow_up = complaint.follow_ups.get()
    assert Choice.objects.get().proposal == proposal
    assert follow_up.sent_at is None, "it was put off, as there is more to ask about"
    assert follow_up.due_at > timezone.now()


def test_proposals_end_unanswered_while_their_customer_is_joined(mailbox, team, customer, second, owner):
    found = [
        inbox.open_conversation(customer=customer, subject=words, text=words, mailbox=mailbox)
        for words in ("The kettle leaks", "The lamp flickers")
    ]
    options = [NewOption("information", "How it is sealed")]
    now = timezone.now()
    for number, one in enumerate(found):
        case = actions.open_complaint(conversation=one, agent=owner, what_happened=one.subject)
        proposal = actions.save_proposal(complaint=case, agent=owner, options=options)
        actions.send_proposal(proposal=proposal, agent=owner)
        # The later one ends first.
        Proposal.objects.filter(pk=proposal.pk).update(expires_at=now - timedelta(hours=number + 1))

    both(actions.expire_due, lambda: join(gone=customer, kept=second, agent=owner), *found)

    actions.expire_due()
    assert set(Proposal.objects.values_list("state", flat=True)) == {Proposal.State.EXPIRED}
    assert set(Complaint.objects.values_list("customer", flat=True)) == {second.pk}


def test_a_complaint_is_acknowledged_while_its_customer_is_joined(complaint, customer, second, owner):
    both(
        lambda: join(gone=customer, kept=second, agent=owner),
        lambda: actions.acknowledge(complaint=complaint, agent=owner),
        customer,
    )

    complaint.refresh_from_db()
    assert (complaint.customer, complaint.stage) == (second, "acknowledged")


def test_looking_for_duplicates_while_two_are_joined(customer, second, owner):
    Customer.objects.update(name="Ada Lovelace", compared_at=timezone.now())
    third = customer_of(address="ada@work.example", name="Ada Lovelace")
    Customer.objects.filter(pk=second.pk).update(compared_at=None)

    both(lambda: join(gone=customer, kept=second, agent=owner), compare_waiting, customer)

    pair = sorted((second.pk, third.pk))
    compare_waiting()
    assert Duplicate.objects.filter(first=pair[0], second=pair[1]).exists()


def test_a_customer_is_asked_whether_all_is_well_while_they_are_joined(
    complaint, customer, second, owner, any_hour
):
    remedy = actions.add_remedy(complaint=complaint, agent=owner, kind="information", what="How it is sealed")
    actions.done(remedy=remedy, agent=owner, words="Told on the phone.")
    complaint.follow_ups.update(due_at=timezone.now())

    both(lambda: join(gone=customer, kept=second, agent=owner), actions.send_due, customer)

    actions.send_due()
    assert complaint.follow_ups.get().sent_at is not None
    assert Contact.objects.get().customer == second
