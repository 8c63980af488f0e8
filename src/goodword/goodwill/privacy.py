"""The ledger of gestures to a person who is erased: the sums stay, without the person and without words.

The database lets exactly this go and nothing else: the customer, and with them the words of the reason.
"""

from collections.abc import Iterable, Mapping

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from goodword.customers import registry
from goodword.customers.erasing import Counts, add, blank
from goodword.customers.models import Customer
from goodword.customers.registry import Obstacle, Person

from .models import ApprovalRequest, Gesture, Voucher, VoucherRedemption


@registry.obstacles.add
def waiting_for_approval(customer: Customer) -> Iterable[Obstacle]:
    """Somebody has still to decide on what they are given."""
    asked = ApprovalRequest.objects.filter(customer=customer, state=ApprovalRequest.State.OPEN)
    if asked.exists():
        yield Obstacle(
            _("An offer to them waits for approval. Let it be decided first, or take it back."),
            reverse("approvals"),
        )


@registry.going.add
def words_go(person: Person) -> Iterable[tuple[type[Model], int]]:
    """How many rows lose the person and their words."""
    for rows in (_gestures(person), _requests(person), _vouchers(person)):
        yield rows.model, rows.count()


@registry.staying.add
def sums_stay(person: Person) -> Iterable[str]:
    """Books must add up."""
    if _gestures(person).exists():
        yield _(
            "What was given in the ledger of goodwill, with day and amount, because the sums must add up."
        )
    if _vouchers(person).exists():
        yield _("Codes of vouchers, so that a till still knows them.")


@registry.erasing.add
def erase_gestures(person: Person) -> Mapping[type[Model], int]:
    """Redemptions and requests before the rows that name the person, by which they are found."""
    counts: Counts = {}
    used = VoucherRedemption.objects.filter(voucher__in=_vouchers(person)).exclude(reference="")
    if blank(used, counts, reference=""):
        return counts
    now = Q(state=ApprovalRequest.State.OPEN)
    _requests(person).filter(now).update(state=ApprovalRequest.State.WITHDRAWN)
    add(counts, ApprovalRequest, _requests(person).update(customer=None, reason="", decision=""))
    add(counts, Voucher, _vouchers(person).update(customer=None))
    add(counts, Gesture, _gestures(person).update(customer=None, reason=""))
    return counts


def _gestures(person: Person) -> "QuerySet[Gesture]":
    return Gesture.objects.filter(customer__in=person.numbers)


def _requests(person: Person) -> "QuerySet[ApprovalRequest]":
    own = Q(customer__in=person.numbers) | Q(gesture__customer__in=person.numbers)
    return ApprovalRequest.objects.filter(pk__in=ApprovalRequest.objects.filter(own).values("pk"))


def _vouchers(person: Person) -> "QuerySet[Voucher]":
    return Voucher.objects.filter(customer__in=person.numbers)
