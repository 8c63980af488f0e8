"""A person erased at their request."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.kit.jobs import nudge
from goodword.staff.access import require_administrator
from goodword.staff.models import Agent

from .. import registry
from ..erasing import as_known, carry_out, go_on, marks_of, person_of
from ..errors import CustomerError, StillOpen
from ..models import (
    Customer,
    CustomerAddress,
    CustomerHandle,
    CustomerPhone,
    CustomerReference,
    Erasure,
    Organisation,
)
from ..registry import Obstacle

REASON_LENGTH = 300


def in_the_way(customer: Customer) -> list[Obstacle]:
    """What is still open with a customer, so that they cannot be erased yet."""
    return [one for room in registry.obstacles for one in room(customer)]


@transaction.atomic
def erase(*, customer: Customer, by: Agent, number: str, reason: str = "") -> Erasure:
    """Erase a person for good: from here on they are found nowhere, and a job erases the rest piece by piece.

    `number` is the customer's, typed once more. Erasing again gives back the first erasure. Raises NotAllowed
    for all but administrators, CustomerError when the number is another one, and StillOpen with all that is
    not settled yet.
    """
    require_administrator(by)
    held = Customer.objects.select_for_update().filter(pk=customer.pk).first()
    if held is None:
        raise CustomerError(_("%(customer)s is gone meanwhile.") % {"customer": customer})
    known = Erasure.objects.filter(number=held.pk).order_by("-id").first()
    if held.erased_at is not None and known is not None:
        return known
    if number.strip().lstrip("#") != str(held.pk):
        sentence = _("'%(number)s' is not the number of this customer. Type %(right)d to erase them.")
        raise CustomerError(sentence % {"number": number.strip()[:20], "right": held.pk})
    against = in_the_way(held)
    if against:
        raise StillOpen(against)
    return begin(held, by=by, reason=" ".join(reason.split())[:REASON_LENGTH])


@transaction.atomic
def begin(held: Customer, *, by: Agent | None, reason: str = "", like: Erasure | None = None) -> Erasure:
    """Take a locked customer out of sight and have the rest erased; `like` is the erasure it repeats."""
    person = person_of(held, by_id=by.pk if by else None)
    erasure = like or Erasure(number=held.pk, at=person.until, by=by, reason=reason)
    erasure.marks = sorted({*erasure.marks, *marks_of(held, person.numbers)})
    erasure.numbers = sorted({*erasure.numbers, *person.numbers})
    erasure.known, erasure.finished_at = as_known(person), None
    erasure.save()
    for model in (CustomerAddress, CustomerPhone, CustomerHandle, CustomerReference):
        erased, _each = model.objects.filter(customer=held).delete()
        if erased:
            erasure.counts[model._meta.label_lower] = erasure.counts.get(model._meta.label_lower, 0) + erased
    erasure.save(update_fields=["counts"])
    _strip(held)
    nudge(go_on)
    return erasure


def finish(erasure: Erasure) -> Erasure:
    """Do now what is left of it, when no other process is at it."""
    carry_out(erasure.pk)
    erasure.refresh_from_db()
    return erasure


def _strip(held: Customer) -> None:
    """What is left of the record itself."""
    now = timezone.now()
    held.name = held.greeting_name = held.tier = held.language = held.time_zone = ""
    held.preferred_channel = Customer.Channel.NONE
    organisation, held.organisation, held.recovering_since = held.organisation_id, None, None
    held.erased_at = held.compared_at = now
    held.save()
    # One to which nobody else belongs bears, as like as not, their own name.
    if organisation is not None:
        Organisation.objects.filter(pk=organisation, customer=None).delete()
