"""Gives conversations that wait to the agents who should have them, however many workers run.

One worker at a time decides, under a lock of the database, for a handful of conversations in one transaction:
loads and turns are those of the moment. A conversation that somebody works on just then is left for later.
"""

import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from goodword.staff.models import Agent, Availability

from ..actions.adding import tell
from ..actions.assigning import set_assignee, set_priority, set_team
from ..conditions import Facts, facts_of_each, fields_of, fits
from ..models import Conversation, RoutingRule
from .choosing import Crew, Person, Wish
from .crew import Setup, at_work, set_up

AT_ONCE, LET_GO_AT_ONCE = 50, 500
# Seconds for which abilities, limits and hours are taken to be as they were.
SET_UP_FOR = 30
Priority = Conversation.Priority
Routing = Conversation.Routing
CHANGED = ("assignee", "team", "priority", "routing", "routing_rule")
# The pressing ones first; each group by its age.
PASSES = ((Priority.URGENT,), (Priority.HIGH,), (Priority.NORMAL, Priority.LOW))


def route_waiting() -> int:
    """Route every conversation that waits and can be; returns how many found somebody."""
    if not rules_on():
        _let_all_go()
        return 0
    house = _House()
    return sum(_route_all(priorities, house) for priorities in PASSES)


def rules_on() -> list[RoutingRule]:
    """The rules that hold, in their order."""
    return list(RoutingRule.objects.filter(is_on=True).select_related("team", "skill", "agent"))


def first_that_fits(rules: Sequence[RoutingRule], facts: Facts) -> RoutingRule | None:
    """The rule that holds for a conversation, if any does."""
    return next((rule for rule in rules if fits(rule.conditions, facts)), None)


def wish_of(rule: RoutingRule, place: Conversation) -> Wish:
    """What a conversation needs by a rule that holds for it."""
    return Wish(
        channel=place.channel,
        mailbox_id=place.mailbox_id,
        team_id=rule.team_id or place.team_id,
        skill_id=rule.skill_id,
        agent_id=rule.agent_id,
        language=place.language if rule.by_language else "",
    )


class _House:
    """The house as it is set up, read now and then."""

    def __init__(self) -> None:
        self._read_at = float("-inf")

    def set_up(self) -> Setup:
        """As it was read lately."""
        if time.monotonic() - self._read_at > SET_UP_FOR:
            self._setup, self._read_at = set_up(), time.monotonic()
        return self._setup


def _route_all(priorities: Sequence[str], house: _House) -> int:
    given, after = 0, 0
    while True:
        with transaction.atomic():
            _one_at_a_time()
            crew, rules = at_work(house.set_up()), rules_on()
            batch = list(_waiting(crew, rules, priorities).filter(pk__gt=after)[:AT_ONCE])
            if not batch:
                return given
            given += _route_each(batch, crew, rules)
        after = batch[-1].pk


def _let_all_go() -> None:
    """Where there is no rule, nothing waits for one."""
    while _let_some_go():
        pass


@transaction.atomic
def _let_some_go() -> int:
    _one_at_a_time()
    waiting = _in_routing().select_for_update(skip_locked=True, no_key=True).order_by("routing", "pk")
    return _let_go(waiting.values_list("pk", flat=True)[:LET_GO_AT_ONCE])


def _let_go(ids: Iterable[int]) -> int:
    return Conversation.objects.filter(pk__in=list(ids)).update(routing="", routing_rule=None)


def _one_at_a_time() -> None:
    """Until the commit no other worker decides; below it only promises are waited for, which come last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('goodword routing'))")


def _waiting(crew: Crew, rules: Sequence[RoutingRule], priorities: Sequence[str]) -> "QuerySet[Conversation]":
    """What can be routed, locked, the oldest first: what is new, and what waits where there may be room."""
    ready = Q(routing=Routing.NEW)
    for channel in crew.open_channels(Conversation.Channel.values):
        stuck = [rule.pk for rule in rules if crew.has_nobody(_least_wish(rule, channel))]
        ready |= Q(routing=Routing.WAITING, channel=channel) & ~Q(routing_rule__in=stuck)
    waiting = _in_routing().filter(ready, priority__in=priorities)
    locked = waiting.select_for_update(skip_locked=True, no_key=True, of=("self",))
    # As a sum: the database would walk along all conversations there ever were, to save the sorting.
    return locked.select_related("team").order_by(F("pk") + 0)


def _in_routing() -> "QuerySet[Conversation]":
    """All that is new or waits; the index of it asks for these words."""
    return Conversation.objects.filter(state=Conversation.State.OPEN, assignee=None).exclude(routing="")


def _least_wish(rule: RoutingRule, channel: str) -> Wish:
    """What all have in common that wait by this rule."""
    return Wish(channel=channel, team_id=rule.team_id, skill_id=rule.skill_id, agent_id=rule.agent_id)


def _route_each(batch: list[Conversation], crew: Crew, rules: Sequence[RoutingRule]) -> int:
    """How many of them found somebody."""
    known = {rule.pk: rule for rule in rules}
    undecided = [place for place in batch if place.routing_rule_id not in known]
    asked = fields_of(*(rule.conditions for rule in rules))
    facts = facts_of_each(undecided, only=asked) if undecided else {}
    given, free = 0, []
    for place in batch:
        rule = known.get(place.routing_rule_id or 0)
        if rule is None:
            rule = first_that_fits(rules, facts[place.pk])
        if rule is None:
            free.append(place.pk)
        else:
            given += _route(place, rule, crew)
    _let_go(free)
    return given


def _route(place: Conversation, rule: RoutingRule, crew: Crew) -> bool:
    waited = place.routing_rule_id == rule.pk
    if not waited:
        _sort(place, rule)
    found = crew.choose(wish_of(rule, place)) if rule.assigns else None
    if isinstance(found, Person):
        _give(place, rule, found)
    elif found is None:
        place.routing, place.routing_rule = "", None
    elif waited:
        return False
    else:
        place.routing, place.routing_rule = Routing.WAITING, rule
        tell("conversation.queued", place, rule=rule.name, why=str(found))
    place.save(update_fields=CHANGED)
    return isinstance(found, Person)


def _sort(place: Conversation, rule: RoutingRule) -> None:
    """The team and the priority that the rule gives it."""
    if rule.team is not None and place.team_id != rule.team_id:
        set_team(place, agent=None, team=rule.team, rule=rule.name)
    if rule.priority and place.priority != rule.priority:
        set_priority(place, agent=None, priority=rule.priority, rule=rule.name)


def _give(place: Conversation, rule: RoutingRule, person: Person) -> None:
    now = timezone.now()
    last = person.given_at
    # Two in the same moment still have an order, so that turns are taken.
    person.given_at = max(now, last + timedelta(microseconds=1)) if last else now
    person.held[place.channel] += 1
    why: dict[str, Any] = {"rule": rule.name, "held": person.held[place.channel]}
    if (most := person.most.get(place.channel)) is not None:
        why["most"] = most
    set_assignee(place, agent=None, to=Agent.objects.get(pk=person.id), **why)
    Availability.objects.update_or_create(agent_id=person.id, defaults={"given_at": person.given_at})
