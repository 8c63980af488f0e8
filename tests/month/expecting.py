"""What the model expects of the watchers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Expected:
    """Something is to happen once: not before its moment, and at the look `step` at the latest.

    `turn`: whose leave it had to wait for, where others may wait for the same; it could from `ready` on.
    """

    kind: str
    about: str
    moment: datetime
    step: datetime
    turn: str = ""
    ready: datetime = datetime.max


class Book:
    """Everything that is expected, in the order of the looks."""

    def __init__(self) -> None:
        self._all: list[Expected] = []
        self.step = datetime.max

    def expect(
        self, kind: str, about: str, moment: datetime, *, turn: str = "", ready: datetime = datetime.max
    ) -> None:
        """It is to be told of at the look that is going on."""
        self._all.append(Expected(kind, about, moment, self.step, turn, ready))

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Expected]:
        return iter(self._all)
