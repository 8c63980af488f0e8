"""The human form of results: the quoted words underlined in their line, what is wrong, and why."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

from goodword.coach.drafts import Page, Reviewed
from goodword.coach.results import Finding, Reading, Review
from goodword.coach.rule import Rule

COLOURS: Mapping[str, str] = {"stop": "\033[31m", "warn": "\033[33m", "hint": "\033[36m"}
PLAIN = "\033[0m"
_NO_WIDTH = ("Mn", "Me", "Cf")  # marks on the letter before, joiners, signs of direction
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
AROUND, MOST = 200, 400  # characters shown beside a quote, and of one
MARKS: Mapping[str, str] = {"yes": "answered", "partly": "partly answered", "no": "open"}


def show_review(reviewed: Reviewed, *, colour: bool, alone: bool = True) -> str:
    """What there is to say of one draft; of a good one among several, nothing."""
    result = reviewed.result
    parts = [_finding(finding, reviewed.draft.page_of(finding), colour=colour) for finding in result.findings]
    if not parts and alone:
        parts = ["Nothing to put right."]
    if alone and result.questions:
        asked = (f"  [{MARKS[q.answered]}] {_line(q.quote)}" for q in result.questions)
        parts.append("\n".join(["Questions:", *asked]))
    if alone and result.commitments:
        made = (_promise(c.action, c.who, c.due, c.due_text) for c in result.commitments)
        parts.append("\n".join(["Promises:", *made]))
    return "\n\n".join(parts)


def show_counts(results: Sequence[Review]) -> str:
    """How many findings there are of each severity, over all drafts."""
    counts = Counter(finding.severity for result in results for finding in result.findings)
    warnings = f"{counts['warn']} warning{'' if counts['warn'] == 1 else 's'}"
    hints = f"{counts['hint']} hint{'' if counts['hint'] == 1 else 's'}"
    drafts = f"{len(results)} drafts: " if len(results) > 1 else ""
    return f"{drafts}{counts['stop']} to stop for, {warnings}, {hints}."


def _promise(action: str, who: str, due: str | None, due_text: str | None) -> str:
    return f"  {who}: {_line(action)} ({due or due_text or 'no time named'})"


def _finding(finding: Finding, page: Page, *, colour: bool) -> str:
    number, column = page.position(finding.start)
    line, before, under = _excerpt(page, number, finding)
    tint, plain = (COLOURS[finding.severity], PLAIN) if colour else ("", "")
    lines = [
        f"{visible(page.name)}:{number}:{column}: {tint}{finding.severity}{plain} "
        f"[{finding.practice} {finding.rule}]",
        f"  {visible(line)}",
        f"  {' ' * before}{tint}{'~' * under}{plain}",
        f"  {visible(finding.message)}",
        f"  Why: {finding.why}",
    ]
    instead = [visible(suggestion) or "(leave it out)" for suggestion in finding.suggestions]
    return "\n".join([*lines, *(f"  Instead: {words}" for words in instead[:3])])


def _excerpt(page: Page, number: int, finding: Finding) -> tuple[str, int, int]:
    """Line `number` with the column where the quote begins and its width; cut where the line is very long."""
    line_start, line_end = page.line_span(number)
    end = min(finding.end, line_end, finding.start + MOST)
    left, right = max(line_start, finding.start - AROUND), min(line_end, end + AROUND)
    before, after = "…" if left > line_start else "", "…" if right < line_end else ""
    column = len(before) + width(page.raw[left : finding.start])
    return f"{before}{page.raw[left:right]}{after}", column, max(1, width(page.raw[finding.start : end]))


def visible(text: str) -> str:
    """`text` without what a terminal would obey: control characters are shown as such, tabs as a space."""
    if text.isprintable():
        return text
    return "".join(" " if char == "\t" else char if _harmless(char) else "\ufffd" for char in text)


def _harmless(char: str) -> bool:
    return char.isprintable() or (unicodedata.category(char) in ("Zs", "Mn", "Cf") and char not in _TURNING)


def width(text: str) -> int:
    """How many columns `text` takes on a terminal."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.category(char) in _NO_WIDTH for char in text)


def _line(text: str) -> str:
    return visible(" ".join(text.split()))


def show_reading(reading: Reading) -> str:
    facts = [
        f"language:    {reading.language}",
        f"feeling:     {reading.feeling} ({reading.strength} of 3)",
        f"complaint:   {'yes' if reading.complaint else 'no'}",
        f"urgency:     {reading.urgency} of 3"
        + (f" ({reading.urgency_cause})" if reading.urgency_cause else ""),
        f"churn risk:  {reading.churn_risk} of 3",
        f"formality:   {reading.formality}",
    ]
    facts += [f"take care:   {hint.kind} ('{hint.quote}')" for hint in reading.vulnerability]
    facts += [f"{question.kind + ':':12} {_line(question.quote)}" for question in reading.questions]
    facts += [f"{detail.kind + ':':12} {detail.value}" for detail in reading.details]
    return "\n".join(facts)


def show_rule(rule: Rule) -> str:
    lines = [
        f"{rule.id} ({rule.severity}, practice {rule.practice}, {rule.category})",
        f"says: {rule.message}",
        f"why:  {rule.why}",
        *(f"instead: {words or '(leave it out)'}" for words in rule.suggestions),
        *(f"good: {line if isinstance(line, str) else line.get('draft')}" for line in rule.good),
        *(f"bad:  {line if isinstance(line, str) else line.get('draft')}" for line in rule.bad),
        f"from: {rule.place.file}:{rule.place.line}",
    ]
    return "\n".join(lines)
