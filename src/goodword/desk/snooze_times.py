"""Sensible moments to put a conversation away until, in the agent's own time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goodword.ui.times import say_date

from .pages import Refused

MORNING = time(9)
EARLY, LATE = time(7), time(20)
SATURDAY = 5


def _at(local: datetime, days: int, clock: time) -> datetime:
    day = local.date() + timedelta(days=days)
    return datetime.combine(day, clock, tzinfo=local.tzinfo)


def _later(local: datetime) -> datetime:
    return (local + timedelta(hours=3)).replace(minute=0, second=0, microsecond=0)


def _next_working_day(local: datetime) -> datetime:
    days = 1
    while (local + timedelta(days=days)).weekday() >= SATURDAY:
        days += 1
    return _at(local, days, MORNING)


def _next_monday(local: datetime) -> datetime:
    return _at(local, 7 - local.weekday(), MORNING)


CHOICES: dict[str, tuple[Lazy, Callable[[datetime], datetime]]] = {
    "later": (gettext_lazy("In three hours"), _later),
    "tomorrow": (gettext_lazy("Tomorrow morning"), lambda local: _at(local, 1, MORNING)),
    "working_day": (gettext_lazy("Next working day"), _next_working_day),
    "monday": (gettext_lazy("Next Monday"), _next_monday),
    "week": (gettext_lazy("In a week"), lambda local: _at(local, 7, MORNING)),
    "month": (gettext_lazy("In a month"), lambda local: _at(local, 30, MORNING)),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A choice of the menu, with the moment it means."""

    name: str
    label: str
    when: str


def offered() -> list[Offer]:
    """The choices, each moment once."""
    local = timezone.localtime()
    seen: set[datetime] = set()
    offers = []
    for name, (label, find) in CHOICES.items():
        moment_ = find(local)
        asleep = name == "later" and not EARLY <= moment_.time() <= LATE
        if moment_ not in seen and not asleep:
            seen.add(moment_)
            offers.append(Offer(name, str(label), f"{say_date(moment_, 'D j M')}, {moment_:%H:%M}"))
    return offers


def moment(asked: str) -> datetime:
    """The moment a choice or a typed time means; raises Refused with a sentence."""
    if asked in CHOICES:
        return CHOICES[asked][1](timezone.localtime())
    try:
        typed = parse_datetime(asked)
    except ValueError:
        typed = None
    if typed is None:
        raise Refused(
            _("'%(asked)s' is no time to put it away until. Choose a day and an hour.")
            % {"asked": asked[:40]}
        )
    return typed if timezone.is_aware(typed) else timezone.make_aware(typed)
