"""The coach's two verbs: `read` a customer's message, `review` a draft reply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from goodword.coach.case import Case
from goodword.coach.errors import InputError
from goodword.coach.on_file import text_on_file
from goodword.coach.pack import Pack, load_pack
from goodword.coach.readers import ANSWERING, HEARING
from goodword.coach.readers.quiet import with_quiet_feeling
from goodword.coach.results import Quote, Reading, Review, Vulnerability
from goodword.coach.text import Text
from goodword.coach.when import Clock

FAULTS = ("ours", "shared", "carrier", "customer", "unclear")
MOST_HEARD = 64  # customers' messages kept as they were read, for the next look at their answers


def review(
    draft: str | Text,
    *,
    customer_message: str | Sequence[str] | None = None,
    customer_name: str | None = None,
    agent_name: str | None = None,
    now: datetime | str | None = None,
    tz: str | None = None,
    holidays: Iterable[date | str] = (),
    policies: Iterable[str] = (),
    earlier_replies: Iterable[str] = (),
    attachments: int | None = None,
    kept: Mapping[str, Any] | None = None,
    fault: str | None = None,
    closely: bool = True,
    pack: Pack | None = None,
) -> Review:
    """Return what a careful colleague would say of `draft`, an answer to `customer_message`.

    `now` is the moment of writing (a date-time or its ISO form; without it no relative due date is resolved,
    and the same draft always gives the same review), `tz` its zone by name, `holidays` days nobody works,
    `policies` sentences with facts the team stands by, `earlier_replies` what customers were told before,
    `attachments` the number of files attached (None: unknown), `kept` how soon promises of each
    kind were kept (`{"money": {"settled": 46, "within": [[minutes, how many], …]}}`), `fault` whose fault it
    was found to be (one of FAULTS; None: nobody has found out). Several customer messages are read as one,
    parted by a blank line. `closely`: read both texts together too, which takes longer than all the rest; an
    archive of many does without. A draft that is needed again may come as what `pack.text` makes of it.
    Raises InputError when a moment, zone, date, number or fault cannot be used.
    """
    if attachments is not None and attachments < 0:
        raise InputError(
            "I106", f"attachments is {attachments}; it must be 0 or more, or nothing when unknown."
        )
    pack = pack or load_pack()
    clock = Clock(moment(now, tz), frozenset(_day(day) for day in holidays))
    case = Case(
        draft=draft if isinstance(draft, Text) else pack.text(_words("draft", draft)),
        clock=clock,
        **_heard(pack, as_one(customer_message), clock.today, clock.zone, clock.holidays),
        customer_name=(customer_name or "").strip(),
        agent_name=(agent_name or "").strip(),
        policies=tuple(policies),
        earlier_replies=tuple(earlier_replies),
        attachments=attachments,
        kept=_kept(kept),
        fault=_fault(fault),
        closely=closely,
    )
    ANSWERING.run(case)
    return Review(
        language=case.language,
        findings=tuple(case.findings),
        questions=tuple(case.questions),
        commitments=tuple(case.commitments),
        acts=tuple(case.acts),
        scores=case.scores,
    )


def read(
    message: str, *, now: datetime | str | None = None, tz: str | None = None, pack: Pack | None = None
) -> Reading:
    """Return how a customer's message reads: feeling, urgency, questions, details; each with its words."""
    pack = pack or load_pack()
    clock = Clock(moment(now, tz))
    heard = _heard(pack, _words("message", message), clock.today, clock.zone, clock.holidays)
    case = Case(draft=pack.text(""), clock=clock, **heard)
    mood = with_quiet_feeling(case)
    return Reading(
        language=case.customer_language,
        feeling=mood.feeling,
        strength=mood.strength,
        complaint=mood.complaint,
        urgency=mood.urgency,
        urgency_cause=mood.urgency_cause,
        churn_risk=mood.churn_risk,
        formality=mood.formality,
        vulnerability=_vulnerability(case),
        questions=tuple(case.asked),
        details=tuple(case.details),
        rests_on={
            name: tuple(_quote(case, *span) for span in sorted(spans)) for name, spans in mood.spans.items()
        },
    )


@lru_cache(maxsize=MOST_HEARD)
def _heard(
    pack: Pack, message: str, today: date | None, zone: tzinfo | None, holidays: frozenset[date]
) -> Mapping[str, Any]:
    """What a case knows of the customer's message: read once, however often its answer is looked at."""
    midnight = datetime.combine(today, time(), zone) if today else None
    case = HEARING.run(
        Case(
            pack=pack,
            draft=pack.text(""),
            customer=text_on_file(pack, message),
            clock=Clock(midnight, holidays),
        )
    )
    return {"pack": pack, "customer": case.customer} | {name: getattr(case, name) for name in HEARING.gives}


def forget() -> None:
    """Drop what is kept of messages, policies and earlier replies, so that the next look is a first one."""
    _heard.cache_clear()
    text_on_file.cache_clear()


def _vulnerability(case: Case) -> tuple[Vulnerability, ...]:
    found = [
        Vulnerability(kind, start, end, case.customer.quote(start, end))
        for kind in case.pack.data["mood"]["vulnerabilities"]
        for start, end in case.customer_marks.spans(f"vulnerable.{kind}")
    ]
    return tuple(sorted(found, key=lambda hint: hint.start))


def _quote(case: Case, start: int, end: int) -> Quote:
    return Quote(start, end, case.customer.quote(start, end))


def moment(now: datetime | str | None, tz: str | None) -> datetime | None:
    """`now` in the zone `tz`; a time without an offset is one of that zone (or of UTC)."""
    if now is None:
        _zone(tz or "UTC")  # a name that is wrong is told, whether or not it is needed
        return None
    if isinstance(now, str):
        try:
            now = datetime.fromisoformat(now)
        except ValueError as error:
            raise InputError(
                "I101", f"now is {now!r}; it must be an ISO date and time such as 2026-11-21T14:30:00+00:00."
            ) from error
    zone = _zone(tz or "UTC") if tz or now.tzinfo is None else now.tzinfo
    if now.tzinfo is None:
        return now.replace(tzinfo=zone)
    try:
        return now.astimezone(zone)
    except OverflowError as error:
        raise InputError("I105", f"now is {now}; it cannot be told in the time zone {zone}.") from error


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError("I102", f"tz is {name!r}; it must be a time zone such as Europe/Berlin.") from error


def _day(day: date | str) -> date:
    if isinstance(day, date):
        return day
    try:
        return date.fromisoformat(day)
    except (ValueError, TypeError) as error:
        raise InputError("I103", f"A holiday is {day!r}; it must be a date such as 2026-12-25.") from error


def _fault(fault: str | None) -> str:
    """Whose fault it was, '' when nobody has found out; raises InputError for what is none."""
    if fault and fault not in FAULTS:
        raise InputError(
            "I108", f"The fault is {fault!r}; it must be one of {', '.join(FAULTS)}, or nothing."
        )
    return fault or ""


def _kept(kept: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The record of promises; raises InputError where it is not as it should be."""
    for record in (kept or {}).values():
        try:
            right = isinstance(record["settled"], int) and all(
                isinstance(minutes, int) and isinstance(count, int) for minutes, count in record["within"]
            )
        except (KeyError, TypeError, ValueError):
            right = False
        if not right:
            raise InputError(
                "I107",
                f"A record of kept is {record!r}; it must be {{settled: n, within: [[minutes, n], …]}}.",
            )
    return kept or {}


def _words(name: str, value: str) -> str:
    if not isinstance(value, str):
        raise InputError("I104", f"{name} is {value!r}; it must be text.")
    return value


def as_one(message: str | Sequence[str] | None) -> str:
    """Several messages as the one that they are read as."""
    if message is None or isinstance(message, str):
        return message or ""
    return "\n\n".join(_words("customer_message", part) for part in message)
