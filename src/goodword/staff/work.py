"""What is said about the work of agents: what they can, how much at once, and whether they take new work now.

Each verb is one transaction and writes its event. What makes no sense is refused with ValidationError, which
names the field.
"""

import re
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.events.actions import record

from . import registry
from .access import NotAllowed, require_lead
from .models import Agent, AgentSkill, Availability, Capacity, Skill

SKILL_LENGTH = 100
SKILLS = 50
MOST = 1000
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
State = Availability.State


@transaction.atomic
def set_abilities(
    *, by: Agent, agent: Agent, skills: Iterable[str] | None = None, languages: Iterable[str] | None = None
) -> Agent:
    """What an agent can: the names of skills, made where they are new, and languages such as 'de'.

    What is not given stays.
    """
    require_lead(by)
    agent = Agent.objects.select_for_update(no_key=True).get(pk=agent.pk)
    changed: list[str] = []
    if languages is not None and (wanted := _languages(languages)) != agent.languages:
        agent.languages = wanted
        agent.save(update_fields=["languages"])
        changed.append("languages")
    if skills is not None and _set_skills(agent, _skills(skills)):
        changed.append("skills")
    if changed:
        record("agent.changed", agent_id=by.pk, data={"agent": agent.pk, "changed": changed})
        _tell_of_room(agent)
    return agent


@transaction.atomic
def set_capacities(*, by: Agent, agent: Agent | None, most: Mapping[str, int | None]) -> None:
    """How many open conversations of each channel the agent is given at most; None: as the house has it.

    Without an agent it is the house itself; None there means without limit. Channels not named stay.
    """
    require_lead(by)
    changed = [channel for channel, limit in most.items() if _set_capacity(agent, channel, limit)]
    if changed:
        about = {"agent": agent.pk if agent else None, "changed": [f"capacity {one}" for one in changed]}
        record("agent.changed", agent_id=by.pk, data=about)
        for one in [agent] if agent else Agent.objects.filter(is_active=True)[:1]:
            _tell_of_room(one)


@transaction.atomic
def set_availability(*, by: Agent, agent: Agent, state: str) -> Availability:
    """Whether an agent takes new conversations; agents say it of themselves, and leads of everybody."""
    if by.pk != agent.pk and not by.is_lead:
        raise NotAllowed(_("Only a lead or an administrator may say this of others. Ask one of them."))
    if state not in State.values:
        raise ValidationError({"state": _("'%(state)s' cannot be chosen here.") % {"state": state[:40]}})
    kept, _made = Availability.objects.select_for_update().get_or_create(agent=agent)
    if kept.state == state:
        return kept
    kept.state, kept.since = state, timezone.now()
    kept.save(update_fields=["state", "since"])
    record("agent.availability_set", agent_id=by.pk, data={"to": agent.pk, "state": state})
    if state == State.AVAILABLE:
        _tell_of_room(agent)
    return kept


def _tell_of_room(agent: Agent) -> None:
    for told in registry.has_room:
        told(agent)


def _set_capacity(agent: Agent | None, channel: str, limit: int | None) -> bool:
    held = Capacity.objects.filter(agent=agent, channel=channel)
    if limit is None:
        return bool(held.delete()[0])
    if not 0 <= limit <= MOST:
        sentence = _("%(given)d cannot be meant. Name a number from 0 to %(most)d.")
        raise ValidationError({f"most_{channel}": sentence % {"given": limit, "most": MOST}})
    before = held.values_list("most", flat=True).first()
    Capacity.objects.update_or_create(agent=agent, channel=channel, defaults={"most": limit})
    return before != limit


def _set_skills(agent: Agent, names: list[str]) -> bool:
    """Whether anything changed."""
    known = {skill.name.casefold(): skill for skill in Skill.objects.all()}
    wanted = {
        (known.get(name.casefold()) or Skill.objects.get_or_create(name=name)[0]).pk: name for name in names
    }
    had = set(agent.skills.values_list("skill_id", flat=True))
    agent.skills.exclude(skill__in=wanted).delete()
    new = [AgentSkill(agent=agent, skill_id=pk) for pk in wanted if pk not in had]
    AgentSkill.objects.bulk_create(new, ignore_conflicts=True)
    return had != set(wanted)


def _skills(names: Iterable[str]) -> list[str]:
    tidy = list(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))
    if len(tidy) > SKILLS or any(len(name) > SKILL_LENGTH for name in tidy):
        sentence = _("Up to %(most)d skills, each of up to %(length)d characters.")
        raise ValidationError({"skills": sentence % {"most": SKILLS, "length": SKILL_LENGTH}})
    return tidy


def _languages(given: Iterable[str]) -> list[str]:
    tidy = list(dict.fromkeys(language.strip().lower() for language in given if language.strip()))
    for language in tidy:
        if not _LANGUAGE.fullmatch(language) or len(language) > 10:
            sentence = _("'%(language)s' is no language. Write them as 'en', 'de'.")
            raise ValidationError({"languages": sentence % {"language": language[:40]}})
    return tidy
