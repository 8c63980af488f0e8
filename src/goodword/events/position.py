"""Where a reader of the event log stands."""

import re
from dataclasses import dataclass

LARGEST = 2**63 - 1
_FORM = re.compile(r"(\d{1,19})-(\d{1,19})", re.ASCII)


class BadPosition(ValueError):
    """A text is no position in the event log; the text of the error says what one looks like."""


@dataclass(frozen=True, order=True, slots=True)
class Position:
    """A place in the log, after the event of this transaction and number; written '<transaction>-<id>'."""

    transaction: int
    id: int

    @classmethod
    def parse(cls, text: str) -> "Position":
        """Read what `str` wrote; raises BadPosition with a sentence."""
        found = _FORM.fullmatch(text.strip())
        numbers = [int(part) for part in found.groups()] if found else []
        if not numbers or max(numbers) > LARGEST:
            raise BadPosition(
                f"'{text[:60]}' is no position in the event log; one looks like 4711-90210, "
                "as the last event's id says."
            )
        return cls(numbers[0], numbers[1])

    def __str__(self) -> str:
        return f"{self.transaction}-{self.id}"
