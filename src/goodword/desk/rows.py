"""A line of a list, ready to be printed: everything is worked out here, so that the template only writes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.inbox.models import Conversation, ServiceClock
from goodword.inbox.queries import Row
from goodword.promises.moments import LAST_SECOND
from goodword.ui.times import say_moment, say_span

from .feelings import feeling_of
from .promise_words import moment_words

LONG_WAIT = timedelta(hours=24)
SOON = timedelta(hours=24)
REPLY_SOON = timedelta(hours=1)
SIGNS = 3
TAGS = 2
State = Conversation.State


@dataclass(frozen=True, slots=True)
class Sign:
    """A word of the state line; `tone` is bad, soon, good or empty."""

    icon: str
    words: str
    tone: str = ""

    @property
    def look(self) -> str:
        """Its classes."""
        return f"row-sign {self.tone}" if self.tone else "row-sign"


@dataclass(frozen=True, slots=True)
class Line:
    """What the list shows of a conversation."""

    id: int
    url: str
    row_url: str
    who: str
    at: datetime
    subject: str
    label: str
    words: str
    unread: bool
    signs: tuple[Sign, ...]
    tags: tuple[str, ...]
    current: bool

    @property
    def look(self) -> str:
        """Its classes."""
        return f"row{' row--unread' if self.unread else ''}{' row--open' if self.current else ''}"


@dataclass(frozen=True, slots=True)
class Place:
    """The list a line stands in: its view, its tag, and which conversation is open beside it."""

    view: str
    tag: str = ""
    current: int | None = None

    @property
    def query(self) -> str:
        """What the addresses carry, so that a reload shows the same list."""
        return _query(self.view, self.tag)


@lru_cache(maxsize=200)
def _query(view: str, tag: str) -> str:
    return urlencode({"view": view} | ({"tag": tag} if tag else {}))


def lines(rows: tuple[Row, ...], place: Place) -> list[Line]:
    """The rows of a page as lines."""
    now = timezone.now()
    return [line(row, place, now) for row in rows]


def line(row: Row, place: Place, now: datetime) -> Line:
    """One row as a line."""
    conversation = row.conversation
    query = place.query
    subject = conversation.subject or _("(no subject)")
    return Line(
        id=conversation.pk,
        url=f"{_address('conversation', conversation.pk)}?{query}",
        row_url=f"{_address('conversation_row', conversation.pk)}?{query}",
        who=row.who,
        at=conversation.last_at,
        subject=subject,
        label=_("Select %(subject)s") % {"subject": subject},
        words=conversation.preview,
        unread=conversation.state == State.OPEN and conversation.waiting_since is not None,
        signs=tuple(_signs(row, place, now))[:SIGNS],
        tags=row.tags[:TAGS],
        current=conversation.pk == place.current,
    )


def _address(name: str, pk: int) -> str:
    before, after = _around_number(name)
    return f"{before}{pk}{after}"


@cache
def _around_number(name: str) -> tuple[str, str]:
    """What stands before and after the number of a conversation in an address; looked up once."""
    before, _zero, after = reverse(name, args=[0]).rpartition("0")
    return before, after


def _signs(row: Row, place: Place, now: datetime) -> list[Sign]:
    """The most pressing first."""
    conversation = row.conversation
    signs: list[Sign] = []
    if conversation.send_failed:
        signs.append(Sign("alert-circle", _("reply not delivered"), "bad"))
    due = _due_sign(row, now)
    if due is not None:
        signs.append(due)
    if row.promise_due is not None:
        signs.append(_promise_sign(row.promise_due, now))
    if conversation.state == State.SNOOZED and conversation.snoozed_until:
        signs.append(
            Sign("moon", _("back %(when)s") % {"when": say_moment(conversation.snoozed_until, now=now)})
        )
    elif conversation.state == State.CLOSED:
        signs.append(Sign("check", _("closed")))
    elif conversation.waiting_since is not None and due is None:
        waited = now - conversation.waiting_since
        tone = "soon" if waited > LONG_WAIT else ""
        signs.append(Sign("clock", _("waits %(span)s") % {"span": say_span(waited)}, tone))
    if row.has_draft:
        signs.append(Sign("pencil", _("draft")))
    if felt := feeling_of(conversation.feeling):
        signs.append(Sign(*felt))
    if conversation.assignee is not None and place.view != "mine":
        signs.append(Sign("user", conversation.assignee.name.split()[0]))
    return signs


def _due_sign(row: Row, now: datetime) -> Sign | None:
    """When a service level wants the reply or the resolution, or how late it is."""
    due, place = row.conversation.reply_due_at, row.conversation
    if due is None or place.state not in (State.OPEN, State.SNOOZED):
        return None
    solves = row.due_kind == ServiceClock.Kind.RESOLUTION
    if due < now:
        late = _("to be solved, %(span)s late") if solves else _("reply %(span)s late")
        return Sign("alert-circle", late % {"span": say_span(now - due)}, "bad")
    ahead = _("to be solved in %(span)s") if solves else _("reply in %(span)s")
    tone = "soon" if due - now <= REPLY_SOON else ""
    return Sign("calendar-clock", ahead % {"span": say_span(due - now)}, tone)


def _promise_sign(due: datetime, now: datetime) -> Sign:
    if due < now:
        return Sign("alert-circle", _("promise overdue"), "bad")
    # The last second of a day is how the ledger writes 'by the end of that day'.
    whole_day = timezone.localtime(due, timezone.get_default_timezone()).time() == LAST_SECOND
    words = _("promise %(when)s") % {"when": moment_words(due, whole_day=whole_day)}
    return Sign("handshake", words, "soon" if due - now < SOON else "")
