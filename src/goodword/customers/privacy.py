"""What goes when a person is erased: of this room, and of the rooms below, which know no customers."""

from collections.abc import Iterable, Mapping

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from goodword.events.models import Event
from goodword.mail import actions as mail
from goodword.mail.models import Suppression

from . import registry
from .erasing import Counts, add, blank, take
from .models import (
    Consent,
    Contact,
    Customer,
    CustomerAddress,
    CustomerHandle,
    CustomerNote,
    CustomerPhone,
    CustomerReference,
    CustomValue,
    Duplicate,
    Import,
    Joining,
    Moment,
    Purchase,
    Subscription,
)
from .registry import Person

OWN: tuple[type[Model], ...] = (
    CustomerAddress,
    CustomerPhone,
    CustomerHandle,
    CustomerReference,
    CustomerNote,
    CustomValue,
    Consent,
    Purchase,
    Subscription,
    Moment,
    Contact,
)
# Of these the log says no word of anybody.
WORDLESS = ("conversation.removed", "customer.erased")


@registry.going.add
def record_goes(person: Person) -> Iterable[tuple[type[Model], int]]:
    """The record itself."""
    for model in OWN:
        yield model, model._base_manager.filter(customer=person.number).count()
    yield Import, _imports(person).count()


@registry.staying.add
def record_stays(person: Person) -> Iterable[str]:
    """The number, and who wants no mail."""
    yield _("The number %(number)d, because sums and cases name it, and this erasure, as its proof.") % {
        "number": person.number
    }
    if Suppression.objects.filter(address__in=person.addresses, lifted_at=None).exists():
        yield _("That their address gets no more notices: not the address, but a mark by which it is known.")


@registry.erasing.add
def erase_log(person: Person) -> Mapping[type[Model], int]:
    """What is told of them: first, and so after every other room has written its last event."""
    counts: Counts = {}
    told = Event.objects.filter(customer_id__in=person.numbers, conversation_id=None).exclude(
        kind__in=WORDLESS
    )
    _done = take(told, counts) or _erase_names_of_the_joined(person, counts)
    return counts


@registry.erasing.add
def erase_mail(person: Person) -> Mapping[type[Model], int]:
    """Mails that made no message, who gets no mail, and what servers said."""
    counts: Counts = dict(
        mail.forget_addresses(addresses=person.addresses, until=person.until, agent_id=person.by_id)
    )
    if counts:
        return counts
    add(counts, Suppression, mail.hide_suppressions(addresses=person.addresses))
    domains = {address.rpartition("@")[2] for address in person.addresses}
    others = {one for one in domains if CustomerAddress.objects.filter(address__endswith=f"@{one}").exists()}
    mail.forget_paces(domains=domains - others, names=person.addresses)
    return counts


@registry.erasing.add
def erase_record(person: Person) -> Mapping[type[Model], int]:
    """The record and what hangs on it."""
    counts: Counts = {}
    if any(take(model._base_manager.filter(customer=person.number), counts) for model in OWN):
        return counts
    if take(Duplicate.objects.filter(Q(first=person.number) | Q(second=person.number)), counts):
        return counts
    if blank(_joinings(person), counts, gone_name="", moved={}, aside=[], before={}, after={}) or take(
        _imports(person), counts
    ):
        return counts
    Customer.objects.filter(pk=person.number).exclude(recovering_since=None).update(recovering_since=None)
    return counts


def _joinings(person: Person) -> "QuerySet[Joining]":
    return Joining.objects.filter(Q(kept_number__in=person.numbers) | Q(gone_number__in=person.numbers))


def _imports(person: Person) -> "QuerySet[Import]":
    """Files that wait to be taken in and name them: taken in later, they would bring everything back."""
    named = Q()
    for address in person.addresses:
        named |= Q(text__icontains=address)
    if not person.addresses:
        return Import.objects.none()
    waiting = Import.objects.filter(named, done_at=None, at__lte=person.until).values_list("pk", "text")
    found = mail.naming(person.addresses)
    return Import.objects.filter(pk__in=[pk for pk, text in waiting if found.search(text)])


def _erase_names_of_the_joined(person: Person, counts: Counts) -> bool:
    """In the log of others with whom they were joined by mistake."""
    others = {one for pair in _joinings(person).values_list("kept_number", "gone_number") for one in pair}
    told = Event.objects.filter(customer_id__in=others - set(person.numbers), kind__startswith="customer.")
    about = Q()
    for number in person.numbers:
        about |= Q(data__details__other=number) | Q(data__details__gone=number)
    return take(told.filter(about), counts)
