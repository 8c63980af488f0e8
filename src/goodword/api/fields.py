"""The kinds of values that calls take: each bounded, and each saying so in the OpenAPI document."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt
from pydantic.json_schema import WithJsonSchema

from goodword.promises import moments

LARGEST_ID = 2**63 - 1
TEXT_LIMIT = 100_000
# No NUL, which the database cannot keep; in the second one also something to read.
ANY_TEXT = r"^[^\x00]*$"
SOME_TEXT = r"^[^\x00]*[^\s\x00][^\x00]*$"
ADDRESS = r"^[!#-'*+/-9=?A-Z^-~.-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,252}[A-Za-z0-9]$"

_DIGITS = re.compile(r"[0-9]{1,19}", re.ASCII)


def _whole(value: Any) -> Any:
    """A whole number from a path or query, where everything is text."""
    if isinstance(value, str):
        if not _DIGITS.fullmatch(value):
            raise ValueError("must be a whole number written in digits")
        return int(value)
    return value


def _moment(value: Any) -> datetime:
    """A date-time; without an offset it is the company's time."""
    if not isinstance(value, str) or len(value) < len("2026-11-27T15:00"):
        raise ValueError("must be a date and a time such as 2026-11-27T15:00:00+01:00")
    moment, _whole_day = moments.due_moment(value.upper())
    return moment or datetime.now(UTC)


def _due(value: str) -> str:
    moments.due_moment(value)
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"'{value[:60]}' is no time zone; name one such as Europe/Berlin") from error
    return value


Name = Annotated[str, Field(max_length=300, pattern=ANY_TEXT)]
Quote = Annotated[str, Field(max_length=5_000, pattern=ANY_TEXT)]
Note = Annotated[str, Field(max_length=20_000, pattern=ANY_TEXT)]
Text = Annotated[str, Field(max_length=TEXT_LIMIT, pattern=ANY_TEXT)]
What = Annotated[str, Field(min_length=1, max_length=500, pattern=SOME_TEXT)]
Subject = Annotated[str, Field(min_length=1, max_length=1_000, pattern=SOME_TEXT)]
SomeNote = Annotated[str, Field(min_length=1, max_length=20_000, pattern=SOME_TEXT)]
SomeText = Annotated[str, Field(min_length=1, max_length=TEXT_LIMIT, pattern=SOME_TEXT)]
Flag = StrictBool
Id = Annotated[StrictInt, Field(ge=1, le=LARGEST_ID)]
PathId = Annotated[int, Field(ge=1, le=LARGEST_ID), BeforeValidator(_whole)]
Limit = Annotated[int, Field(ge=1, le=100, description="How many at most."), BeforeValidator(_whole)]
Address = Annotated[str, Field(max_length=320, pattern=ADDRESS, examples=["ada@example.org"])]
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time", "description": "From 1970 to 2200."}),
]
Due = Annotated[
    str,
    AfterValidator(_due),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-or-date-time",
            "description": "A day such as 2026-11-27, meaning its end, or a moment: 2026-11-27T15:00:00Z.",
            "examples": ["2026-11-27"],
        }
    ),
]
Zone = Annotated[
    str,
    AfterValidator(_zone),
    WithJsonSchema({"type": "string", "format": "time-zone", "examples": ["Europe/Berlin"]}),
]
ListCursor = Annotated[
    str,
    Field(
        max_length=200,
        pattern=ANY_TEXT,
        description="The `next_cursor` of the page before.",
        json_schema_extra={"format": "list-cursor"},
    ),
]
IdCursor = Annotated[
    str, Field(pattern=r"^[0-9]{1,18}$", description="The `next_cursor` of the page before.")
]


class Sent(BaseModel):
    """A body: a field it does not know is a mistake and is said to be one."""

    model_config = ConfigDict(extra="forbid")


class Shown(BaseModel):
    """A part of an answer."""
