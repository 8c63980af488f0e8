"""How far the remarks of each rule are trusted, and whether those of a reply together are worth saying.

A reply of some length that is well written still wakes a rule now and then. One remark of a rule that is
wrong every fourth time is then more likely a false alarm than a help, while in a short line, or beside other
remarks, it is not. What `data/trust.toml` says of each rule was counted on labelled cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from goodword.coach.results import Finding


@dataclass(frozen=True, slots=True)
class Trust:
    """`shares`: a rule's id → how often its remarks are right, 0 to 1; other rules are trusted wholly.

    A remark trusted from `sure` on may stand alone; others are made where their shares add up to `enough`.
    All of it holds for drafts of `words` words and more.
    """

    shares: Mapping[str, float] = field(default_factory=dict)
    sure: float = 0.0
    enough: float = 0.0
    words: int = 0

    def worth_saying(self, findings: Iterable[Finding], *, words: int) -> bool:
        """Whether remarks on a draft of `words` words should be made."""
        if words < self.words:
            return True
        together = 0.0
        for finding in findings:
            share = 1.0 if finding.severity == "stop" else self.shares.get(finding.rule, 1.0)
            together += share
            if share >= self.sure or together >= self.enough:
                return True
        return False


EVERYTHING = Trust()


def trust_of(data: Mapping[str, Any]) -> Trust:
    """What the file `trust.toml` of a pack says; without one every remark is made."""
    if not data:
        return EVERYTHING
    shares = {rule: percent / 100 for rule, percent in data["right"].items()}
    return Trust(shares, data["sure"] / 100, data["enough"] / 100, data["words"])
