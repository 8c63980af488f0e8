"""The small house: its teams with their hours, and its rules. Both the house and the model are made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

COMPANY = ZoneInfo("Europe/Berlin")
STEPS = (
    "received",
    "acknowledged",
    "investigating",
    "proposed",
    "agreed",
    "remedied",
    "followed_up",
    "closed",
)
DAYTIME = ((time(9), time(12, 30)), (time(13, 15), time(17, 30)))
NIGHT = ((time(22), time(6)),)


@dataclass(frozen=True)
class Crew:
    """A team: its hours, and after how many minutes its leads hear of what is late."""

    name: str
    zone: str
    week: Mapping[int, Sequence[tuple[time, time]]]
    holidays: frozenset[date]
    leads_hear: int | None


HOUSE_HOLIDAYS = frozenset({date(2026, 10, 23), date(2026, 11, 2)})
CREWS = {
    crew.name: crew
    for crew in (
        Crew(
            "Care",
            "Europe/Berlin",
            {**dict.fromkeys(range(5), DAYTIME), 5: ((time(10), time(14)),)},
            frozenset(),
            60,
        ),
        Crew(
            "Coast",
            "America/New_York",
            dict.fromkeys(range(5), ((time(8, 30), time(17)),)),
            frozenset({date(2026, 10, 12), date(2026, 11, 11)}),
            None,
        ),
        # At work while the clocks of Berlin change.
        Crew("Night", "Europe/Berlin", dict.fromkeys(range(7), NIGHT), frozenset(), 120),
    )
}
CUSTOMER_ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "")

# Minutes; a warning comes when three quarters are gone.
TARGETS = {
    "normal": {"first_reply": 240, "next_reply": 480, "resolution": 1440},
    "urgent": {"first_reply": 60, "next_reply": 120},
}
WARN = 0.75
FINAL_DAYS, FINAL_AHEAD_DAYS, FOLLOW_UP_DAYS, PROPOSAL_DAYS = 9, 7, 2, 2


@dataclass(frozen=True)
class Stage:
    """Minutes until a stage is to be left, by working hours or not, and whether that is promised."""

    minutes: int | None
    working: bool
    promises: bool


STAGES = {
    "received": Stage(240, True, True),
    "acknowledged": Stage(240, True, True),
    "investigating": Stage(960, True, True),
    "proposed": Stage(48 * 60, False, False),
    "agreed": Stage(1440, True, True),
    "remedied": Stage(144 * 60, False, True),
    "followed_up": Stage(960, True, False),
    "closed": Stage(None, True, False),
}
# By kind of remedy: working days until it is done, and the kind of the promise behind it.
REMEDIES = {"replacement": (3, "delivery"), "refund": (3, "money")}

# Check-ins: the first that fits; by the tag, days after closing, and the way.
CHECK_INS = (("repair", 3, "call"), ("", 2, "mail"))
# Rules by time, about conversations tagged 'watch': the state, and after how many hours.
LASTING = (("waiting", 24), ("answered", 48), ("closed", 30))
# Rules by event: the event of the log, and the tag that their conversations have.
HEARD = (("conversation.opened", ""), ("service.breached", ""), ("promise.due", "watch"))
