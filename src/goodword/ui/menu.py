"""What stands in the rail. Rooms above register their entries when the application starts."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise


def _everyone(request: HttpRequest) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class MenuEntry:
    """One link of the rail.

    ``url_name`` is reversed without arguments; ``keys`` is the shortcut as the keyboard map has it ("g i").
    ``section`` marks the entry as current on every page whose context says the same ``ui_section``.
    """

    section: str
    label: str | Promise
    icon: str
    url_name: str
    keys: str = ""
    order: int = 100
    visible: Callable[[HttpRequest], bool] = _everyone

    @cached_property
    def url(self) -> str:
        return reverse(self.url_name)


_entries: dict[str, MenuEntry] = {}


def register(entry: MenuEntry) -> None:
    """Put an entry into the rail; the same section again replaces it."""
    _entries[entry.section] = entry


Badge = Callable[[HttpRequest], int]
_badges: dict[str, Badge] = {}


def register_badge(section: str, count: Badge) -> None:
    """Let an entry of the rail say how much waits there; 0 shows nothing."""
    _badges[section] = count


def badge_of(section: str, request: HttpRequest) -> int:
    """How much waits there for whoever asks."""
    count = _badges.get(section)
    return count(request) if count else 0


def entries_for(request: HttpRequest) -> list[MenuEntry]:
    """The entries this request may see, in their order."""
    return sorted((e for e in _entries.values() if e.visible(request)), key=lambda e: (e.order, e.section))
