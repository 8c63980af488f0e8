"""The only door to the coach: it always answers and never raises."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Required, TypedDict, Unpack
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils import timezone

from goodword import coach
from goodword.coach.errors import CoachError
from goodword.coach.json_form import as_json
from goodword.coach.rewriting import reviewed
from goodword.staff.models import Holiday

from ..tailoring import TeamCoach, coach_of

log = logging.getLogger(__name__)

LONGEST_TEXT = 100_000
HOLIDAYS_BACK = timedelta(days=31)
NOTHING_READ = coach.Reading(
    language="und",
    feeling="calm",
    strength=0,
    complaint=False,
    urgency=0,
    urgency_cause=None,
    churn_risk=0,
    formality="neutral",
    vulnerability=(),
    questions=(),
    details=(),
    rests_on={},
)
NOTHING_REVIEWED = coach.Review(language="und", findings=(), questions=(), commitments=(), acts=(), scores={})


class Told(TypedDict, total=False):
    """A draft and what is known around it. Without `now` it is now; `tz` and `holidays` are the company's."""

    draft: Required[str]
    customer_message: Required[str]
    customer_name: str
    agent_name: str
    now: datetime | None
    tz: str
    attachments: int | None
    earlier_replies: Sequence[str]
    holidays: Sequence[date] | None
    policies: Sequence[str]
    kept: Mapping[str, Any]
    fault: str | None


def read_message(text: str, *, at: datetime) -> dict[str, Any]:
    """How a customer's message reads, in the coach's JSON form (`coach.Reading`).

    Never raises for odd text; what lies beyond 100,000 characters is not read.
    """
    return asked(lambda: coach.read(_bounded(text), **_when(at, "")), otherwise=NOTHING_READ)


def review_draft(*, team_id: int | None = None, **told: Unpack[Told]) -> dict[str, Any]:
    """What the coach says of a draft, in its JSON form (`coach.Review`).

    A change of the team's rules, words or policies holds in the next review of every process. Never raises
    for odd text; what lies beyond 100,000 characters is not read.
    """

    def ask() -> coach.Review:
        ours, words, known = known_of(team_id, **told)
        return reviewed(words, pack=ours.pack, **known)

    return asked(ask, otherwise=NOTHING_REVIEWED)


def known_of(team_id: int | None, **told: Unpack[Told]) -> tuple[TeamCoach, str, dict[str, Any]]:
    """The team's coach, the draft, and all else the coach is told of it, as `coach.review` takes them.

    `team_id` is the team whose rules, words and policies count beside everybody's (`access.team_answering`).
    """
    ours, holidays = coach_of(team_id), told.get("holidays")
    known = {
        "customer_message": _bounded(told["customer_message"]),
        "customer_name": _bounded(told.get("customer_name", "")),
        "agent_name": _bounded(told.get("agent_name", "")),
        "holidays": _holidays() if holidays is None else holidays,
        "policies": (*map(_bounded, told.get("policies", ())), *ours.policies),
        "earlier_replies": [_bounded(reply) for reply in told.get("earlier_replies", ())],
        "attachments": told.get("attachments"),
        "kept": told.get("kept"),
        "fault": told.get("fault") or None,
        **_when(told.get("now") or timezone.now(), told.get("tz", "")),
    }
    return ours, _bounded(told["draft"]), known


def trouble() -> str:
    """Load the coach's rules, so that the first draft does not wait for them; why they cannot be, or ''."""
    try:
        coach.load_pack()
    except (CoachError, OSError) as error:
        return str(error)
    return ""


def asked(ask: Callable[[], Any], *, otherwise: Any) -> dict[str, Any]:
    """The coach's answer; when it fails, the log says why and the answer has nothing in it.

    A fault of the coach must neither lose a customer's mail nor stop an agent from answering it.
    """
    try:
        answer: dict[str, Any] = as_json(ask())
    except Exception:
        log.exception("The coach failed on a text; work goes on without its advice.")
        answer = as_json(otherwise)
    return answer


def _holidays() -> list[date]:
    """The house's holidays that a promise can still step over, as they are now."""
    since = timezone.localdate() - HOLIDAYS_BACK
    return list(
        Holiday.objects.filter(team=None, day__gte=since).order_by("day").values_list("day", flat=True)
    )


def _bounded(text: str) -> str:
    """At most 100,000 characters, all of which can be written as UTF-8; offsets stay those of the text."""
    return text[:LONGEST_TEXT].encode("utf-8", "replace").decode("utf-8")


def _when(moment: datetime, zone: str) -> dict[str, Any]:
    """The moment in the zone of that name; in the company's when there is no such zone."""
    try:
        there = ZoneInfo(zone or settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        there = ZoneInfo(settings.TIME_ZONE)
    if moment.tzinfo is None:
        moment = timezone.make_aware(moment, timezone.get_default_timezone())
    return {"now": moment.astimezone(there), "tz": there.key}
