"""Who answers for a promise, and so hears of it."""

from goodword.staff.models import Agent

from . import access
from .models import Promise


def answering(promise: Promise) -> list[int]:
    """The owner; where there is none, or they have left, the team; failing that, the leads."""
    owner = promise.owner
    if owner is not None and owner.is_active:
        return [owner.pk]
    return _members(promise) or leads(promise)


def _members(promise: Promise) -> list[int]:
    """The members of its team who are at work and may see it."""
    if promise.team is None:
        return []
    members = promise.team.members.filter(is_active=True).order_by("pk")
    return [one.pk for one in members if access.visible(one).filter(pk=promise.pk).exists()]


def leads(promise: Promise) -> list[int]:
    """The leads of the promise's team; where it has none, those of the house."""
    every = Agent.objects.filter(is_active=True, role=Agent.Role.LEAD).order_by("pk")
    if promise.team_id and (own := list(every.filter(teams=promise.team_id).values_list("pk", flat=True))):
        return own
    chiefs = Agent.objects.filter(is_active=True, role=Agent.Role.ADMINISTRATOR).order_by("pk")
    return list(every.values_list("pk", flat=True)) or list(chiefs.values_list("pk", flat=True))
