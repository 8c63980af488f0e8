"""Who a customer is: name, organisation, and what the team remembers."""

from typing import Any, TypedDict, Unpack
from zoneinfo import available_timezones

from django.db import connection, transaction
from django.utils.translation import gettext as _

from goodword.staff.access import NotAllowed
from goodword.staff.models import Agent

from .. import registry
from ..errors import CustomerError
from ..models import Customer, CustomerNote, Organisation
from ..telling import tell
from .finding import printable, tidy_name

NOTE_LENGTH = 20_000
LONGEST = {"greeting_name": 200, "tier": 40, "preferred_channel": 10, "language": 10, "time_zone": 60}


@transaction.atomic
def rename(*, customer: Customer, name: str, agent: Agent | None) -> Customer:
    """Give the customer another name; an empty one is allowed and shows the address instead."""
    tidy = tidy_name(name)
    customer = locked(customer)
    if customer.name != tidy:
        before, customer.name = customer.name, tidy
        customer.save(update_fields=["name"])
        tell("customer.renamed", customer, agent, before=before, name=tidy)
        compare_anew(customer)
    return customer


@transaction.atomic
def set_organisation(*, customer: Customer, name: str, agent: Agent | None) -> Customer:
    """Put the customer into the organisation of that name, made when new; an empty name takes them out."""
    tidy = tidy_name(name)
    customer = locked(customer)
    organisation = organisation_named(tidy) if tidy else None
    if customer.organisation_id != (organisation.pk if organisation else None):
        customer.organisation = organisation
        customer.save(update_fields=["organisation"])
        tell("customer.organisation_set", customer, agent, name=tidy)
        compare_anew(customer)
    return customer


class Details(TypedDict, total=False):
    """What may be said of a customer beside the name; each is a text, empty for nothing."""

    greeting_name: str
    tier: str
    preferred_channel: str
    language: str
    time_zone: str


@transaction.atomic
def describe(*, customer: Customer, agent: Agent | None, **details: Unpack[Details]) -> Customer:
    """How they want to be addressed, their tier, preferred channel, language and time zone.

    What is not named stays. Raises CustomerError for a channel or a time zone that there is not.
    """
    customer = locked(customer)
    changed: dict[str, Any] = {}
    for name, value in details.items():
        tidy = _tidy_detail(name, str(value))
        if getattr(customer, name) != tidy:
            changed[name] = tidy
            setattr(customer, name, tidy)
    if changed:
        customer.save(update_fields=list(changed))
        tell("customer.described", customer, agent, changed=changed)
    if "tier" in changed:
        for told in registry.changed:
            told(customer)
    return customer


def compare_anew(customer: Customer) -> None:
    """Look for others who may be the same person, now that more is known of this one."""
    Customer.objects.filter(pk=customer.pk, compared_at__isnull=False).update(compared_at=None)
    customer.compared_at = None


def _tidy_detail(name: str, value: str) -> str:
    tidy = printable(value)
    if name == "preferred_channel" and tidy not in Customer.Channel.values:
        known = ", ".join(channel for channel in Customer.Channel.values if channel)
        sentence = _("'%(channel)s' is no channel. Use one of these: %(known)s.")
        raise CustomerError(sentence % {"channel": tidy[:60], "known": known})
    if name == "time_zone" and tidy and tidy not in available_timezones():
        sentence = _("'%(zone)s' is no time zone. Name one such as Europe/Berlin.")
        raise CustomerError(sentence % {"zone": tidy[:60]})
    return tidy[: LONGEST[name]]


@transaction.atomic
def add_note(*, customer: Customer, author: Agent | None, body: str) -> CustomerNote:
    """Write down what the team wants to remember. Raises CustomerError when there is nothing in it."""
    locked(customer)
    body = body.replace("\x00", "").strip()[:NOTE_LENGTH]
    if not body:
        raise CustomerError(_("The note is empty. Write a few words first."))
    note = CustomerNote.objects.create(customer=customer, author=author, body=body)
    tell("customer.note_added", customer, author, note=note.pk)
    return note


@transaction.atomic
def remove_note(*, note: CustomerNote, agent: Agent) -> None:
    """Take a note away: its author may, and a lead. Raises NotAllowed."""
    if note.author_id != agent.pk and not agent.is_lead:
        raise NotAllowed(_("Only the author of a note or a lead may take it away. Ask one of them."))
    removed, _kinds = CustomerNote.objects.filter(pk=note.pk).delete()
    if removed:
        tell("customer.note_removed", note.customer, agent)


def organisation_named(name: str) -> Organisation:
    with connection.cursor() as cursor:
        # Two agents typing the same new name at once make one organisation.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('organisation'), hashtext(lower(%s)))", [name])
    return Organisation.objects.filter(name__iexact=name).first() or Organisation.objects.create(name=name)


def locked(customer: Customer) -> Customer:
    """The customer with the row locked; raises CustomerError for somebody who was erased."""
    held = Customer.objects.select_for_update(no_key=True, of=("self",)).get(pk=customer.pk)
    refuse_erased(held)
    return held


def refuse_erased(customer: Customer) -> None:
    """Raise CustomerError for somebody who was erased: nothing is written about them any more."""
    if customer.erased_at is not None:
        raise CustomerError(_("This person was erased. Nothing can be written about them any more."))
