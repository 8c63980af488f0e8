"""The months that limits and budgets count in: calendar months of the company."""

from datetime import date, datetime

from django.utils import timezone


def month_of(at: datetime | None = None) -> date:
    """The first day of the month in which a moment lies, now without one."""
    return day_of(at).replace(day=1)


def day_of(at: datetime | None = None) -> date:
    """The company's day in which a moment lies, now without one."""
    return timezone.localtime(at or timezone.now(), timezone.get_default_timezone()).date()


def next_month(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def previous_month(month: date) -> date:
    """The first day of the month before."""
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
