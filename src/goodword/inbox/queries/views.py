"""The lists of the inbox: each view walks one partial index, a page costs three queries."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, CharField, DateTimeField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext

from goodword.events import queries as events
from goodword.promises.models import Promise
from goodword.staff.models import Agent

from .. import access
from ..errors import BadCursor, NotPossible
from ..models import Conversation, ConversationPromise, ConversationTag, Tag

# What a line shows beside the conversation itself. Written out, as putting the four together anew for each
# page cost more than to have them answered.
_ADDRESS = """(
  SELECT address FROM customers_customeraddress
  WHERE customer_id = inbox_conversation.customer_id ORDER BY id LIMIT 1)"""
_TAGS = """ARRAY(
  SELECT tag.name FROM inbox_conversationtag AS own JOIN inbox_tag AS tag ON tag.id = own.tag_id
  WHERE own.conversation_id = inbox_conversation.id ORDER BY tag.name)"""
_PROMISE = """(
  SELECT promise.due_at FROM promises_promise AS promise
  JOIN inbox_conversationpromise AS place ON place.promise_id = promise.id
  WHERE place.conversation_id = inbox_conversation.id AND promise.state = 'open'
  ORDER BY promise.due_at, promise.id LIMIT 1)"""
_DRAFT = """EXISTS(
  SELECT FROM inbox_draft WHERE conversation_id = inbox_conversation.id AND agent_id = %s)"""
# What the service clock measures that is due first.
_DUE = """CASE WHEN inbox_conversation.reply_due_at IS NOT NULL THEN (
  SELECT kind FROM inbox_serviceclock
  WHERE conversation_id = inbox_conversation.id AND ended_at IS NULL AND due_at IS NOT NULL
  ORDER BY due_at LIMIT 1) END"""

State = Conversation.State
VIEWS = ("mine", "unassigned", "open", "waiting", "due", "snoozed", "closed", "promises")
PROMISED = "promises"
TEAM = "team-"
PAGE_LIMIT = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR_LENGTH = 80
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list. The conversation comes with its customer and assignee."""

    conversation: Conversation
    who: str
    tags: tuple[str, ...]
    has_draft: bool
    promise_due: datetime | None
    due_kind: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a list. `newest` is the place in the event log it holds as of, for the live stream."""

    rows: tuple[Row, ...]
    next_cursor: str | None
    newest: str


@dataclass(frozen=True, slots=True)
class View:
    """What a list holds, and the column its order and its keyset go by."""

    holds: Callable[[QuerySet[Conversation], Agent | None], QuerySet[Conversation]]
    key: str
    newest_first: bool

    @property
    def order(self) -> tuple[str, str]:
        return (f"-{self.key}", "-id") if self.newest_first else (self.key, "id")


_VIEWS: dict[str, View] = {
    "mine": View(
        lambda seen, agent: seen.filter(state=State.OPEN, assignee=agent), "last_at", newest_first=True
    ),
    "unassigned": View(
        lambda seen, _: seen.filter(state=State.OPEN, assignee=None), "last_at", newest_first=True
    ),
    "open": View(lambda seen, _: seen.filter(state=State.OPEN), "last_at", newest_first=True),
    "waiting": View(
        lambda seen, _: seen.filter(state=State.OPEN, waiting_since__isnull=False),
        "waiting_since",
        newest_first=False,
    ),
    "due": View(
        lambda seen, _: seen.filter(state=State.OPEN, reply_due_at__isnull=False),
        "reply_due_at",
        newest_first=False,
    ),
    "snoozed": View(lambda seen, _: seen.filter(state=State.SNOOZED), "snoozed_until", newest_first=False),
    "closed": View(lambda seen, _: seen.filter(state=State.CLOSED), "last_at", newest_first=True),
}


def team_view(pk: int) -> str:
    """What the list of a team's open conversations is called."""
    return f"{TEAM}{pk}"


def team_of(view: str) -> int | None:
    """The team whose list a view is; None for every other view."""
    number = view.removeprefix(TEAM)
    given = view.startswith(TEAM) and number.isascii() and number.isdigit() and len(number) < 19
    return int(number) if given else None


def _view(name: str) -> View:
    team = team_of(name)
    if team is None:
        return _VIEWS[name]
    return View(lambda seen, _: seen.filter(state=State.OPEN, team=team), "last_at", newest_first=True)


def page(
    agent: Agent | None, view: str, *, cursor: str | None = None, limit: int = 25, tag: str | None = None
) -> Page:
    """One page of one of the VIEWS or of a `team_view`. Raises BadCursor for a cursor it did not give out."""
    if view not in VIEWS and team_of(view) is None:
        raise NotPossible(
            gettext("There is no list '%(view)s'. The lists are %(views)s.")
            % {"view": view[:40], "views": ", ".join(VIEWS)}
        )
    limit = max(1, min(limit, PAGE_LIMIT))
    newest = str(events.now())
    seen = access.conversations(agent)
    if tag:
        # By the tag's number: for each number the planner knows whether it is a common or a rare tag.
        number = Tag.objects.filter(name=Tag.written(tag)).values_list("pk", flat=True).first() or 0
        seen = seen.filter(pk__in=ConversationTag.objects.filter(tag=number).values("conversation"))
    place = read_cursor(cursor, view) if cursor else None
    listed = _promised if view == PROMISED else _listed
    rows, more = listed(seen, agent, view, place, limit)
    return Page(tuple(rows), more, newest)


Place = tuple[datetime, int]


def _listed(
    seen: QuerySet[Conversation], agent: Agent | None, view: str, place: Place | None, limit: int
) -> tuple[list[Row], str | None]:
    chosen = _view(view)
    found = chosen.holds(seen, agent)
    if place:
        found = _after(found, chosen, *place)
    listed = list(with_row(found, agent).order_by(*chosen.order)[: limit + 1])
    last = listed[limit - 1] if len(listed) > limit else None
    further = write_cursor(view, getattr(last, chosen.key), last.pk) if last else None
    return [as_row(one) for one in listed[:limit]], further


def _promised(
    seen: QuerySet[Conversation], agent: Agent | None, view: str, place: Place | None, limit: int
) -> tuple[list[Row], str | None]:
    """Conversations by their promise that comes due first; read along the promises, not the conversations."""
    due = _due_places(seen)
    if place:
        at, pk = place
        due = due.filter(promise__due_at__gte=at).filter(Q(promise__due_at__gt=at) | Q(promise__gt=pk))
    sooner = ConversationPromise.objects.filter(
        Q(promise__due_at__lt=OuterRef("promise__due_at"))
        | Q(promise__due_at=OuterRef("promise__due_at"), promise__lt=OuterRef("promise_id")),
        conversation=OuterRef("conversation_id"),
        promise__state=Promise.State.OPEN,
    )
    firsts = due.exclude(Exists(sooner)).values_list("promise__due_at", "promise_id", "conversation_id")
    listed = list(firsts[: limit + 1])
    held = [conversation for _at, _promise, conversation in listed[:limit]]
    rows = {one.pk: as_row(one) for one in with_row(seen.filter(pk__in=held), agent)}
    last = listed[limit - 1] if len(listed) > limit else None
    further = write_cursor(view, last[0], last[1]) if last and last[0] else None
    return [rows[pk] for pk in held if pk in rows], further


def _due_places(seen: QuerySet[Conversation]) -> QuerySet[ConversationPromise]:
    places = ConversationPromise.objects.filter(
        promise__state=Promise.State.OPEN, promise__due_at__isnull=False
    )
    if seen.query.has_filters():
        places = places.filter(conversation__in=seen)
    return places.order_by("promise__due_at", "promise_id")


def _after(found: QuerySet[Conversation], view: View, at: datetime, pk: int) -> QuerySet[Conversation]:
    # The first condition is what the index is entered by; the second settles equal moments.
    sign, further = ("lte", "lt") if view.newest_first else ("gte", "gt")
    beyond = Q(**{f"{view.key}__{further}": at}) | Q(**{f"id__{further}": pk})
    return found.filter(**{f"{view.key}__{sign}": at}).filter(beyond)


def with_row(found: QuerySet[Conversation], agent: Agent | None) -> QuerySet[Conversation]:
    """Add what a line of a list shows; read only for the lines that are returned."""
    return found.select_related("customer", "assignee").annotate(
        row_address=RawSQL(_ADDRESS, [], CharField()),  # noqa: S611 nothing is put into any of the five
        row_tags=RawSQL(_TAGS, [], ArrayField(CharField())),  # noqa: S611
        row_promise=RawSQL(_PROMISE, [], DateTimeField()),  # noqa: S611
        row_due=RawSQL(_DUE, [], CharField()),  # noqa: S611
        row_draft=RawSQL(_DRAFT, [agent.pk if agent else None], BooleanField()),  # noqa: S611
    )


def as_row(place: Conversation) -> Row:
    """A line from a conversation that `with_row` was asked for."""
    given = place.__dict__
    return Row(
        conversation=place,
        who=place.customer.name or given["row_address"] or str(place.customer),
        tags=tuple(given["row_tags"]),
        has_draft=given["row_draft"],
        promise_due=given["row_promise"],
        due_kind=given["row_due"] or "",
    )


def write_cursor(view: str, at: datetime, pk: int) -> str:
    """The place after this row, as a text without meaning to others."""
    micros = (at - _EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(f"{view}:{micros}:{pk}".encode()).decode().rstrip("=")


def read_cursor(cursor: str, view: str) -> tuple[datetime, int]:
    """The place a cursor of this view means; raises BadCursor."""
    try:
        if len(cursor) > _CURSOR_LENGTH:
            raise BadCursor(cursor)
        padded = cursor + "=" * (-len(cursor) % 4)
        of, micros, pk = (
            base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True).decode("ascii").split(":")
        )
        if of != view or not 0 < int(pk) <= _LARGEST:
            raise BadCursor(cursor)
        return _EPOCH + timedelta(microseconds=int(micros)), int(pk)
    except (ValueError, binascii.Error, OverflowError) as error:
        raise BadCursor(cursor) from error
