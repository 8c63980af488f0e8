"""Counting back in months of the calendar."""

from calendar import monthrange
from datetime import datetime


def months_before(moment: datetime, months: int) -> datetime:
    """The same day and time so many months earlier; a month's last day where that month has no such day."""
    years, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    day = min(moment.day, monthrange(years, month + 1)[1])
    return moment.replace(year=years, month=month + 1, day=day)
