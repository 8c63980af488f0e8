"""The rules as a team has them, with what became of their remarks."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword import coach
from goodword.coach import tailor
from goodword.coach.errors import CoachError
from goodword.coach.results import PRACTICES
from goodword.coach.rule import Rule
from goodword.staff.models import Agent, Team

from . import access
from .errors import CoachingError
from .models import OwnRule, Remark, RuleChange, Term
from .practices import name_of
from .tailoring import instead_rule, newest_changes, of_team

PERIODS = (30, 90)
OFTEN_DISPUTED = 5
DISPUTED_SHARE = 0.3
_PLACE = re.compile(r"\{[a-z0-9_]+\}")
Outcome = Remark.Outcome


@dataclass(frozen=True, slots=True)
class Line:
    """A good or bad line: the draft, and the customer's message where it matters."""

    draft: str
    customer: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What became of a rule's remarks; `fired` counts all of them, also those still in a draft."""

    fired: int = 0
    taken: int = 0
    disputed: int = 0
    sent: int = 0

    @property
    def often_disputed(self) -> bool:
        """At least five disputes, and three of ten remarks or more."""
        return self.disputed >= max(OFTEN_DISPUTED, DISPUTED_SHARE * self.fired)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule as it stands for a team; `numbers` are of the period asked for, `lately` of the longest."""

    id: str
    practice: str
    severity: str
    standard: str
    off: bool
    message: str
    why: str
    good: tuple[Line, ...]
    bad: tuple[Line, ...]
    quote: str = "…"
    change: RuleChange | None = None
    inherited: RuleChange | None = None
    own: OwnRule | None = None
    numbers: Numbers = field(default_factory=Numbers)
    lately: Numbers = field(default_factory=Numbers)

    @property
    def is_changed(self) -> bool:
        """The team, or everybody, has it otherwise than the standard."""
        return any(change is not None and not change.is_standard for change in (self.change, self.inherited))


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice with its rules."""

    id: str
    name: str
    rules: tuple[RuleLine, ...]


def practices(agent: Agent, team: Team | None, *, days: int) -> list[Practice]:
    """Every rule of the team's coach by practice, the team's own rules among them; at most seven queries."""
    found = _lines(agent, team, days=days)
    order = {practice: place for place, practice in enumerate(PRACTICES)}
    ids = sorted({line.practice for line in found}, key=lambda one: (order.get(one, len(order)), one))
    return [Practice(one, name_of(one), tuple(line for line in found if line.practice == one)) for one in ids]


def one_rule(agent: Agent, team: Team | None, *, rule: str, days: int) -> RuleLine:
    """One rule. Raises CoachingError when there is none of this id."""
    for line in _lines(agent, team, days=days):
        if line.id == rule:
            return line
    raise CoachingError(_("There is no rule '%(rule)s' here. Choose one of the list.") % {"rule": rule[:120]})


def history(agent: Agent, team: Team | None, *, rule: str) -> QuerySet[RuleChange]:
    """Who changed the rule, when and why, the newest first; with what was changed for everybody."""
    access.get_team(agent, team.pk if team else None)
    here = Q(team=None) | Q(team=team) if team else Q(team=None)
    return RuleChange.objects.filter(here, rule=rule).select_related("by", "team").order_by("-id")


def remarks(
    agent: Agent, team: Team | None, *, rule: str, days: int, outcome: str = "", before: int | None = None
) -> QuerySet[Remark]:
    """The rows that a number counts, the newest first; `before` goes on after the row of that id."""
    rows = access.remarks(agent, team).filter(rule=rule, at__gte=_since(days))
    if outcome:
        rows = rows.filter(outcome=outcome)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return rows.select_related("agent", "dispute").order_by("-pk")


def _lines(agent: Agent, team: Team | None, *, days: int) -> list[RuleLine]:
    team_id = team.pk if team else None
    counted = _numbers(agent, team, days=days)
    everybodys = newest_changes(None)
    changes = newest_changes(team_id) if team else everybodys
    own = [_own_line(row) for row in of_team(OwnRule, team_id).select_related("by")]
    found = [*own, *_instead_line(team_id), *_standard_lines()]
    return [
        _as_changed(
            line, changes.get(line.id), everybodys.get(line.id) if team else None, counted.get(line.id)
        )
        for line in found
    ]


def _as_changed(
    line: RuleLine,
    change: RuleChange | None,
    inherited: RuleChange | None,
    counted: tuple[Numbers, Numbers] | None,
) -> RuleLine:
    holds = change if change and not change.is_standard else inherited
    numbers, lately = counted or (Numbers(), Numbers())
    inherited = inherited if inherited and not inherited.is_standard else None
    line = replace(line, change=change, inherited=inherited, numbers=numbers, lately=lately)
    if holds is None:
        return line
    return replace(
        line,
        off=holds.off,
        severity=holds.severity or line.severity,
        message=_shown(holds.message, line.quote) if holds.message else line.message,
        why=holds.why or line.why,
    )


def _numbers(agent: Agent, team: Team | None, *, days: int) -> dict[str, tuple[Numbers, Numbers]]:
    """By rule: the numbers of the period, and those of the longest one; one query."""
    since = _since(days)
    rows = access.remarks(agent, team).filter(at__gte=_since(max(PERIODS)))
    wanted: dict[str, Any] = {}
    for outcome in (Outcome.TAKEN, Outcome.DISPUTED, Outcome.SENT):
        wanted[f"{outcome}_all"] = Count("id", filter=Q(outcome=outcome))
        wanted[outcome] = Count("id", filter=Q(outcome=outcome, at__gte=since))
    wanted |= {"fired_all": Count("id"), "fired": Count("id", filter=Q(at__gte=since))}
    found = rows.order_by().values("rule").annotate(**wanted)
    return {row["rule"]: (_counted(row, ""), _counted(row, "_all")) for row in found}


def _counted(row: Mapping[str, Any], which: str) -> Numbers:
    return Numbers(*(row[f"{name}{which}"] for name in ("fired", "taken", "disputed", "sent")))


def _since(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


@lru_cache(maxsize=1)
def _standard_lines() -> tuple[RuleLine, ...]:
    """The coach's own rules; made once, for each is asked what it says of its first bad line."""
    return tuple(map(_standard_line, coach.load_pack().rules))


def _standard_line(rule: Rule) -> RuleLine:
    message, quote = _example(rule)
    return RuleLine(
        id=rule.id,
        practice=rule.practice,
        severity=rule.severity,
        standard=rule.severity,
        off=False,
        message=message,
        why=rule.why,
        good=_said(rule.good),
        bad=_said(rule.bad),
        quote=quote,
    )


def _own_line(own: OwnRule) -> RuleLine:
    subject = next((rule.practice for rule in coach.load_pack().rules if rule.category == own.subject), "C1")
    return RuleLine(
        id=own.rule,
        practice=subject,
        severity=own.severity,
        standard=own.severity,
        off=False,
        message=_shown(own.message, own.words[0] if own.words else "…"),
        why=own.why,
        good=tuple(map(Line, own.good)),
        bad=tuple(map(Line, own.bad)),
        quote=own.words[0] if own.words else "…",
        own=own,
    )


def _instead_line(team_id: int | None) -> Iterable[RuleLine]:
    """The rule that the team's replacements make together, when there are any."""
    term = of_team(Term, team_id).exclude(instead="").first()
    if term is not None:
        said = instead_rule()
        yield RuleLine(
            id=tailor.GLOSSARY,
            practice=said["practice"],
            severity=said["severity"],
            standard=said["severity"],
            off=False,
            message=said["message"].replace("{better}", f"'{term.instead}'"),
            why=said["why"],
            good=(Line(term.instead),),
            bad=(Line(term.words),),
            quote=term.words,
        )


def _example(rule: Rule) -> tuple[str, str]:
    """What the rule says of its own first bad line, and of which words; else its message with gaps."""
    alone = replace(coach.load_pack(), rules=(rule,))
    for line in rule.bad[:1]:
        given = {"draft": line} if isinstance(line, str) else dict(line)
        try:
            found = coach.review(given.pop("draft", ""), **given, pack=alone).findings
        except (CoachError, TypeError):
            break
        if found:
            return found[0].message, found[0].quote
    return _shown(rule.message, "…"), "…"


def _shown(message: str, quote: str) -> str:
    return _PLACE.sub("…", message.replace("{quote}", quote))


def _said(lines: Sequence[str | Mapping[str, Any]]) -> tuple[Line, ...]:
    return tuple(
        Line(line)
        if isinstance(line, str)
        else Line(str(line.get("draft", "")), _words(line.get("customer_message", "")))
        for line in lines
    )


def _words(message: str | Sequence[str]) -> str:
    return message if isinstance(message, str) else "\n\n".join(message)
