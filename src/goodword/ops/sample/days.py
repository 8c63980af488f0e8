"""The shop's clock: opening hours, working days, and how a day is said in a letter."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from random import Random

from . import script

OPENS, CLOSES = 8, 18
SUNDAY = 6


@lru_cache(maxsize=4096)
def said(day: date, language: str) -> str:
    """A day in full, such as 'Friday 27 November'."""
    words = script.phrases(language)
    return words.date.format(
        weekday=words.weekdays[day.weekday()], day=day.day, month=words.months[day.month - 1]
    )


@lru_cache(maxsize=4096)
def said_short(day: date, language: str) -> str:
    """A day without its weekday, such as '27 November'."""
    words = script.phrases(language)
    return words.short_date.format(day=day.day, month=words.months[day.month - 1])


def weekday(day: date, language: str) -> str:
    """The name of the weekday."""
    return script.phrases(language).weekdays[day.weekday()]


def working_day(day: date) -> date:
    """That day, or the Monday after it when it is a Sunday."""
    return day + timedelta(days=1) if day.weekday() == SUNDAY else day


def at_work(moment: datetime, chance: Random) -> datetime:
    """The moment itself within opening hours, otherwise some time in the next morning they work."""
    late = moment.hour >= CLOSES
    if not late and moment.hour >= OPENS and moment.weekday() != SUNDAY:
        return moment
    day = working_day(moment.date() + timedelta(days=1 if late else 0))
    start = datetime.combine(day, time(OPENS), tzinfo=moment.tzinfo)
    return max(start + timedelta(minutes=chance.random() * 200), moment)


def awake(moment: datetime, chance: Random) -> datetime:
    """The moment itself, or the same day's breakfast time when nobody writes letters at that hour."""
    if moment.hour >= 6:
        return moment
    return moment.replace(hour=6) + timedelta(minutes=chance.random() * 180)
