"""By what a customer is reached."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.staff.models import Agent

from .. import access, phones
from ..errors import AddressTaken, CustomerError
from ..models import Customer, CustomerAddress, CustomerHandle, CustomerPhone, CustomerReference
from ..telling import tell
from .finding import insert_address, printable, tidy_address
from .record import compare_anew, locked


@transaction.atomic
def add_address(*, customer: Customer, address: str, agent: Agent | None) -> CustomerAddress:
    """Add an address; adding one the customer has is harmless. Raises AddressTaken or CustomerError."""
    address = tidy_address(address)
    if insert_address(customer, address, timezone.now()):
        tell("customer.address_added", customer, agent, address=address)
        compare_anew(customer)
    row = CustomerAddress.objects.select_related("customer").get(address=address)
    if row.customer_id != customer.pk:
        raise AddressTaken(address, access.visible(agent).filter(pk=row.customer_id).first())
    return row


@transaction.atomic
def remove_address(*, customer: Customer, address: str, agent: Agent | None) -> None:
    """Take an address away; the last one stays, because mail could not reach the customer any more."""
    address = tidy_address(address)
    customer = locked(customer)
    held = list(customer.addresses.values_list("address", flat=True))
    if address not in held:
        return
    if len(held) == 1:
        raise CustomerError(
            _("%(address)s is the only address of %(customer)s. Add another one first.")
            % {"address": address, "customer": customer}
        )
    customer.addresses.filter(address=address).delete()
    tell("customer.address_removed", customer, agent, address=address)


@transaction.atomic
def add_phone(*, customer: Customer, number: str, label: str = "", agent: Agent | None) -> CustomerPhone:
    """Add a phone number, as it is typed; adding one the customer has changes only its label.

    Raises CustomerError for what is no number. Several customers may have the same one.
    """
    found = phones.read(number, time_zone=customer.time_zone)
    label = printable(label)[:60]
    row, made = CustomerPhone.objects.get_or_create(
        customer=customer, number=found.number, defaults={"shown": found.shown, "label": label}
    )
    if made:
        tell("customer.phone_added", customer, agent, number=found.shown)
        compare_anew(customer)
    elif label and row.label != label:
        row.label = label
        row.save(update_fields=["label"])
    return row


@transaction.atomic
def remove_phone(*, phone: CustomerPhone, agent: Agent | None) -> None:
    """Take a phone number away; doing so twice is harmless."""
    removed, _kinds = CustomerPhone.objects.filter(pk=phone.pk).delete()
    if removed:
        tell("customer.phone_removed", phone.customer, agent, number=phone.shown)


@transaction.atomic
def add_handle(*, customer: Customer, network: str, handle: str, agent: Agent | None) -> CustomerHandle:
    """Add the customer's name in a network; adding one they have is harmless.

    Raises CustomerError when it is another customer's, or empty.
    """
    network, handle = printable(network)[:40], printable(handle)[:200]
    if not network or not handle:
        raise CustomerError(_("A handle needs a network and a name, as 'Instagram' and '@ada'."))
    known = CustomerHandle.objects.filter(network__iexact=network, handle__iexact=handle)
    row = known.select_related("customer").first()
    if row is None:
        row = CustomerHandle.objects.create(customer=customer, network=network, handle=handle)
        tell("customer.handle_added", customer, agent, handle=str(row))
    elif row.customer_id != customer.pk:
        other = access.visible(agent).filter(pk=row.customer_id).first()
        sentence = _("%(handle)s belongs to %(customer)s already. Take it away there first.")
        raise CustomerError(sentence % {"handle": row, "customer": other or _("a customer of another team")})
    return row


@transaction.atomic
def remove_handle(*, handle: CustomerHandle, agent: Agent | None) -> None:
    """Take a handle away; doing so twice is harmless."""
    removed, _kinds = CustomerHandle.objects.filter(pk=handle.pk).delete()
    if removed:
        tell("customer.handle_removed", handle.customer, agent, handle=str(handle))


@transaction.atomic
def add_reference(*, customer: Customer, source: str, external_id: str) -> CustomerReference:
    """Remember by which number another system knows the customer; CustomerError if it is another's."""
    row, _made = CustomerReference.objects.select_related("customer").get_or_create(
        source=source, external_id=external_id, defaults={"customer": customer}
    )
    if row.customer_id != customer.pk:
        sentence = _("%(reference)s is another customer already. Join the two if they are one person.")
        raise CustomerError(sentence % {"reference": row})
    return row
