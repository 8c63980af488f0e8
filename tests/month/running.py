"""The run itself: the plan is carried out step by step, in the house and in the model."""

import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import takewhile

from django.db import connection

from .driving import House
from .model import Model
from .plan import Deed, Plan
from .verdict import Line, Verdict, judge
from .watchers import Watchers

COLUMNS = ("expected", "happened", "doubled", "uncalled", "missing", "early", "late")
SHOWN = 40
# What so many days must have in them; a run that lacks one of these has shown nothing of it.
IN_SO_MANY_DAYS = (
    (4, {"promise ahead", "promise due", "promise escalated", "service warned", "service breached"}),
    (4, {"rule conversation.opened", "rule service.breached", "check-in left out"}),
    (28, {"check-in", "follow-up", "final response breached", "stage warned", "stage breached"}),
    (28, {"promise unlikely", "question late", "proposal over", "change late", "snooze over"}),
)


def run(plan: Plan, chance: random.Random, *, step: timedelta, kills: float) -> bool:
    """Live through the plan on a database of its own, and print the table; whether all was well."""
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        return _live(plan, chance, step=step, kills=kills)
    finally:
        connection.creation.destroy_test_db(str(connection.settings_dict["NAME"]), verbosity=0)


def _live(plan: Plan, chance: random.Random, *, step: timedelta, kills: float) -> bool:
    begun = time.monotonic()
    model, house = Model(plan), House(plan)
    watchers = Watchers(chance, kills=kills)
    try:
        for now, deeds in _looks(plan, step):
            for deed in deeds:
                house.do(deed)
            expected = len(model.book)
            model.go(deeds, now)
            watchers.look(now, together=len(model.book) > expected)
    finally:
        watchers.stop()
    verdict = judge(model.expected(), house, slack=timedelta(0))
    counts = (len(house.places), len(house.promises), len(house.cases))
    _say("{} conversations, {} promises by hand, {} complaints".format(*counts))
    killed = ", ".join(f"{count} {how}" for how, count in sorted(watchers.killed.items())) or "none"
    _say(f"kill -9 of workers: {killed}; {watchers.rounds} rounds of looking")
    _tell(verdict)
    lacking = list(_lacking(plan, verdict, is_killed=bool(watchers.killed or not kills)))
    for one in lacking:
        _say(f"LACKING {one}")
    used = time.process_time() + watchers.used
    _say(f"{time.monotonic() - begun:.0f} s, {used:.0f} s of processor time without the database")
    return not verdict.faults and not lacking


def _lacking(plan: Plan, verdict: Verdict, *, is_killed: bool) -> Iterator[str]:
    """What the run should have had in it, so that it shows anything."""
    days = (plan.last - plan.first).days
    for least, kinds in IN_SO_MANY_DAYS:
        if days >= least:
            yield from sorted(kinds - verdict.lines.keys())
    if not is_killed:
        yield "kills: no worker was killed"


def _looks(plan: Plan, step: timedelta) -> Iterator[tuple[datetime, list[Deed]]]:
    """Each moment at which the watchers look, with what people did since the one before."""
    waiting, now = list(plan.deeds), plan.first
    while now < plan.last:
        now += step
        deeds = list(takewhile(lambda deed: deed.at <= now, waiting))  # noqa: B023
        del waiting[: len(deeds)]
        yield now, deeds


def _tell(verdict: Verdict) -> None:
    _say(f"{'':28}" + "".join(f"{name:>10}" for name in COLUMNS))
    total = Line()
    for kind, line in sorted(verdict.lines.items()):
        _say(f"{kind:28}" + "".join(f"{getattr(line, name):>10}" for name in COLUMNS))
        for name in COLUMNS:
            setattr(total, name, getattr(total, name) + getattr(line, name))
    _say(f"{'in all':28}" + "".join(f"{getattr(total, name):>10}" for name in COLUMNS))
    for fault in verdict.faults[:SHOWN]:
        _say(f"FAULT {fault}")
    if len(verdict.faults) > SHOWN:
        _say(f"… and {len(verdict.faults) - SHOWN} more")


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201
