"""Raising a conversation to those who decide what an agent cannot, and bringing back what they decided."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from goodword.events.actions import record
from goodword.staff.access import NotAllowed, require_lead
from goodword.staff.models import Agent, Team

from .. import escalations
from ..clocks import follow
from ..errors import NotPossible
from ..models import Conversation, Escalation, EscalationLevel
from .adding import tell
from .states import working

WORDS_LENGTH = 5_000
NAME_LENGTH = 100
HIGHEST = 9


@transaction.atomic
def escalate(
    *,
    conversation: Conversation,
    agent: Agent | None,
    reason: str,
    level: int | None = None,
    to: Agent | None = None,
) -> Escalation:
    """Raise a conversation to a level, by default the next one, with the reason; its agent keeps it.

    With `to` one of that level is asked, else all of them. Repeated, it is done once.
    """
    place = working(agent, conversation.pk)
    words = _words(reason, gettext("Say in a few words why it goes up; whoever decides reads it first."))
    newest = escalations.open_one(place)
    if newest is not None and newest.reason == words and level in (None, newest.level):
        return newest
    step = _step(place, level)
    asked = step.asked(place)
    if to is not None and to not in asked:
        raise NotPossible(
            gettext("%(name)s is not asked on the level %(level)s, or cannot see this conversation.")
            % {"name": to.name, "level": step.name}
        )
    if not asked:
        raise NotPossible(
            gettext("Nobody of the level %(level)s can see this conversation. Choose another, or ask a lead.")
            % {"level": step.name}
        )
    made = Escalation.objects.create(conversation=place, level=step.rank, reason=words, by=agent, to=to)
    place.escalation_level = step.rank
    place.save(update_fields=["escalation_level"])
    tell(
        "conversation.escalated",
        place,
        agent=agent,
        escalation=made.pk,
        level=step.rank,
        name=step.name,
        to=to.pk if to else None,
        details={"reason": words},
    )
    follow(place)
    return made


@transaction.atomic
def end_escalation(*, conversation: Conversation, agent: Agent, decision: str) -> Conversation:
    """Say what was decided; every open level of the conversation ends with it. Raises NotAllowed."""
    place = working(agent, conversation.pk)
    newest = escalations.open_one(place)
    if newest is None:
        return place
    if not escalations.may_end(newest, agent):
        raise NotAllowed(gettext("Whoever was asked decides, or a lead. Ask one of them."))
    words = _words(decision, gettext("Say what was decided; the agent acts on it."))
    place.escalations.filter(ended_at=None).update(ended_at=timezone.now(), ended_by=agent, decision=words)
    place.escalation_level = 0
    place.save(update_fields=["escalation_level"])
    tell("conversation.decided", place, agent=agent, escalation=newest.pk, details={"decision": words})
    follow(place)
    return place


@transaction.atomic
def set_escalation_level(
    *, by: Agent, rank: int, name: str, team: Team | None = None, agents: Iterable[Agent] = ()
) -> EscalationLevel:
    """Set up a level: whom it asks. Raises NotAllowed or NotPossible."""
    require_lead(by)
    tidy = " ".join(name.split())[:NAME_LENGTH]
    people = list(agents)
    if not tidy:
        raise NotPossible(gettext("The level has no name. Write one, such as 'Team lead'."))
    if not 1 <= rank <= HIGHEST:
        raise NotPossible(
            gettext("Level %(rank)d cannot be. The levels are 1 to %(most)d.")
            % {"rank": rank, "most": HIGHEST}
        )
    if team is None and not people:
        raise NotPossible(gettext("The level asks nobody. Choose a team, or people."))
    level, _new = EscalationLevel.objects.update_or_create(rank=rank, defaults={"name": tidy, "team": team})
    level.agents.set(people)
    record("escalation.level_set", agent_id=by.pk, data={"level": rank, "name": tidy})
    return level


@transaction.atomic
def remove_escalation_level(*, by: Agent, level: EscalationLevel) -> None:
    """Take a level away; what was raised to it stays with whom it named, and with the leads."""
    require_lead(by)
    if EscalationLevel.objects.filter(pk=level.pk).delete()[0]:
        record("escalation.level_removed", agent_id=by.pk, data={"level": level.rank, "name": level.name})


def _step(place: Conversation, level: int | None) -> escalations.Step:
    above = escalations.steps_above(place)
    found = next((step for step in above if level in (None, step.rank)), None)
    if found is None:
        raise NotPossible(
            gettext("There is no level above that it could go to. Ask whoever has it now to decide.")
            if not above
            else gettext("It cannot be raised to that level. Choose one above where it is.")
        )
    return found


def _words(text: str, sentence: str) -> str:
    words = text.replace("\x00", "").strip()[:WORDS_LENGTH]
    if not words:
        raise NotPossible(sentence)
    return words
