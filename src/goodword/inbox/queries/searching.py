"""Search over subjects, words, people and numbers.

The newest matching messages are the candidates; among them the better match comes first. Candidates are
looked for in the newest window of messages, then in a wider one, then everywhere (see `models.search`), so
that the work is bounded for common words and rare words are still found however old they are.
"""

import base64
import binascii
import html
import re
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.db.models import Max, QuerySet
from django.db.models.functions import Left
from django.utils.safestring import SafeString, mark_safe

from goodword.customers import queries as customers
from goodword.staff.models import Agent

from .. import access
from ..errors import BadCursor
from ..models import Conversation, Message
from ..models.search import SEARCH_LANGUAGE
from .matching import Candidate, below, matching
from .views import Row, as_row, with_row

ENOUGH = 50
ROUNDS = 5
SHOWN_LIMIT = 50
QUERY_LENGTH = 300
HEADLINE_TEXT = 20_000
PEOPLE = 5
THEIRS = 10
_NUMBER = re.compile(r"#?(\d{1,18})", re.ASCII)
_CURSOR = re.compile(r"(\d{1,18}):(\d{1,4})", re.ASCII)
_START, _STOP = "\x02", "\x03"
_MARKED = re.compile(f"{_START}([^{_START}{_STOP}]*){_STOP}")
_RECENT_DAYS = 365


@dataclass(frozen=True, slots=True)
class Hit:
    """A conversation that was found: by its `number`, by a `person`, or by a `message`.

    `subject` and `headline` are safe HTML with the words inside <mark>.
    """

    row: Row
    why: str
    subject: SafeString
    headline: SafeString = field(default_factory=lambda: SafeString(""))
    message_id: int | None = None
    at: datetime | None = None

    @property
    def conversation(self) -> Conversation:
        return self.row.conversation


@dataclass(frozen=True, slots=True)
class Found:
    """The conversations found, best first; `next_cursor` is None at the end."""

    rows: tuple[Hit, ...]
    next_cursor: str | None


def search(agent: Agent | None, q: str, *, cursor: str | None = None, limit: int = 25) -> Found:
    """What the agent may see of what was asked for; '48213' and '#48213' find the conversation first.

    Understands quoted phrases, `or` and a minus sign. Raises BadCursor for a cursor that no search gave out.
    """
    q = " ".join(q.replace("\x00", " ").split())[:QUERY_LENGTH]
    limit = max(1, min(limit, SHOWN_LIMIT))
    if not q:
        return Found((), None)
    newest, start = _read(cursor) if cursor else (_newest_message(), 0)
    seen = access.conversations(agent)
    hits: list[tuple[int, str, int | None]] = []
    if not cursor:
        hits += [(pk, "number", None) for pk in _by_number(seen, q)]
        hits += [(pk, "person", None) for pk in _by_person(seen, agent, q)]
    taken = {pk for pk, _why, _message in hits}
    candidates, older = _candidates(seen, q, newest)
    ranked = _best(candidates)
    chosen = ranked[start : start + limit]
    hits += [(pk, "message", message) for pk, message in chosen if pk not in taken]
    further = None
    if len(ranked) > start + limit:
        further = _write(newest, start + limit)
    elif older:
        # These candidates are shown; the next page begins below the oldest of them.
        further = _write(older, 0)
    return Found(tuple(_shown(seen, agent, q, hits)), further)


def _newest_message() -> int:
    return Message.objects.aggregate(newest=Max("id"))["newest"] or 0


def _by_number(seen: QuerySet[Conversation], q: str) -> list[int]:
    number = _NUMBER.fullmatch(q)
    return list(seen.filter(pk=int(number[1])).values_list("pk", flat=True)) if number else []


def _by_person(seen: QuerySet[Conversation], agent: Agent | None, q: str) -> list[int]:
    people = customers.search(q, agent=agent, limit=PEOPLE)
    if not people:
        return []
    theirs = seen.filter(customer__in=people).exclude(state=Conversation.State.MERGED)
    newest = theirs.order_by("-last_at", "-id").values_list("pk", flat=True)
    return list(newest[:THEIRS])


def _candidates(seen: QuerySet[Conversation], q: str, newest: int) -> tuple[list[Candidate], int | None]:
    """The newest messages that match and may be seen, and the id below which there may be more."""
    if not seen.query.has_filters():
        found = matching(q, newest)
        return found, below(found)
    # Some mailboxes are hidden: look further back until enough is left, but not for ever.
    kept: list[Candidate] = []
    further: int | None = newest
    for _round in range(ROUNDS):
        if not further or len(kept) >= ENOUGH:
            break
        found = matching(q, further)
        allowed = set(seen.filter(pk__in={one[0] for one in found}).values_list("pk", flat=True))
        kept += [one for one in found if one[0] in allowed]
        further = below(found)
    return kept, further


def _best(found: list[Candidate]) -> list[tuple[int, int]]:
    """The best message of each conversation; a match a year old counts half of one of today."""
    if not found:
        return []
    latest = max(at for *_rest, at in found)

    def weight(item: Candidate) -> tuple[float, int]:
        _conversation, message, rank, at = item
        return rank / (1 + (latest - at).days / _RECENT_DAYS), message

    best: dict[int, int] = {}
    for conversation, message, _rank, _at in sorted(found, key=weight, reverse=True):
        best.setdefault(conversation, message)
    return list(best.items())


def _shown(
    seen: QuerySet[Conversation], agent: Agent | None, q: str, hits: list[tuple[int, str, int | None]]
) -> list[Hit]:
    rows = {
        place.pk: as_row(place) for place in with_row(seen.filter(pk__in=[hit[0] for hit in hits]), agent)
    }
    said = _headlines(q, [message for _pk, _why, message in hits if message])
    shown = []
    for pk, why, message in hits:
        row = rows.get(pk)
        if row is None:
            continue
        subject, headline, at = said.get(message or 0, (None, "", None))
        shown.append(
            Hit(
                row=row,
                why=why,
                subject=marked(subject or row.conversation.subject),
                headline=marked(headline or row.conversation.preview),
                message_id=message,
                at=at or row.conversation.last_at,
            )
        )
    return shown


def _headlines(q: str, messages: list[int]) -> dict[int, tuple[str, str, datetime]]:
    """Subject and a piece of the text of each message, with the words between marks."""
    query = SearchQuery(q, search_type="websearch", config=SEARCH_LANGUAGE)
    piece = SearchHeadline(
        Left("text", HEADLINE_TEXT),
        query,
        config=SEARCH_LANGUAGE,
        max_words=28,
        min_words=12,
        start_sel=_START,
        stop_sel=_STOP,
    )
    whole = SearchHeadline(
        "conversation__subject",
        query,
        config=SEARCH_LANGUAGE,
        highlight_all=True,
        start_sel=_START,
        stop_sel=_STOP,
    )
    found = Message.objects.filter(pk__in=messages).annotate(piece=piece, whole=whole)
    return {
        pk: (subject, text, at) for pk, subject, text, at in found.values_list("pk", "whole", "piece", "at")
    }


def marked(text: str) -> SafeString:
    """A text with its marks as safe HTML: everything escaped first, then the marks put in."""
    escaped = _MARKED.sub(r"<mark>\1</mark>", html.escape(text))
    return mark_safe(escaped.replace(_START, "").replace(_STOP, ""))  # noqa: S308 escaped one line above


def _write(newest: int, start: int) -> str:
    return base64.urlsafe_b64encode(f"{newest}:{start}".encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[int, int]:
    try:
        padded = cursor[:60] + "=" * (-len(cursor[:60]) % 4)
        text = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True).decode("ascii")
    except (ValueError, binascii.Error) as error:
        raise BadCursor(cursor) from error
    found = _CURSOR.fullmatch(text)
    if not found:
        raise BadCursor(cursor)
    return int(found[1]), int(found[2])
