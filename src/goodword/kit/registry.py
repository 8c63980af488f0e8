"""How a lower room lets upper rooms take part: a list of callables, filled in AppConfig.ready()."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

Entry = TypeVar("Entry", bound=Callable[..., object])


class Registry(Generic[Entry]):
    """Callables in the order they were added; adding one twice is harmless."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._entries: list[Entry] = []

    def add(self, entry: Entry) -> Entry:
        """Add a callable; usable as a decorator."""
        if entry not in self._entries:
            self._entries.append(entry)
        return entry

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries))
