"""What another system says of a customer."""

from django.db import transaction

from goodword.staff.models import Agent

from ..facts import CustomerFacts, Who
from ..models import Customer
from .buying import Put, tidy_source
from .knowing import Known, customer_behind
from .own_fields import set_values
from .reach import add_phone
from .record import Details, describe, rename, set_organisation

_DETAILS = tuple(Details.__annotations__)


@transaction.atomic
def put_customer(
    *, source: str, who: Who, facts: CustomerFacts, agent: Agent | None = None, known: Known | None = None
) -> Put:
    """Make a customer, or change what is said of the one who is known; the same again is harmless.

    All of it or nothing: raises CustomerError for the first thing that does not fit.
    """
    customer, is_new = customer_behind(who, source=tidy_source(source), known=known or Known())
    before = _known_of(customer)
    if facts.name is not None:
        customer = rename(customer=customer, name=facts.name, agent=agent)
    if facts.organisation is not None:
        customer = set_organisation(customer=customer, name=facts.organisation, agent=agent)
    details = {name: getattr(facts, name) for name in _DETAILS if getattr(facts, name) is not None}
    if details:
        customer = describe(customer=customer, agent=agent, **details)
    if facts.phone:
        add_phone(customer=customer, number=facts.phone, agent=agent)
    if facts.fields:
        set_values(of=customer, values=facts.fields, agent=agent)
    changed = before != _known_of(customer)
    return Put(customer, "new" if is_new else "changed" if changed else "same", is_new)


def _known_of(customer: Customer) -> tuple[object, ...]:
    """Enough to tell whether anything that can be said was changed."""
    own = tuple(getattr(customer, name) for name in ("name", "organisation_id", *_DETAILS))
    phones = tuple(customer.phones.order_by("id").values_list("number", flat=True))
    values = tuple(customer.values.order_by("field_id").values_list("field_id", "value"))
    return (*own, phones, values)
