"""The human form of results: the quoted words underlined in their line, what is wrong, and why."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from goodword.coach.results import Finding, Reading, Review
from goodword.coach.rule import Rule

COLOURS: Mapping[str, str] = {"stop": "\033[31m", "warn": "\033[33m", "hint": "\033[36m"}
PLAIN = "\033[0m"
MARKS: Mapping[str, str] = {"yes": "answered", "partly": "partly answered", "no": "open"}


def show_review(result: Review, draft: str, customer: str, *, colour: bool) -> str:
    parts = [_finding(f, draft if f.where == "draft" else customer, colour=colour) for f in result.findings]
    if not parts:
        parts = ["Nothing to put right."]
    if result.questions:
        parts.append(
            "\n".join(
                ["Questions:", *(f"  [{MARKS[q.answered]}] {_line(q.quote)}" for q in result.questions)]
            )
        )
    if result.commitments:
        parts.append(
            "\n".join(
                ["Promises:", *(_promise(c.action, c.who, c.due, c.due_text) for c in result.commitments)]
            )
        )
    counts = {level: sum(f.severity == level for f in result.findings) for level in COLOURS}
    parts.append(f"{counts['stop']} to stop for, {counts['warn']} warnings, {counts['hint']} hints.")
    return "\n\n".join(parts)


def _promise(action: str, who: str, due: str | None, due_text: str | None) -> str:
    return f"  {who}: {_line(action)} ({due or due_text or 'no time named'})"


def _finding(finding: Finding, text: str, *, colour: bool) -> str:
    start = text.rfind("\n", 0, finding.start) + 1
    end = text.find("\n", finding.start)
    line = text[start : end if end >= 0 else len(text)]
    stop = min(finding.end, start + len(line))
    before, under = width(text[start : finding.start]), max(1, width(text[finding.start : stop]))
    tint, plain = (COLOURS[finding.severity], PLAIN) if colour else ("", "")
    number = text.count("\n", 0, finding.start) + 1
    named = "draft" if finding.where == "draft" else "customer"
    lines = [
        f"{named}:{number}: {tint}{finding.severity}{plain} [{finding.practice} {finding.rule}]",
        f"  {line.replace(chr(9), ' ')}",
        f"  {' ' * before}{tint}{'~' * under}{plain}",
        f"  {finding.message}",
        f"  Why: {finding.why}",
    ]
    instead = [suggestion or "(leave it out)" for suggestion in finding.suggestions]
    return "\n".join([*lines, *(f"  Instead: {words}" for words in instead[:3])])


def width(text: str) -> int:
    """How many columns `text` takes on a terminal."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(bool(unicodedata.combining(char)) for char in text)


def _line(text: str) -> str:
    return " ".join(text.split())


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
