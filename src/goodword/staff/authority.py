"""What agents may give away on their own: the levels, and who has which.

A lead or administrator without a level of their own has the highest; anybody else without one has none.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from goodword.events.actions import record

from .access import NotAllowed, require_administrator
from .models import Agent, AuthorityLevel

LIMITS = ("per_gesture", "per_customer", "per_month")
MOST = Decimal("9999999999.99")


def levels() -> list[AuthorityLevel]:
    """Every level, the lowest first."""
    return list(AuthorityLevel.objects.order_by("rank"))


def level_of(agent: Agent, known: Iterable[AuthorityLevel] | None = None) -> AuthorityLevel | None:
    """The level that holds for the agent, None for somebody who may give nothing.

    `known` are all levels, where they are at hand; else they cost a query.
    """
    if not agent.is_active:
        return None
    every = {level.pk: level for level in (levels() if known is None else known)}
    if agent.authority_id is not None:
        return every.get(agent.authority_id)
    return max(every.values(), key=lambda level: level.rank, default=None) if agent.is_lead else None


def holders(rank: int) -> list[Agent]:
    """The agents at work whose level is of this rank or above, by name."""
    known = levels()
    at_work = Agent.objects.filter(is_active=True).order_by("name", "id")
    held = ((agent, level_of(agent, known)) for agent in at_work)
    return [agent for agent, level in held if level is not None and level.rank >= rank]


def get_level(by: Agent, pk: int) -> AuthorityLevel:
    """One level, for those who set them. Raises NotAllowed or AuthorityLevel.DoesNotExist."""
    require_administrator(by)
    return AuthorityLevel.objects.get(pk=pk)


@transaction.atomic
def add_level(*, by: Agent | None, name: str, **limits: Decimal | None) -> AuthorityLevel:
    """Add a level above all others (see `move_level`). A limit that is not given is zero: nothing.

    Raises ValidationError. `by` None is the house itself.
    """
    _may_set(by)
    _one_at_a_time()
    level = AuthorityLevel(name=_name(name), rank=_next_rank())
    for limit in LIMITS:
        setattr(level, limit, _limit(limit, limits.get(limit, Decimal())))
    level.save()
    _record("authority.level_added", by, level)
    return level


@transaction.atomic
def set_level(
    *, by: Agent | None, level: AuthorityLevel, name: str | None = None, **limits: Decimal | None
) -> AuthorityLevel:
    """Change a level's name or limits; what is not given stays, None takes a limit away."""
    _may_set(by)
    level = AuthorityLevel.objects.select_for_update(no_key=True).get(pk=level.pk)
    changes: dict[str, Any] = {key: _limit(key, value) for key, value in limits.items() if key in LIMITS}
    if name is not None:
        changes["name"] = _name(name, level)
    changed = [key for key, value in changes.items() if getattr(level, key) != value]
    for key in changed:
        setattr(level, key, changes[key])
    if changed:
        level.save(update_fields=changed)
        _record("authority.level_changed", by, level, changed=sorted(changed))
    return level


@transaction.atomic
def move_level(*, by: Agent | None, level: AuthorityLevel, up: bool) -> None:
    """Let the level change places with the one above it or below it; at the end nothing happens."""
    _may_set(by)
    _one_at_a_time()
    every = list(AuthorityLevel.objects.select_for_update().order_by("rank"))
    place = next((number for number, other in enumerate(every) if other.pk == level.pk), None)
    if place is None or not 0 <= (place + 1 if up else place - 1) < len(every):
        return
    one, other = every[place], every[place + 1 if up else place - 1]
    ranks = one.rank, other.rank
    AuthorityLevel.objects.filter(pk=one.pk).update(rank=max(row.rank for row in every) + 1)
    AuthorityLevel.objects.filter(pk=other.pk).update(rank=ranks[0])
    AuthorityLevel.objects.filter(pk=one.pk).update(rank=ranks[1])
    _record("authority.level_moved", by, one)


@transaction.atomic
def remove_level(*, by: Agent | None, level: AuthorityLevel) -> None:
    """Take a level away; raises NotAllowed while anybody has it."""
    _may_set(by)
    having = level.agents.filter(is_active=True).count()
    if having:
        sentence = _("%(count)d people have the level '%(name)s'. Give them another one first.")
        raise NotAllowed(sentence % {"count": having, "name": level.name})
    if AuthorityLevel.objects.filter(pk=level.pk).delete()[0]:
        _record("authority.level_removed", by, level)


@transaction.atomic
def give_level(*, by: Agent | None, agent: Agent, level: AuthorityLevel | None) -> Agent:
    """Say which level an agent has; None: none of their own."""
    _may_set(by)
    agent = Agent.objects.select_for_update(no_key=True).get(pk=agent.pk)
    if agent.authority_id != (level.pk if level else None):
        agent.authority = level
        agent.save(update_fields=["authority"])
        data = {"agent": agent.pk, "level": level.pk if level else None}
        record("authority.given", agent_id=by.pk if by else None, data=data)
    return agent


def _may_set(by: Agent | None) -> None:
    if by is not None:
        require_administrator(by)


def _name(name: str, level: AuthorityLevel | None = None) -> str:
    tidy = " ".join(name.replace("\x00", "").split())[:100]
    if not tidy:
        raise ValidationError({"name": _("The name is empty. Write one.")})
    if AuthorityLevel.objects.filter(name__iexact=tidy).exclude(pk=level.pk if level else 0).exists():
        sentence = _("There is a level called '%(name)s' already. Choose another name.")
        raise ValidationError({"name": sentence % {"name": tidy}})
    return tidy


def _one_at_a_time() -> None:
    """Levels are put in order one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('goodword authority levels'))")


def _next_rank() -> int:
    taken = AuthorityLevel.objects.values_list("rank", flat=True)
    return max(taken, default=0) + 1


def _limit(name: str, amount: Decimal | None) -> Decimal | None:
    if amount is not None and not 0 <= amount <= MOST:
        sentence = _("%(amount)s cannot be a limit. Write an amount of zero or more.")
        raise ValidationError({name: sentence % {"amount": amount}})
    return amount


def _record(kind: str, by: Agent | None, level: AuthorityLevel, **data: Any) -> None:
    record(kind, agent_id=by.pk if by else None, data={"level": level.pk, "name": level.name} | data)
