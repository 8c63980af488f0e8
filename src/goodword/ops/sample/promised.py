"""Promises of special sorts, made with the verbs of the house in letters that wait for an answer."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from goodword.coaching import actions as coaching
from goodword.inbox import actions as inbox
from goodword.promises import actions as promises
from goodword.promises import moments
from goodword.promises.actions import NewPromise
from goodword.promises.models import Promise
from goodword.staff.models import Agent, Team

from . import days, script
from .desk import Filed
from .placing import Crew, crew_now, then

HOURS = 3  # until a letter is answered
YESTERDAY = timedelta(hours=22)


def make(filed: list[Filed], *, now: datetime) -> None:
    """Answer the letters that data speaks of."""
    crew, chance = crew_now(), Random(37)  # noqa: S311 nothing secret is drawn
    by_part = {one.case.part: one for one in filed if one.case.part}
    for letter in script.table("promises")["letter"]:
        one = by_part[letter["part"]]
        first = one.case.story.said[0].at
        at = min(now, days.at_work(first + timedelta(hours=HOURS), chance))
        with then(at, one.place):
            _answered(one, letter, crew, at)
        if letter.get("met"):
            met_at = min(now, days.at_work(now - YESTERDAY, chance))
            with then(met_at, one.place):
                _met(one, letter["met"], crew[letter["by"]], met_at)


def _answered(one: Filed, letter: dict[str, Any], crew: Crew, at: datetime) -> None:
    agent, slots = crew[letter["by"]], dict(one.case.story.slots)
    inbox.assign(conversation=one.place, agent=agent, to=agent)
    if "answer" in letter:
        text = letter["answer"].strip().format_map(slots)
        found = coaching.review_draft(draft=text, customer_message=one.messages[0].text, now=at)
        team = Team.objects.get(name=_team_names()[one.case.story.scenario.team])
        made = [
            replace(NewPromise.from_commitment(commitment), team_id=team.pk)
            for commitment in found["commitments"]
        ]
        inbox.reply(conversation=one.place, agent=agent, markdown=text, promises=made, undo_seconds=0)
        return
    due = days.working_day(at.date() + timedelta(days=2))
    slots["next"] = days.said(due, one.case.story.scenario.language)
    text = letter["note"].strip().format_map(slots)
    promise = NewPromise(
        what=letter["what"].format_map(slots),
        quote=next(sentence for sentence in text.split(". ") if slots["next"] in sentence),
        due_at=moments.end_of_day(due),
        whole_day=True,
        due_text=slots["next"],
        kind=letter["kind"],
    )
    inbox.note(conversation=one.place, agent=agent, markdown=text, promises=[promise])


def _team_names() -> dict[str, str]:
    return {team["key"]: team["name"] for team in script.table("company")["team"]}


def _met(one: Filed, note: str, agent: Agent, at: datetime) -> None:
    waiting = Promise.objects.filter(place__conversation=one.place).exclude(condition="").get()
    promises.meet_condition(promise=waiting, agent=agent, at=at, note=note)
