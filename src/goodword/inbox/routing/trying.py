"""A dry run: where the newest conversations would go by the rules as they are, or as they would be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils import timezone

from goodword.staff.models import Agent

from .. import access
from ..conditions import facts_of_each, fields_of
from ..models import Conversation, RoutingRule
from .choosing import Person
from .crew import at_work, set_up
from .giving import first_that_fits, wish_of

NEWEST = 50


@dataclass(frozen=True, slots=True)
class Trial:
    """Where one conversation would go: by which rule (None: by none), to whom, or why to nobody.

    `why` is one of `choosing.Nobody`, '' where somebody gets it or the rule only sorts it.
    """

    conversation: Conversation
    rule: RoutingRule | None
    to: str = ""
    why: str = ""


def dry_run(agent: Agent, rules: Sequence[RoutingRule], *, newest: int = NEWEST) -> list[Trial]:
    """The newest conversations that the agent may see, each as if it came now, after each other.

    Nothing is changed. Everybody has what they have now; turns and room are counted on from there.
    """
    seen = access.conversations(agent).exclude(state=Conversation.State.MERGED)
    places = list(seen.select_related("customer").order_by("-id")[:newest])
    facts = facts_of_each(places, only=fields_of(*(rule.conditions for rule in rules)))
    crew = at_work(set_up())
    trials: list[Trial] = []
    for place in reversed(places):
        # As it came: in no team yet.
        rule = first_that_fits(rules, replace(facts[place.pk], team_id=None))
        if rule is None or not rule.assigns:
            trials.append(Trial(place, rule))
            continue
        place.team_id = None
        found = crew.choose(wish_of(rule, place))
        if isinstance(found, Person):
            found.held[place.channel] += 1
            found.given_at = timezone.now()
            trials.append(Trial(place, rule, to=found.name))
        else:
            trials.append(Trial(place, rule, why=str(found)))
    return trials[::-1]
