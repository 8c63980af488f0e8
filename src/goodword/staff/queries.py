"""What pages and the API ask about the people of the house, each in a fixed number of queries."""

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from .models import Agent, Holiday, Team


def nobody_yet() -> bool:
    """Whether the desk still waits for its first administrator."""
    return not Agent.objects.exists()


def at_work() -> QuerySet[Agent]:
    """The agents who can be given something to do, by name."""
    return Agent.objects.filter(is_active=True).order_by("name", "id")


def people() -> list[Agent]:
    """Everybody with their teams, those who have left at the end; two queries."""
    teams = Prefetch("teams", Team.objects.order_by("name"))
    return list(Agent.objects.prefetch_related(teams).order_by("-is_active", "name", "id"))


def teams() -> list[Team]:
    """Every team with its members at work and its mailboxes; three queries."""
    return list(Team.objects.prefetch_related(Prefetch("members", at_work()), "mailboxes").order_by("name"))


def mentioned(handles: set[str]) -> QuerySet[Agent]:
    """The agents at work with one of these handles, in any case, without the '@'."""
    return at_work().filter(handle__in={handle.lower() for handle in handles})


def names(ids: set[int]) -> dict[int, str]:
    """The names of agents by id, also of those who have left."""
    return dict(Agent.objects.filter(id__in=ids).values_list("id", "name"))


def holidays() -> list[Holiday]:
    """The whole house's holidays from the beginning of this year on."""
    return list(Holiday.objects.filter(team=None, day__year__gte=timezone.localdate().year).order_by("day"))
