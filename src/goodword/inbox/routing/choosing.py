"""Who gets a conversation: a pure function over who is here, what they can and how much they have."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum

_NEVER = datetime.min.replace(tzinfo=UTC)


class Nobody(StrEnum):
    """Why nobody gets it."""

    CLOSED = "closed"  # outside the hours of the team
    UNFIT = "unfit"  # nobody who may see it has the skill or the language
    AWAY = "away"  # whoever could, takes nothing new
    FULL = "full"  # whoever could, has enough


@dataclass(slots=True)
class Person:
    """An agent at work. `most` and `held` go by channel; without an entry in `most` there is no limit."""

    id: int
    name: str
    is_lead: bool = False
    available: bool = True
    languages: frozenset[str] = frozenset()
    skills: frozenset[int] = frozenset()
    teams: frozenset[int] = frozenset()
    most: Mapping[str, int] = field(default_factory=dict)
    held: Counter[str] = field(default_factory=Counter)
    given_at: datetime | None = None

    def has_room(self, channel: str) -> bool:
        """Whether one more of this channel fits."""
        most = self.most.get(channel)
        return most is None or self.held[channel] < most


@dataclass(frozen=True, slots=True)
class Wish:
    """What a conversation needs; None and '' where anybody will do."""

    channel: str
    mailbox_id: int | None = None
    team_id: int | None = None
    skill_id: int | None = None
    agent_id: int | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Crew:
    """Everybody at work. `doors`: the teams of the mailboxes that are closed to all others; `works`: whether
    a team (None: the house) is at work at this moment.
    """

    people: tuple[Person, ...]
    doors: Mapping[int, frozenset[int]] = field(default_factory=dict)
    works: Callable[[int | None], bool] = lambda team: True

    def choose(self, wish: Wish) -> Person | Nobody:
        """Of those who may and can and have room, who waited longest since they were given something."""
        if not self.works(wish.team_id):
            return Nobody.CLOSED
        able = [person for person in self.people if self._can(person, wish)]
        if not able:
            return Nobody.UNFIT
        here = [person for person in able if person.available]
        if not here:
            return Nobody.AWAY
        free = [person for person in here if person.has_room(wish.channel)]
        return min(free, key=lambda one: (one.given_at or _NEVER, one.id)) if free else Nobody.FULL

    def _can(self, person: Person, wish: Wish) -> bool:
        return (
            self._sees(person, wish.mailbox_id)
            and (wish.agent_id is None or person.id == wish.agent_id)
            and (wish.team_id is None or wish.agent_id is not None or wish.team_id in person.teams)
            and (wish.skill_id is None or wish.skill_id in person.skills)
            and (not wish.language or wish.language in person.languages)
        )

    def _sees(self, person: Person, mailbox_id: int | None) -> bool:
        doors = self.doors.get(mailbox_id, frozenset()) if mailbox_id is not None else frozenset()
        return not doors or person.is_lead or bool(doors & person.teams)

    def has_nobody(self, wish: Wish) -> bool:
        """Whether it is sure that nobody gets what needs this, in whichever mailbox and language it is."""
        if wish.team_id is not None and not self.works(wish.team_id):
            return True
        anywhere = replace(wish, mailbox_id=None, language="")
        here = (person for person in self.people if person.available and person.has_room(wish.channel))
        return not any(self._can(person, anywhere) for person in here)

    def open_channels(self, channels: Iterable[str]) -> list[str]:
        """The channels of which somebody can be given one more."""
        here = [person for person in self.people if person.available]
        return [channel for channel in channels if any(person.has_room(channel) for person in here)]
