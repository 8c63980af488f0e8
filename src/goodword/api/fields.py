"""The kinds of values that calls take: each bounded, and each saying so in the OpenAPI document."""

import re
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool
from pydantic.json_schema import WithJsonSchema

from goodword.promises import moments

LARGEST_ID = 2**63 - 1
TEXT_LIMIT = 100_000
# No NUL, which the database cannot keep; in the second one also something to read.
ANY_TEXT = r"^[^\x00]*$"
SOME_TEXT = r"^[^\x00]*[^\s\x00][^\x00]*$"
ADDRESS = r"^[!#-'*+/-9=?A-Z^-~.-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,252}[A-Za-z0-9]$"

_YEAR = r"(19[789][0-9]|2[01][0-9][0-9])"
_LEAP = (
    r"(19(7[26]|8[048]|9[26])|20([02468][048]|[13579][26])|21(0[48]|[2468][048]|[13579][26]))"  # 2100 is none
)
DAY = (
    rf"({_YEAR}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|{_YEAR}-(0[13-9]|1[0-2])-(29|30)"
    rf"|{_YEAR}-(0[13578]|1[02])-31|{_LEAP}-02-29)"
)
_CLOCK = r"T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?"
MOMENT = rf"^{DAY}{_CLOCK}$"
DUE = rf"^{DAY}({_CLOCK})?$"
ZONES = sorted(available_timezones())

_DIGITS = re.compile(r"[0-9]{1,19}", re.ASCII)


def _digits(value: Any) -> Any:
    """A whole number from a path or query, where everything is text."""
    if isinstance(value, str):
        if not _DIGITS.fullmatch(value):
            raise ValueError("must be a whole number written in digits")
        return int(value)
    return value


def _number(value: Any) -> Any:
    """A whole number of a body, where 7.0 is one and '7' is none."""
    if isinstance(value, bool | str):
        raise ValueError("must be a whole number")
    return value


def _moment(value: Any) -> datetime:
    """A date-time; without an offset it is the company's time."""
    if not isinstance(value, str) or not re.fullmatch(MOMENT, value):
        raise ValueError("must be a date and a time from 1970 to 2199, such as 2026-11-27T15:00:00+01:00")
    moment, _whole_day = moments.due_moment(value)
    assert moment is not None
    return moment


def _due(value: str) -> str:
    if not re.fullmatch(DUE, value):
        raise ValueError(
            f"'{value[:60]}' is no due time; write a date such as 2026-11-27, or 2026-11-27T15:00"
        )
    return value


def _zone(value: str) -> str:
    if value not in ZONES:
        raise ValueError(f"'{value[:60]}' is no time zone; name one such as Europe/Berlin")
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
Revision = Annotated[int, Field(ge=0, le=2**31 - 1), BeforeValidator(_number)]
Seconds = Annotated[int, Field(ge=0, le=120), BeforeValidator(_number)]
Count = Annotated[int, Field(ge=0, le=1000), BeforeValidator(_number)]
Level = Annotated[int, Field(ge=1, le=9), BeforeValidator(_number)]
Id = Annotated[int, Field(ge=1, le=LARGEST_ID), BeforeValidator(_number)]
PathId = Annotated[int, Field(ge=1, le=LARGEST_ID), BeforeValidator(_digits)]
Limit = Annotated[int, Field(ge=1, le=100, description="How many at most."), BeforeValidator(_digits)]
Address = Annotated[str, Field(max_length=320, pattern=ADDRESS, examples=["ada@example.org"])]
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "pattern": MOMENT, "examples": ["2026-11-27T15:00:00+01:00"]}),
]
Due = Annotated[
    str,
    AfterValidator(_due),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": DUE,
            "description": "A day such as 2026-11-27, meaning its end, or a moment: 2026-11-27T15:00:00Z.",
            "examples": ["2026-11-27"],
        }
    ),
]
Zone = Annotated[str, AfterValidator(_zone), WithJsonSchema({"type": "string", "enum": ZONES})]
ListCursor = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9_-]{1,200}$",
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
