"""Scores per practice group; each names the findings and acts it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from goodword.coach.case import Case
from goodword.coach.results import Score

FULL = 100


def score(case: Case) -> dict[str, Score]:
    """For each group of practices 100 less what its findings cost; acts that speak for it give some back."""
    groups: Mapping[str, Any] = case.pack.data["scores"]["groups"]
    cost: Mapping[str, int] = case.pack.data["scores"]["cost"]
    return {name: _score(case, group, cost) for name, group in groups.items()}


def _score(case: Case, group: Mapping[str, Any], cost: Mapping[str, int]) -> Score:
    against = [(place, f) for place, f in enumerate(case.findings) if f.practice in group["practices"]]
    acts = [place for place, act in enumerate(case.acts) if act.act in group["acts"]]
    value = FULL - sum(cost[finding.severity] for _, finding in against)
    value += min(len(acts), 2) * cost["act"] if against else 0
    rests_on = [f"findings/{place}" for place, _ in against] + [f"acts/{place}" for place in acts]
    return Score(max(0, min(FULL, value)), tuple(rests_on))
