"""Holds: what nothing may delete, neither by hand nor by a rule, until a lead lifts the hold."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from goodword.customers import registry as customers_registry
from goodword.customers.erasing import Counts, blank
from goodword.customers.models import Customer
from goodword.events.actions import record
from goodword.events.erasing import ERASED
from goodword.staff.access import require_lead
from goodword.staff.models import Agent

from . import access
from .actions.adding import tell
from .actions.parts import all_of
from .errors import NotPossible
from .models import Conversation, Hold

REASON_LENGTH = 500


@transaction.atomic
def hold(*, conversation: Conversation, by: Agent, reason: str) -> Hold:
    """Keep a conversation, with all that was merged into it, from being deleted.

    One that is held already stays as it is. Raises NotAllowed or NotPossible.
    """
    require_lead(by)
    words = _reason(reason)
    place = access.locked(by, conversation.pk)
    known = place.holds.filter(lifted_at=None).first()
    if known is not None:
        return known
    made = Hold.objects.create(conversation=place, reason=words, by=by)
    tell("conversation.held", place, agent=by, hold=made.pk, details={"reason": words})
    return made


@transaction.atomic
def hold_customer(*, customer: Customer, by: Agent, reason: str) -> Hold:
    """Keep a customer and all their conversations from being deleted. Raises NotAllowed, NotPossible."""
    require_lead(by)
    words = _reason(reason)
    locked = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if locked.erased_at is not None:
        raise NotPossible(gettext("This person was erased. There is nothing left to hold."))
    known = Hold.objects.filter(customer=customer, lifted_at=None).first()
    if known is not None:
        return known
    made = Hold.objects.create(customer=customer, reason=words, by=by)
    record(
        "customer.held",
        customer_id=customer.pk,
        agent_id=by.pk,
        data={"hold": made.pk, "details": {"reason": words}},
    )
    return made


@transaction.atomic
def lift(*, hold: Hold, by: Agent) -> Hold:
    """Let what was held be deleted again. Raises NotAllowed; lifting it twice is harmless."""
    require_lead(by)
    held = Hold.objects.select_for_update(of=("self",)).select_related("conversation").get(pk=hold.pk)
    if held.lifted_at is not None:
        return held
    held.lifted_at, held.lifted_by = timezone.now(), by
    held.save(update_fields=["lifted_at", "lifted_by"])
    if held.conversation is not None:
        tell("conversation.released", held.conversation, agent=by, hold=held.pk)
    else:
        record("customer.released", customer_id=held.customer_id, agent_id=by.pk, data={"hold": held.pk})
    return held


def get_hold(by: Agent, pk: int) -> Hold:
    """A hold, for those who may lift it. Raises NotAllowed or Hold.DoesNotExist."""
    require_lead(by)
    return Hold.objects.select_related("conversation", "customer").get(pk=pk)


def holds_of(conversation: Conversation) -> list[Hold]:
    """What holds a conversation now: itself, what was merged into it, or its customer. One query."""
    own = Q(conversation=conversation) | Q(customer=conversation.customer_id)
    here = Q(
        conversation__merges_away__target=conversation,
        conversation__merges_away__undone_at=None,
        conversation__state=Conversation.State.MERGED,
    )
    found = Hold.objects.filter(own | here, lifted_at=None)
    return list(found.select_related("by").order_by("id").distinct())


def holds_of_customer(customer: Customer) -> list[Hold]:
    """What holds a customer with all their conversations now."""
    return list(_open(Q(customer=customer)))


def held_conversations() -> Q:
    """Of a conversation in a query: it is held itself, or a conversation that was merged into it is."""
    direct = Hold.objects.filter(lifted_at=None, conversation=OuterRef("pk"))
    merged = Hold.objects.filter(
        lifted_at=None,
        conversation__state=Conversation.State.MERGED,
        conversation__merges_away__undone_at=None,
        conversation__merges_away__target=OuterRef("pk"),
    )
    return Exists(direct) | Exists(merged)


def on_hold() -> Q:
    """Of a conversation in a query: nothing of it may be deleted."""
    return held_conversations() | held_customers()


def held_customers() -> Q:
    """Of a conversation in a query: its customer is held."""
    return Q(Exists(Hold.objects.filter(lifted_at=None, customer=OuterRef("customer"))))


def why_held(conversation_ids: list[int]) -> str:
    """Why these conversations must not be deleted."""
    places = Conversation.objects.filter(pk__in=all_of(conversation_ids))
    mine = Q(conversation__in=places.values("pk")) | Q(customer__in=places.values("customer_id"))
    found = _open(mine).first()
    return _said(found) if found else ""


@customers_registry.obstacles.add
def customer_is_held(customer: Customer) -> Iterable[customers_registry.Obstacle]:
    """Why a customer cannot be erased."""
    for found in _open(Q(customer=customer) | Q(conversation__customer=customer)):
        place = found.conversation_id
        where = reverse("conversation", args=[place]) if place else reverse("customer", args=[customer.pk])
        yield customers_registry.Obstacle(_said(found), where)


@customers_registry.erasing.add
def erase_reasons(person: customers_registry.Person) -> Mapping[type[Model], int]:
    """Why somebody was once on hold is about them."""
    counts: Counts = {}
    blank(Hold.objects.filter(customer=person.number), counts, reason=ERASED)
    return counts


def _open(which: Q) -> "QuerySet[Hold]":
    return Hold.objects.filter(which, lifted_at=None).select_related("by").order_by("id")


def _said(held: Hold) -> str:
    return gettext("%(who)s put it on hold on %(day)s: %(reason)s") % {
        "who": held.by.name if held.by else gettext("Somebody"),
        "day": date_format(timezone.localtime(held.at), "j F Y"),
        "reason": held.reason,
    }


def _reason(given: str) -> str:
    words = " ".join(given.replace("\x00", "").split())[:REASON_LENGTH]
    if not words:
        raise NotPossible(gettext("Say why it must be kept. Whoever wants to delete it reads the reason."))
    return words
