"""How far the remarks of each rule are trusted, and whether those of a reply together are worth saying.

A reply of some length that is well written still wakes a rule now and then. One remark of a rule that is
wrong every fourth time is then more likely a false alarm than a help, while in a short line, or beside other
remarks, it is not. What `data/trust.toml` says of each rule was counted on labelled cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Limits(NamedTuple):
    """A remark is made from `least` on, alone from `sure` on, beside others where they add up to `enough`."""

    least: float = 0.0
    sure: float = 0.0
    enough: float = 0.0

    def worth_saying(self, trusted: Iterable[float]) -> bool:
        """Whether remarks that are trusted so far should be made, all together."""
        together = 0.0
        for chance in trusted:
            together += chance
            if chance >= self.sure or together >= self.enough:
                return True
        return False


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Trust:
    """`shares`: a rule's id → how often its remarks are right, 0 to 1; other rules are trusted wholly.

    `by_rule` holds where a remark is trusted by its rule alone, `by_sight` where the customer's message and
    the draft were read together and that was weighed too. Both hold for drafts of `words` words and more.
    """

    shares: Mapping[str, float] = field(default_factory=dict)
    by_rule: Limits = NO_LIMITS
    by_sight: Limits = NO_LIMITS
    words: int = 0


EVERYTHING = Trust()


def trust_of(data: Mapping[str, Any]) -> Trust:
    """What the file `trust.toml` of a pack says; without one every remark is made."""
    if not data:
        return EVERYTHING
    shares = {rule: percent / 100 for rule, percent in data["right"].items()}
    by_rule, by_sight = (
        Limits(*(data[name][limit] / 100 for limit in Limits._fields)) for name in ("by_rule", "by_sight")
    )
    return Trust(shares, by_rule, by_sight, data["words"])
