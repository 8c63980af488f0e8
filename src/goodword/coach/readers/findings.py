"""Applies the rules of the pack and puts their findings in order."""

from __future__ import annotations

from itertools import islice

from goodword.coach.case import Case
from goodword.coach.checks.base import findings_of
from goodword.coach.results import SEVERITIES, Finding

MOST_PER_RULE = 50


def find_findings(case: Case) -> list[Finding]:
    """All findings, those in the draft first, in order of place; one is kept where several say the same."""
    found: list[Finding] = []
    for rule, kind in case.pack.plan.woken(case):
        found.extend(islice(findings_of(rule, kind, case), MOST_PER_RULE))
    found.sort(key=_order)
    return _apart(found)


def _order(finding: Finding) -> tuple[bool, int, int, int, str]:
    return (
        finding.where == "customer",
        finding.start,
        -finding.end,
        SEVERITIES.index(finding.severity),
        finding.rule,
    )


def _apart(found: list[Finding]) -> list[Finding]:
    """Of findings of one category whose words overlap, the most severe, then the longest, is kept."""
    kept: list[Finding] = []
    last: dict[tuple[str, str], int] = {}
    for finding in found:
        key = (finding.where, finding.category)
        place = last.get(key)
        if place is not None and finding.start < kept[place].end:
            if SEVERITIES.index(finding.severity) < SEVERITIES.index(kept[place].severity):
                kept[place] = finding
            continue
        last[key] = len(kept)
        kept.append(finding)
    return kept
