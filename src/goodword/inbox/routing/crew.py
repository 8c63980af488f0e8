"""Everybody at work, as routing needs to know them: a fixed number of queries, and two for a team's hours."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
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


def at_work(now: datetime | None = None) -> Crew:
    """The crew as it is now; call it in the transaction that gives something away."""
    now = now or timezone.now()
    agents = Agent.objects.filter(is_active=True)
    skills = _gathered(AgentSkill.objects.values_list("agent_id", "skill_id"))
    teams = _gathered(Membership.objects.values_list("agent_id", "team_id"))
    limits: dict[int | None, dict[str, int]] = defaultdict(dict)
    for agent, channel, most in Capacity.objects.values_list("agent_id", "channel", "most"):
        limits[agent][channel] = most
    held = _held()
    rows = agents.values(
        "pk", "name", "role", "languages", "availability__state", "availability__given_at"
    ).order_by("pk")
    people = tuple(
        Person(
            id=row["pk"],
            name=row["name"],
            is_lead=row["role"] in LEADS,
            available=row["availability__state"] != Availability.State.AWAY,
            languages=frozenset(row["languages"]),
            skills=skills[row["pk"]],
            teams=teams[row["pk"]],
            most=limits[None] | limits[row["pk"]],
            held=held[row["pk"]],
            given_at=row["availability__given_at"],
        )
        for row in rows
    )
    doors = _gathered(Team.mailboxes.through.objects.values_list("mailbox_id", "team_id"))
    return Crew(people, doors, _works(now))


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
