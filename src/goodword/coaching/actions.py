"""The only door to the coach, and what agents say of its findings."""

import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword import coach
from goodword.coach.errors import CoachError
from goodword.coach.json_form import as_json
from goodword.events.actions import record
from goodword.staff.models import Agent, Holiday

from .models import Dispute, Override

log = logging.getLogger(__name__)

LONGEST_TEXT = 100_000
REASON_LENGTH = 5_000
QUOTE_LENGTH = 5_000
HOLIDAYS_KEY = "coaching.holidays"
HOLIDAYS_SECONDS = 60
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


def read_message(text: str, *, at: datetime) -> dict[str, Any]:
    """How a customer's message reads, in the coach's JSON form (`coach.Reading`).

    Never raises for odd text; what lies beyond 100,000 characters is not read.
    """
    return _asked(lambda: coach.read(_bounded(text), **_when(at, "")), otherwise=NOTHING_READ)


def review_draft(
    *,
    draft: str,
    customer_message: str,
    customer_name: str = "",
    agent_name: str = "",
    now: datetime | None = None,
    tz: str = "",
    attachments: int | None = None,
    earlier_replies: Sequence[str] = (),
    holidays: Sequence[date] | None = None,
    policies: Sequence[str] = (),
) -> dict[str, Any]:
    """What the coach says of a draft, in its JSON form (`coach.Review`).

    Without `now` it is now; without `tz` and `holidays` those of the company count. Never raises for odd
    text; what lies beyond 100,000 characters is not read.
    """
    return _asked(
        lambda: coach.review(
            _bounded(draft),
            customer_message=_bounded(customer_message),
            customer_name=_bounded(customer_name),
            agent_name=_bounded(agent_name),
            holidays=_holidays() if holidays is None else holidays,
            policies=[_bounded(policy) for policy in policies],
            earlier_replies=[_bounded(reply) for reply in earlier_replies],
            attachments=attachments,
            **_when(now or timezone.now(), tz),
        ),
        otherwise=NOTHING_REVIEWED,
    )


@transaction.atomic
def dispute(*, agent: Agent, rule: str, quote: str, reason: str = "") -> Dispute:
    """The agent disagrees with a finding. Saying it again about the same words only adds the reason."""
    rule, quote, reason = rule[:120], _clean(quote)[:QUOTE_LENGTH], _clean(reason)[:REASON_LENGTH]
    Agent.objects.select_for_update(no_key=True).get(pk=agent.pk)
    known = Dispute.objects.filter(agent=agent, rule=rule, quote=quote).first()
    if known is None:
        known = Dispute.objects.create(agent=agent, rule=rule, quote=quote, reason=reason)
        _record("finding.disputed", agent, rule, dispute=known.pk)
    elif reason and known.reason != reason:
        known.reason = reason
        known.save(update_fields=["reason"])
    return known


@transaction.atomic
def override(
    *, agent: Agent, rule: str, quote: str, reason: str, conversation_id: int | None = None
) -> Override:
    """The agent sends a reply in spite of a finding that asked to stop.

    Raises ValueError, as a sentence, without a reason.
    """
    reason = _clean(reason)[:REASON_LENGTH]
    if not reason:
        raise ValueError(_("Say in a few words why the reply should go out as it is."))
    made = Override.objects.create(
        agent=agent, rule=rule[:120], quote=_clean(quote)[:QUOTE_LENGTH], reason=reason
    )
    _record("finding.overridden", agent, rule[:120], conversation_id=conversation_id, override=made.pk)
    return made


def trouble() -> str:
    """Load the coach's rules, so that the first draft does not wait for them; why they cannot be, or ''."""
    try:
        coach.load_pack()
    except (CoachError, OSError) as error:
        return str(error)
    return ""


def forget_holidays() -> None:
    """Read the holidays anew the next time they are needed."""
    cache.delete(HOLIDAYS_KEY)


def _asked(ask: Callable[[], Any], *, otherwise: coach.Reading | coach.Review) -> dict[str, Any]:
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
    """The house's holidays that a promise can still step over, known to this process for a minute."""
    known: list[date] | None = cache.get(HOLIDAYS_KEY)
    if known is None:
        since = timezone.localdate() - HOLIDAYS_BACK
        known = list(Holiday.objects.filter(day__gte=since).order_by("day").values_list("day", flat=True))
        cache.set(HOLIDAYS_KEY, known, HOLIDAYS_SECONDS)
    return known


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


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()


def _record(kind: str, agent: Agent, rule: str, *, conversation_id: int | None = None, **data: Any) -> None:
    record(kind, conversation_id=conversation_id, agent_id=agent.pk, data={"rule": rule} | data)
