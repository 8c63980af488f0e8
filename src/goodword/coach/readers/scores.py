"""Scores per practice group; each names the findings and acts it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from goodword.coach.case import Case
from goodword.coach.results import Finding, Score

FULL = 100
_UNTOUCHED = Score(FULL, ())


def score(case: Case) -> dict[str, Score]:
    """For each group of practices 100 less what its findings cost; acts that speak for it give some back."""
    groups: Mapping[str, Any] = case.pack.data["scores"]["groups"]
    cost: Mapping[str, int] = case.pack.data["scores"]["cost"]
    acts: dict[str, list[int]] = {}
    for place, act in enumerate(case.acts):
        acts.setdefault(act.act, []).append(place)
    practices = {finding.practice for finding in case.findings}
    return {
        name: _UNTOUCHED
        if practices.isdisjoint(group["practices"]) and acts.keys().isdisjoint(group["acts"])
        else _score(case.findings, acts, group, cost)
        for name, group in groups.items()
    }


def _score(
    findings: Sequence[Finding],
    places: Mapping[str, list[int]],
    group: Mapping[str, Any],
    cost: Mapping[str, int],
) -> Score:
    practices = group["practices"]
    against = [place for place, finding in enumerate(findings) if finding.practice in practices]
    acts = [place for act in group["acts"] if act in places for place in places[act]]
    acts.sort()
    value = FULL - sum(cost[findings[place].severity] for place in against)
    value += min(len(acts), 2) * cost["act"] if against else 0
    rests_on = [f"findings/{place}" for place in against] + [f"acts/{place}" for place in acts]
    return Score(max(0, min(FULL, value)), tuple(rests_on))
