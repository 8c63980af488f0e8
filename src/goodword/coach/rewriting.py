"""Rewrites a whole draft with every safe replacement, and checks a wording that was written elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from goodword.coach.pack import load_pack
from goodword.coach.results import SEVERITIES, Commitment, Review
from goodword.coach.reviewing import review
from goodword.coach.tailor import sieved
from goodword.coach.text import fold

# One sentence is offered for what the draft leaves unsaid; of these categories it states no fact of the case.
ADDED_FOR = ("empathy", "gratitude")
_GAP = re.compile(r"[\[{<…]|_{3}")  # a suggestion with a gap to fill is for a person to finish
_FIGURE = re.compile(r"\d++(?:[.,:/\-]\d++)*+")
_PARTS = re.compile(r"[^\W_]++")
_ADDRESS = re.compile(
    r"[^\s@,;()<>]{1,64}@[^\s@,;()<>]{1,255}|(?:https?://|www\.)[^\s,;()<>]{1,500}", re.IGNORECASE
)
_NAME = re.compile(r"(?<![.!?…:\n\"“'‘(\-•*] )(?<![.!?…:\n\"“'‘(\-•*])(?<!^)\b[^\W\d_a-z][^\W\d_]{2,60}+")


@dataclass(frozen=True, slots=True)
class Change:
    """`was`, in `[start, end)` of the draft, becomes `now`; an addition replaces nothing (`start == end`)."""

    start: int
    end: int
    was: str
    now: str
    rule: str
    why: str


@dataclass(frozen=True, slots=True)
class Rewrite:
    """The better text, the changes that make it, and the review of it: what is left for a person to do."""

    text: str
    changes: tuple[Change, ...]
    review: Review


@dataclass(frozen=True, slots=True)
class Addition:
    """Something the new text says that nobody gave it; `kind` is promise, figure, address or name."""

    kind: str
    start: int
    end: int
    quote: str


def rewrite(draft: str, **given: Any) -> Rewrite:
    """Return `draft` with every safe replacement made; `given` is what `review` takes beside the draft.

    A replacement is safe when it fills no gap, and when the new text, reviewed again, promises nothing that
    the draft did not promise, leaves no answered question open and draws no new remark. Each change that
    is not is left out. The same draft always gives the same rewrite.
    """
    before = reviewed(draft, **given)
    changes = list(_offered(before, draft))
    text, after = _reviewed(draft, changes, given)
    if _worse(before, after):
        changes = _safe_ones(draft, changes, before, given)
        text, after = _reviewed(draft, changes, given)
    return Rewrite(text, tuple(changes), after)


def additions(draft: str, written: str, **given: Any) -> tuple[Addition, ...]:
    """What `written`, a new wording of `draft`, promises or states beyond the draft and what is known.

    Known are the draft, the customer's message, the names, the policies and the earlier replies in `given`.
    """
    before, after = reviewed(draft, **given), reviewed(written, **given)
    found = [Addition("promise", c.start, c.end, c.quote) for c in _new_promises(before, after)]
    known = _known(draft, given)
    found += [
        _addition("address", m)
        for m in _ADDRESS.finditer(written)
        if fold(m.group()).rstrip(".") not in known
    ]
    figures = set(_FIGURE.findall(known))
    # Folded as what is known is: a dash between two figures makes one of them, however it is written.
    found += [
        Addition("figure", m.start(), m.end(), written[m.start() : m.end()])
        for m in _FIGURE.finditer(fold(written))
        if m.group() not in figures
    ]
    words = set(_PARTS.findall(known))
    found += [_addition("name", m) for m in _NAME.finditer(written) if fold(m.group()) not in words]
    return tuple(sorted(found, key=lambda addition: (addition.start, addition.kind)))


def _addition(kind: str, match: re.Match[str]) -> Addition:
    return Addition(kind, match.start(), match.end(), match.group())


def _known(draft: str, given: dict[str, Any]) -> str:
    message = given.get("customer_message") or ""
    messages = [message] if isinstance(message, str) else list(message)
    names = [given.get("customer_name") or "", given.get("agent_name") or ""]
    return fold(
        "\n".join([draft, *messages, *names, *given.get("policies", ()), *given.get("earlier_replies", ())])
    )


def _offered(found: Review, draft: str) -> Iterator[Change]:
    """The first suggestion of each finding that fills no gap, apart from one another and in order."""
    reached = 0
    taken = sorted(
        (
            f
            for f in found.findings
            if f.where == "draft" and f.suggestions and not _GAP.search(f.suggestions[0])
        ),
        key=lambda f: (f.start, SEVERITIES.index(f.severity)),
    )
    added = _sentence_to_add(draft, found)
    for finding in taken:
        if added is not None and added.start <= finding.start and added.start >= reached:
            yield added
            added = None
        if finding.start >= reached:
            yield Change(
                finding.start, finding.end, finding.quote, finding.suggestions[0], finding.rule, finding.why
            )
            reached = finding.end
    if added is not None and added.start >= reached:
        yield added


def _sentence_to_add(draft: str, found: Review) -> Change | None:
    """One sentence for what the customer told and the draft passes over, put after the greeting."""
    missing = [
        f
        for f in found.findings
        if f.where == "customer"
        and f.category in ADDED_FOR
        and f.suggestions
        and not _GAP.search(f.suggestions[0])
    ]
    if not missing:
        return None
    finding = min(missing, key=lambda f: (SEVERITIES.index(f.severity), f.start))
    greeting = next((act for act in found.acts[:1] if act.act == "greeting"), None)
    at = greeting.end if greeting else 0
    while greeting and at < len(draft) and draft[at].isspace():
        at += 1
    return Change(at, at, "", f"{finding.suggestions[0]} ", finding.rule, finding.why)


def _applied(draft: str, changes: Iterable[Change]) -> str:
    pieces, reached = [], 0
    for change in changes:
        pieces += [draft[reached : change.start], change.now]
        reached = change.end
    return "".join([*pieces, draft[reached:]])


def _reviewed(draft: str, changes: Iterable[Change], given: dict[str, Any]) -> tuple[str, Review]:
    text = _applied(draft, changes)
    return text, reviewed(text, **given)


def reviewed(text: str, **given: Any) -> Review:
    """The review of `text`, without remarks on the team's own words."""
    return sieved(review(text, **given), given.get("pack") or load_pack())


def _safe_ones(draft: str, changes: list[Change], before: Review, given: dict[str, Any]) -> list[Change]:
    """Those changes that, one after the other, make nothing worse."""
    kept: list[Change] = []
    for change in changes:
        if not _worse(before, _reviewed(draft, [*kept, change], given)[1]):
            kept.append(change)
    return kept


def _worse(before: Review, after: Review) -> bool:
    """Whether the new text has a remark or a promise the old one had not, or opens an answered question."""
    rules = {finding.rule for finding in before.findings}
    if any(finding.rule not in rules for finding in after.findings):
        return True
    if len(after.findings) > len(before.findings):
        return True
    if any(_new_promises(before, after)):
        return True
    return any(
        old.answered == "yes" and new.answered == "no"
        for old, new in zip(before.questions, after.questions, strict=True)
    )


def _new_promises(before: Review, after: Review) -> Iterator[Commitment]:
    """Promises with another due moment, or firmer, than any promise of the draft; or one more of them."""
    left = [(c.who, c.due, c.firm) for c in before.commitments]
    for promise in after.commitments:
        held = next(
            (one for one in left if one[:2] == (promise.who, promise.due) and one[2] >= promise.firm), None
        )
        if held is None:
            yield promise
        else:
            left.remove(held)
