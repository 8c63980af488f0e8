"""A field's value as JSON and back; bytes stand in a file of their own, named by their SHA-256."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from django.utils.timezone import localtime

UTC = ZoneInfo("UTC")
MICROSECOND = timedelta(microseconds=1)


def as_json(field: "models.Field[Any, Any]", value: Any, keep: Callable[[bytes], str]) -> Any:
    """The value for a line; `keep` puts bytes into a file and gives its name."""
    if value is None:
        return None
    if isinstance(field, models.BinaryField):
        return {"file": keep(bytes(value)), "size": len(value)}
    if isinstance(field, models.DateTimeField):
        return localtime(value, UTC).isoformat(timespec="microseconds")
    if isinstance(field, models.DateField):
        return value.isoformat()
    if isinstance(field, models.DurationField):
        return value // MICROSECOND
    if isinstance(field, models.TimeField):
        return value.isoformat()
    if isinstance(field, models.UUIDField | models.DecimalField):
        return str(value)
    return value


def from_json(field: "models.Field[Any, Any]", value: Any, kept: Callable[[str], bytes]) -> Any:
    """The value of a line; `kept` gives the bytes of a file."""
    if value is None:
        return None
    if isinstance(field, models.BinaryField):
        return kept(value["file"])
    if isinstance(field, models.DateTimeField):
        return parse_datetime(value)
    if isinstance(field, models.DateField):
        return parse_date(value)
    if isinstance(field, models.DurationField):
        return value * MICROSECOND
    if isinstance(field, models.TimeField):
        return parse_time(value)
    if isinstance(field, models.DecimalField):
        return Decimal(value)
    if isinstance(field, models.UUIDField):
        return UUID(value)
    return value
