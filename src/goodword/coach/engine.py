"""The ordered readers: each says which facts it needs and gives, and their order is checked before use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from goodword.coach.case import Case
from goodword.coach.errors import EngineError

GIVEN = frozenset({"draft", "customer", "clock"})


@dataclass(frozen=True, slots=True)
class Reader:
    """One step of reading: `run` returns the value of the one fact that it `gives`."""

    name: str
    gives: str
    needs: tuple[str, ...]
    run: Callable[[Case], Any]


class Engine:
    """Runs readers over a case, in the order they were given."""

    def __init__(self, readers: Sequence[Reader], *, given: Iterable[str] = GIVEN) -> None:
        known = set(given)
        facts = set(Case.__dataclass_fields__)
        for place, reader in enumerate(readers):
            missing = [need for need in reader.needs if need not in known]
            if missing:
                raise EngineError("E101", _missing(reader, missing[0], readers[place + 1 :]))
            if reader.gives not in facts:
                raise EngineError(
                    "E102", f"Reader {reader.name!r} gives {reader.gives!r}, which no case holds."
                )
            if reader.gives in known:
                raise EngineError(
                    "E103", f"Reader {reader.name!r} gives {reader.gives!r} a second time; drop one."
                )
            known.add(reader.gives)
        self._readers = tuple(readers)
        self.gives = frozenset(reader.gives for reader in readers)

    def run(self, case: Case) -> Case:
        for reader in self._readers:
            setattr(case, reader.gives, reader.run(case))
        return case


def _missing(reader: Reader, need: str, later: Sequence[Reader]) -> str:
    giver = next((other.name for other in later if other.gives == need), None)
    remedy = f"put {giver!r} before it" if giver else "add a reader that gives it"
    return f"Reader {reader.name!r} needs {need!r}, which nothing before it gives; {remedy}."
