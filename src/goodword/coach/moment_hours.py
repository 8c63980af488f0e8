"""Which hour of the day the words of a time expression name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_BUSINESS_MORNING = 7  # "by 3" is in the afternoon, "by 9" in the morning


@dataclass(frozen=True, slots=True)
class Atom:
    """One piece of a time expression, e.g. a day, a clock time, a span."""

    kind: str
    match: re.Match[str]

    @property
    def start(self) -> int:
        return self.match.start()

    @property
    def end(self) -> int:
        return self.match.end()


class Hours:
    """The words for hours of one language, made from its data."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._numbers: dict[str, int] = data["numbers"]
        self._parts: dict[str, int] = data["clock"]["parts"]
        self._late = tuple(data["day_part"]["late"])
        self._early = tuple(data["day_part"]["early"])

    def hour(self, atom: Atom, group: list[Atom]) -> tuple[int, int] | None:
        m = atom.match
        if atom.kind in ("bare", "bare2"):
            return self._near_hour(self._number(m["bare"] or m["bare2"]) or 0, group), 0
        if atom.kind == "between":
            return self._halved(m["bh"], m["bp"], group), int(m["bm"] or 0)
        if atom.kind == "told":
            return self._told(m, group)
        if atom.kind != "clock":
            return None
        if m["cnoon"]:
            return 12, 0
        if m["cmid"]:
            return 24, 0
        if m["h24"]:
            return int(m["h24"]), int(m["m24"])
        if m["hdot"]:
            hour = int(m["hdot"])
            return (hour if hour > 12 else self._near_hour(hour, group)), int(m["mdot"])
        return self._halved(m["ch"], m["cp"], group), int(m["cm"] or 0)

    def _halved(self, word: str, half: str | None, group: list[Atom]) -> int:
        """The hour of 'three pm', 'nine am', 'four o'clock', 'two'."""
        hour = self._number(word) or 0
        if half is None or half == "o'clock":
            return self._near_hour(hour, group)
        return hour % 12 + (12 if half.startswith("p") else 0)

    def _near_hour(self, hour: int, group: list[Atom]) -> int:
        """'At three' is in the afternoon, unless the words beside it say another part of the day."""
        said = [atom.match.group() for atom in group]
        if any(words.endswith(self._early) for words in said):
            return hour
        late = hour < _BUSINESS_MORNING or any(words.endswith(self._late) for words in said)
        return hour + 12 if late and hour < 12 else hour

    def _told(self, m: re.Match[str], group: list[Atom]) -> tuple[int, int]:
        """'Half past four', 'quarter to five', 'half seven'."""
        minutes = self._parts[m["tp"]]
        hour = self._halved(m["th"], m["tq"], group)
        if m["td"] == "to ":
            return (hour - 1 if hour != 1 else 12), 60 - minutes
        return hour, minutes

    def _number(self, word: str) -> int | None:
        return int(word) if word.isdigit() else self._numbers.get(word)
