"""Writing a promise down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.customers.models import Customer
from goodword.staff.models import Agent, Membership

from .. import moments
from ..models import Promise
from ..spans import Span, span_in
from .writing import DUE_TEXT_LENGTH, PromiseError, at_work, clean, one_line, write_event

WHAT_LENGTH = 500
QUOTE_LENGTH = 5_000
CONDITION_LENGTH = 300


@dataclass(frozen=True)
class NewPromise:
    """A promise about to be written down.

    `due_at` None: no time was named. `owner_id` None: whoever makes it sees to it. `team_id` None: the
    owner's team, when they have one only. `after` is the time from the moment the condition is met.
    `made_from` is what made it, as ('complaints.complaint', 7).
    """

    what: str
    quote: str
    due_at: datetime | None
    whole_day: bool
    due_text: str
    condition: str = ""
    owner_id: int | None = None
    kind: str = Promise.Kind.DO
    source: str = Promise.Source.HAND
    team_id: int | None = None
    after: Span | None = None
    made_from: tuple[str, int] | None = None

    @classmethod
    def from_commitment(
        cls,
        commitment: Mapping[str, Any],
        *,
        owner_id: int | None = None,
        source: str = Promise.Source.REPLY,
    ) -> "NewPromise":
        """From a commitment of the coach in its JSON form, as it is or as a page sent it back.

        Raises ValueError, as a sentence, for an unusable due time; what is no text counts as empty.
        """
        words = {key: value for key, value in commitment.items() if isinstance(value, str)}
        due_at, whole_day = moments.due_moment(words.get("due"))
        condition, quote = words.get("condition", ""), words.get("quote", "")
        waits = bool(condition) and due_at is None
        return cls(
            what=words.get("action") or quote,
            quote=quote,
            due_at=due_at,
            whole_day=whole_day,
            due_text=words.get("due_text", ""),
            condition=condition,
            owner_id=owner_id,
            kind=words["kind"] if words.get("kind") in Promise.Kind.values else Promise.Kind.DO,
            source=source,
            after=(span_in(words.get("due_text", "")) or span_in(quote)) if waits else None,
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
    what = one_line(promise.what)[:WHAT_LENGTH]
    if not what:
        raise PromiseError(_("The promise does not say what was promised. Write it in a few words."))
    owner = at_work(promise.owner_id) if promise.owner_id else made_by
    condition = one_line(promise.condition)[:CONDITION_LENGTH]
    after = promise.after if condition else None
    from_kind, from_id = promise.made_from or ("", None)
    at = at or timezone.now()
    made = Promise.objects.create(
        customer=customer,
        kind=_known(promise.kind, Promise.Kind.values),
        what=what,
        quote=clean(promise.quote)[:QUOTE_LENGTH],
        due_at=moments.checked(promise.due_at) if promise.due_at else None,
        whole_day=promise.whole_day and promise.due_at is not None,
        due_text=one_line(promise.due_text)[:DUE_TEXT_LENGTH],
        condition=condition,
        after=after.amount if after else None,
        after_unit=after.unit if after else "",
        owner=owner,
        team_id=promise.team_id or _only_team(owner),
        made_by=made_by,
        made_at=at,
        source=_known(promise.source, Promise.Source.values),
        made_from=from_kind,
        made_from_id=from_id,
        watch_at=at,
    )
    place = (conversation_id, mailbox_id) if conversation_id else None
    write_event("promise.made", made, agent=made_by, place=place)
    return made


def same_as(promise: NewPromise) -> Q:
    """The promises that say the same, of what an agent types."""
    return Q(
        what=one_line(promise.what)[:WHAT_LENGTH],
        condition=one_line(promise.condition)[:CONDITION_LENGTH],
        due_at=promise.due_at,
    )


def _known(value: str, values: list[str]) -> str:
    if value not in values:
        raise PromiseError(
            _("'%(value)s' is none of these: %(values)s. Choose one of them.")
            % {"value": value[:60], "values": ", ".join(values)}
        )
    return value


def _only_team(owner: Agent | None) -> int | None:
    """The owner's team; None for somebody of several or of none."""
    if owner is None:
        return None
    teams = list(Membership.objects.filter(agent=owner).values_list("team_id", flat=True)[:2])
    return teams[0] if len(teams) == 1 else None
