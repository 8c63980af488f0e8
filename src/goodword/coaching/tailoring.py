"""The coach as a team has it, made once for each version and then kept by the process."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar, cast

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from goodword import coach
from goodword.coach import tailor
from goodword.coach.errors import CoachError
from goodword.coach.pack import Pack
from goodword.coach.phrases import expand
from goodword.coach.results import Severity
from goodword.coach.rule import Rule

from .models import OwnRule, Policy, RuleChange, Tailoring, Term, Topic

log = logging.getLogger(__name__)

STANDARD = 0
MOST_TEAMS = 32

Row = TypeVar("Row", OwnRule, Policy, Term, Topic)


@dataclass(frozen=True, slots=True)
class TeamCoach:
    """What reviews of one team's drafts take."""

    pack: Pack
    policies: tuple[str, ...] = ()


def coach_of(team_id: int | None) -> TeamCoach:
    """The coach of a team (None: of everybody) as it is now; one query, more only after a change."""
    versions: dict[int | None, int] = dict(Tailoring.objects.values_list("team", "version"))
    return _made(team_id, versions.get(team_id, STANDARD), versions.get(None, STANDARD))


def newest_changes(team_id: int | None) -> dict[str, RuleChange]:
    """The change that holds for each rule of a team that was ever changed; one query."""
    found = RuleChange.objects.filter(team=team_id).order_by("rule", "-id").distinct("rule")
    return {change.rule: change for change in found.select_related("by")}


def rule_of(own: OwnRule) -> Rule:
    """A team's own rule as the coach uses it. Raises CoachError when it cannot be used."""
    pack = coach.load_pack()
    practice = next((rule.practice for rule in pack.rules if rule.category == own.subject), "C1")
    found = (
        {"kind": "substitution", "swap": {tailor.literal(words): own.instead for words in own.words}}
        if own.instead
        else {"kind": "phrase", "phrases": [tailor.literal(words) for words in own.words]}
    )
    said = {"message": own.message, "why": own.why, "severity": own.severity}
    lines = {"good": own.good, "bad": own.bad}
    table = {"id": own.rule, "category": own.subject, "practice": practice, **found, **said, **lines}
    return tailor.own_rule(table, pack)


@lru_cache(maxsize=MOST_TEAMS)
def _made(team_id: int | None, version: int, everybodys: int) -> TeamCoach:
    """Made from the rows as they stand: never older than the versions it is kept under."""
    standard = coach.load_pack()
    if version == everybodys == STANDARD:
        return TeamCoach(standard)
    changes: dict[str, RuleChange] = {}
    for scope in dict.fromkeys((None, team_id)):
        changes |= {rule: change for rule, change in newest_changes(scope).items() if not change.is_standard}
    terms = {term.words.lower(): term for term in of_team(Term, team_id)}.values()
    topics = {topic.name.lower(): topic for topic in of_team(Topic, team_id)}.values()
    wanted = tailor.Tailoring(
        off=frozenset(rule for rule, change in changes.items() if change.off),
        severities={
            rule: cast(Severity, change.severity) for rule, change in changes.items() if change.severity
        },
        wording={rule: tailor.Wording(change.message, change.why) for rule, change in changes.items()},
        own_words=tuple(term.words for term in terms if not term.instead),
        instead={term.words: term.instead for term in terms if term.instead},
        instead_rule=instead_rule(),
        topics={topic.name.lower(): _needs(topic) for topic in topics if not topic.off},
        topics_off=frozenset(topic.name.lower() for topic in topics if topic.off),
        rules=tuple(_usable(of_team(OwnRule, team_id))),
    )
    policies = tuple(policy.text for policy in of_team(Policy, team_id))
    return TeamCoach(tailor.tailored(standard, wanted), policies)


def of_team(kind: type[Row], team_id: int | None) -> QuerySet[Row]:
    """Everybody's rows and then the team's own, in the order in which they were written."""
    rows: QuerySet[Row] = kind._default_manager.filter(Q(team=None) | Q(team=team_id))
    return rows.order_by(F("team").asc(nulls_first=True), "id")


def instead_rule() -> dict[str, str]:
    """What the coach says of words that the team has other words for."""
    return {
        "category": "jargon",
        "practice": "C1",
        "severity": "warn",
        "message": _("Here we say {better}."),
        "why": _("One name for one thing: customers hear the same words from everybody in the team."),
    }


def details() -> dict[str, str]:
    """The kinds of detail that the coach recognises in a customer's message, in words."""
    return {
        "order": _("the order number"),
        "invoice": _("the invoice number"),
        "date": _("the date"),
        "amount": _("the amount"),
        "address": _("the address"),
        "product": _("which product it is"),
        "phone": _("a phone number"),
        "mail": _("the mail address"),
    }


@dataclass(frozen=True, slots=True)
class StandardTopic:
    """A topic that the coach knows of itself, with examples of its words; one of the details is enough."""

    name: str
    examples: tuple[str, ...]
    details: tuple[str, ...]
    ask: str


def standard_topics() -> dict[str, StandardTopic]:
    """The topics that the coach knows of itself, by name."""
    pack = coach.load_pack()
    return {
        name: StandardTopic(
            name,
            tuple(expand(phrase)[0].rstrip("*") for phrase in pack.lists.get(f"topic.{name}", ())),
            tuple(need["any_of"]),
            need["ask"],
        )
        for name, need in pack.data["questions"]["needs"].items()
    }


def _needs(topic: Topic) -> tailor.Topic:
    called = details()
    return tailor.Topic(
        words=tuple(topic.words),
        details=tuple(topic.details),
        names=tuple(called.get(detail, detail) for detail in topic.details),
        ask=topic.ask,
        one_is_enough=topic.one_is_enough,
    )


def _usable(rules: Iterable[OwnRule]) -> Iterator[Rule]:
    """Without those that cannot be used (any more): one bad rule must not silence all the others."""
    for own in rules:
        try:
            yield rule_of(own)
        except CoachError:
            log.exception("The team's rule %s cannot be used; it is left out.", own.rule)
