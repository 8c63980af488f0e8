"""What is done about promises. Each verb is one transaction, writes its event, and is harmless when repeated.

`agent` is who does it; None stands for the house itself, such as a program with a token.
An overdue promise stays open, and shows as overdue, until somebody says what became of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.customers.models import Customer
from goodword.events.actions import record
from goodword.staff.models import Agent

from . import moments, registry
from .models import Outcome, Promise

WHAT_LENGTH = 500
QUOTE_LENGTH = 5_000
DUE_TEXT_LENGTH = 200
CONDITION_LENGTH = 300
NOTE_LENGTH = 20_000


class PromiseError(ValueError):
    """Something about a promise cannot be done; the text says what is wrong and what to do."""


@dataclass(frozen=True)
class NewPromise:
    """A promise about to be written down.

    `due_at` None: no time was named. `owner_id` None: whoever makes it sees to it.
    """

    what: str
    quote: str
    due_at: datetime | None
    whole_day: bool
    due_text: str
    condition: str = ""
    owner_id: int | None = None

    @classmethod
    def from_commitment(cls, commitment: Mapping[str, Any], *, owner_id: int | None = None) -> "NewPromise":
        """From a commitment of the coach in its JSON form, as it is or as a page sent it back.

        Raises ValueError, as a sentence, for an unusable due time; what is no text counts as empty.
        """
        words = {key: value for key, value in commitment.items() if isinstance(value, str)}
        due_at, whole_day = moments.due_moment(words.get("due"))
        return cls(
            what=words.get("action") or words.get("quote", ""),
            quote=words.get("quote", ""),
            due_at=due_at,
            whole_day=whole_day,
            due_text=words.get("due_text", ""),
            condition=words.get("condition", ""),
            owner_id=owner_id,
        )


@transaction.atomic
def make(
    *,
    customer: Customer,
    promise: NewPromise,
    made_by: Agent | None,
    at: datetime | None = None,
    conversation_id: int | None = None,
    mailbox_id: int | None = None,
) -> Promise:
    """Write a promise into the ledger; owned by whom it names, else by who made it.

    Give the conversation and mailbox when there are any: the event says so before the place is recorded.
    Raises PromiseError when it does not say what was promised.
    """
    what = _one_line(promise.what)[:WHAT_LENGTH]
    if not what:
        raise PromiseError(_("The promise does not say what was promised. Write it in a few words."))
    made = Promise.objects.create(
        customer=customer,
        what=what,
        quote=_clean(promise.quote)[:QUOTE_LENGTH],
        due_at=moments.checked(promise.due_at) if promise.due_at else None,
        whole_day=promise.whole_day and promise.due_at is not None,
        due_text=_one_line(promise.due_text)[:DUE_TEXT_LENGTH],
        condition=_one_line(promise.condition)[:CONDITION_LENGTH],
        owner=_owner(promise.owner_id) if promise.owner_id else made_by,
        made_by=made_by,
        made_at=at or timezone.now(),
    )
    place = (conversation_id, mailbox_id) if conversation_id else None
    write_event("promise.made", made, agent=made_by, place=place)
    return made


def keep(*, promise: Promise, agent: Agent | None, note: str = "") -> Promise:
    """It was done."""
    return _settle(promise, agent, Outcome.Kind.KEPT, Promise.State.KEPT, note)


def break_(*, promise: Promise, agent: Agent | None, note: str = "") -> Promise:
    """It was not done; the note says why."""
    return _settle(promise, agent, Outcome.Kind.BROKEN, Promise.State.BROKEN, note)


def withdraw(*, promise: Promise, agent: Agent | None, note: str = "") -> Promise:
    """It does not hold any more: the customer no longer needs it, or it never was a promise."""
    return _settle(promise, agent, Outcome.Kind.WITHDRAWN, Promise.State.WITHDRAWN, note)


def reopen(*, promise: Promise, agent: Agent | None, note: str = "") -> Promise:
    """It was settled by mistake, and holds still."""
    return _settle(promise, agent, Outcome.Kind.REOPENED, Promise.State.OPEN, note)


@transaction.atomic
def renegotiate(
    *, promise: Promise, agent: Agent | None, due_at: datetime | None, whole_day: bool = False, note: str = ""
) -> Promise:
    """The customer agreed to another time; a promise that was settled holds again from now on."""
    promise = _locked(promise)
    due_at = moments.checked(due_at) if due_at else None
    whole_day = whole_day and due_at is not None
    if promise.state == Promise.State.OPEN and (promise.due_at, promise.whole_day) == (due_at, whole_day):
        return promise
    before = promise.due_at
    promise.due_at, promise.whole_day, promise.due_text = due_at, whole_day, ""
    promise.state = Promise.State.OPEN
    promise.save(update_fields=["due_at", "whole_day", "due_text", "state"])
    _say(promise, agent, Outcome.Kind.RENEGOTIATED, note, due_before=before, due_after=due_at)
    return promise


@transaction.atomic
def reassign(*, promise: Promise, agent: Agent | None, owner: Agent | None) -> Promise:
    """Make somebody else answer for it, or nobody. Raises PromiseError for an agent who has left."""
    promise = _locked(promise)
    if promise.owner_id == (owner.pk if owner else None):
        return promise
    promise.owner = _owner(owner.pk) if owner else None
    promise.save(update_fields=["owner"])
    write_event("promise.reassigned", promise, agent=agent, owner=promise.owner_id)
    return promise


def write_event(
    kind: str,
    promise: Promise,
    *,
    agent: Agent | None,
    place: tuple[int | None, int | None] | None = None,
    **data: Any,
) -> None:
    """Record what happened to a promise, with where it was made."""
    conversation_id, mailbox_id = place or _place(promise)
    facts = {
        "promise": promise.pk,
        "what": promise.what,
        "due_at": promise.due_at.isoformat() if promise.due_at else None,
        "whole_day": promise.whole_day,
        "owner": promise.owner_id,
    }
    record(
        kind,
        conversation_id=conversation_id,
        customer_id=promise.customer_id,
        mailbox_id=mailbox_id,
        agent_id=agent.pk if agent else None,
        data=facts | data,
    )


@transaction.atomic
def _settle(
    promise: Promise, agent: Agent | None, kind: Outcome.Kind, state: Promise.State, note: str
) -> Promise:
    promise = _locked(promise)
    if promise.state == state:
        return promise
    promise.state = state
    promise.save(update_fields=["state"])
    _say(promise, agent, kind, note)
    return promise


def _say(
    promise: Promise, agent: Agent | None, kind: Outcome.Kind, note: str, **due: datetime | None
) -> None:
    note = _clean(note)[:NOTE_LENGTH]
    Outcome.objects.create(promise=promise, kind=kind, by=agent, note=note, **due)
    write_event(f"promise.{kind.value}", promise, agent=agent, note=note)


def _locked(promise: Promise) -> Promise:
    return Promise.objects.select_for_update(no_key=True).get(pk=promise.pk)


def _owner(pk: int) -> Agent:
    owner = Agent.objects.filter(pk=pk, is_active=True).first()
    if owner is None:
        raise PromiseError(_("Whoever was to see to the promise does not work here. Choose somebody else."))
    return owner


def _place(promise: Promise) -> tuple[int | None, int | None]:
    for place_of in registry.place_of:
        place = place_of(promise.pk)
        if place is not None:
            return place
    return None, None


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()


def _one_line(text: str) -> str:
    return " ".join(_clean(text).split())
