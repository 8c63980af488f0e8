"""How the sample company shares out its work: abilities, limits, rules, and who decides what."""

from typing import Any

from goodword.inbox import actions as inbox
from goodword.inbox.routing import rules
from goodword.staff import work
from goodword.staff.models import Availability, Skill, Team

from . import cast, script
from .placing import crew_now


def make() -> None:
    """Set it up. What lies there unassigned stays with people; rules are for what comes."""
    facts, crew = script.table("routing"), crew_now()
    ada = crew["ada"]
    for clerk in cast.clerks():
        work.set_abilities(by=ada, agent=crew[clerk.key], languages=clerk.languages)
    work.set_capacities(by=ada, agent=None, most=facts["most"])
    for entry in facts["ability"]:
        work.set_abilities(by=ada, agent=crew[entry["who"]], skills=entry["skills"])
        work.set_capacities(by=ada, agent=crew[entry["who"]], most=entry.get("most", {}))
    for handle in facts["away"]["who"]:
        work.set_availability(by=ada, agent=crew[handle], state=Availability.State.AWAY)
    for level in facts["level"]:
        people = [crew[handle] for handle in level["who"]]
        inbox.set_escalation_level(by=ada, rank=level["rank"], name=level["name"], agents=people)
    for entry in facts["rule"]:
        rules.save_rule(by=ada, given=_rule(entry))


def _rule(entry: dict[str, Any]) -> rules.NewRule:
    names = {team["key"]: team["name"] for team in script.table("company")["team"]}
    found: dict[str, Any] = {}
    if "team" in entry:
        found["team"] = Team.objects.get(name=names[entry["team"]])
    if "skill" in entry:
        found["skill"] = Skill.objects.get(name=entry["skill"])
    return rules.NewRule(**entry | found)
