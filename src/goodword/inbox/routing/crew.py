"""Everybody at work, as routing needs to know them.

What changes seldom (abilities, limits, doors, hours) is read once for many conversations; who is here and how
much they have is of the moment, in two queries.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Count
from django.utils import timezone

from goodword.staff import working_time
from goodword.staff.calendars import calendar_of
from goodword.staff.models import Agent, AgentSkill, Availability, Capacity, Membership, Team

from ..models import Conversation
from .choosing import Crew, Person

LEADS = (Agent.Role.LEAD, Agent.Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Setup:
    """What changes seldom: skills and teams by agent, limits by agent (None: the house's) and channel, the
    teams of closed mailboxes, and who works when.
    """

    skills: Mapping[int, frozenset[int]]
    teams: Mapping[int, frozenset[int]]
    limits: Mapping[int | None, Mapping[str, int]]
    doors: Mapping[int, frozenset[int]]
    works: Callable[[int | None], bool]


def set_up(now: datetime | None = None) -> Setup:
    """The house as it is set up: four queries, and three for the hours of a team that is asked for."""
    limits: defaultdict[int | None, dict[str, int]] = defaultdict(dict)
    for agent, channel, most in Capacity.objects.values_list("agent_id", "channel", "most"):
        limits[agent][channel] = most
    return Setup(
        skills=_gathered(AgentSkill.objects.values_list("agent_id", "skill_id")),
        teams=_gathered(Membership.objects.values_list("agent_id", "team_id")),
        limits=limits,
        doors=_gathered(Team.mailboxes.through.objects.values_list("mailbox_id", "team_id")),
        works=_works(now or timezone.now()),
    )


def at_work(setup: Setup) -> Crew:
    """The crew as it is now; call it in the transaction that gives something away."""
    held = _held()
    rows = (
        Agent.objects.filter(is_active=True)
        .values("pk", "name", "role", "languages", "availability__state", "availability__given_at")
        .order_by("pk")
    )
    people = tuple(
        Person(
            id=row["pk"],
            name=row["name"],
            is_lead=row["role"] in LEADS,
            available=row["availability__state"] != Availability.State.AWAY,
            languages=frozenset(row["languages"]),
            skills=setup.skills.get(row["pk"], frozenset()),
            teams=setup.teams.get(row["pk"], frozenset()),
            most={**setup.limits.get(None, {}), **setup.limits.get(row["pk"], {})},
            held=held[row["pk"]],
            given_at=row["availability__given_at"],
        )
        for row in rows
    )
    return Crew(people, setup.doors, setup.works)


def _gathered(pairs: Iterable[tuple[int, int]]) -> defaultdict[int, frozenset[int]]:
    """All second numbers of each first one."""
    found: defaultdict[int, frozenset[int]] = defaultdict(frozenset)
    for one, other in pairs:
        found[one] |= {other}
    return found


def _held() -> defaultdict[int, Counter[str]]:
    """How many open conversations of each channel everybody has; one walk along the index of 'mine'."""
    mine: Any = Conversation.objects.filter(state=Conversation.State.OPEN, assignee__isnull=False)
    found: defaultdict[int, Counter[str]] = defaultdict(Counter)
    counted = mine.order_by().values_list("assignee_id", "channel").annotate(count=Count("pk"))
    for agent, channel, count in counted:
        found[agent][channel] = count
    return found


def _works(now: datetime) -> Callable[[int | None], bool]:
    @cache
    def works(team_id: int | None) -> bool:
        team = Team.objects.filter(pk=team_id).first() if team_id else None
        return working_time.is_open(calendar_of(team), now)

    return works
