"""Whether this installation is well: `/healthz` for the process, `/readyz` for everything behind it.

Both answer 200 when all checks are well and 503 when one is not, with
`{"status": "ok" | "unwell", "checks": {name: {"ok": bool, "why": sentence}}}`; `why` is empty
where nothing is wrong.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error, connection
from django.db.models import Min
from django.db.models.functions import Coalesce
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from procrastinate.contrib.django.models import ProcrastinateEvent

from goodword.mail import pacing
from goodword.mail.imap.alarms import last_heard, silent_accounts
from goodword.mail.models import OutgoingMail, RawMail

from .models import Heartbeat

HEARTBEAT_LIMIT = timedelta(seconds=90)
INCOMING_LIMIT = timedelta(minutes=5)
OUTGOING_LIMIT = timedelta(minutes=10)
JOB_LIMIT = timedelta(minutes=5)

log = logging.getLogger(__name__)
Check = Callable[[], str]


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Whether the process answers and reaches its database."""
    return _answer({"process": _process, "database": _database})


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether mail flows and jobs move, too."""
    return _answer(
        {
            "process": _process,
            "database": _database,
            "mail_listener": _mail_listener,
            "mail_accounts": _mail_accounts,
            "mail_in": _mail_in,
            "mail_out": _mail_out,
            "worker": _worker,
            "jobs": _jobs,
        }
    )


def _answer(checks: Mapping[str, Check]) -> JsonResponse:
    found = {name: _why(check) for name, check in checks.items()}
    well = not any(found.values())
    return JsonResponse(
        {
            "status": "ok" if well else "unwell",
            "checks": {name: {"ok": not why, "why": why} for name, why in found.items()},
        },
        status=200 if well else 503,
    )


def _why(check: Check) -> str:
    try:
        return check()
    except Error as error:
        # The address of the database is for the log, not for whoever asks.
        log.warning("A health check could not ask the database: %s", error)
        return "The database does not answer; the server's log says why."


def _process() -> str:
    return ""


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _mail_listener() -> str:
    listens = settings.CONFIG.smtp_port or settings.CONFIG.lmtp_port
    return _heartbeat("mail listener", "Start 'goodword serve', which takes mail in.") if listens else ""


def _worker() -> str:
    return _heartbeat("worker", "Start 'goodword serve' or 'goodword worker', which run the jobs.")


def _heartbeat(part: str, remedy: str) -> str:
    last = Heartbeat.objects.filter(part=part).values_list("at", flat=True).first()
    if last is None:
        return f"The {part} has never run. {remedy}"
    if timezone.now() - last > HEARTBEAT_LIMIT:
        return f"The {part} gave its last sign of life {_ago(last)} ago. {remedy}"
    return ""


def _mail_in() -> str:
    waiting = RawMail.objects.filter(state=RawMail.State.WAITING)
    late = waiting.filter(received_at__lt=timezone.now() - INCOMING_LIMIT)
    oldest = late.aggregate(oldest=Min("received_at"))["oldest"]
    if oldest is None:
        return ""
    return f"{_count(late.count(), 'mail')} waiting to become a message, the oldest for {_ago(oldest)}."


def _mail_accounts() -> str:
    """Their names and what their servers said are for administrators, not for whoever asks."""
    silent = list(silent_accounts())
    if not silent:
        return ""
    number = "1 mail account gives" if len(silent) == 1 else f"{len(silent)} mail accounts give"
    return (
        f"{number} no answer, the longest for {_ago(last_heard(silent[0]))}. "
        "An administrator sees why under Settings, Mailboxes."
    )


def _mail_out() -> str:
    # Notices keep to a pace, and what a domain asked to wait for is no trouble of ours.
    unsent = OutgoingMail.objects.filter(
        state__in=[OutgoingMail.State.QUEUED, OutgoingMail.State.SENDING], lane=OutgoingMail.Lane.PERSON
    ).exclude(domain__in=pacing.closed(OutgoingMail.Lane.PERSON))
    late = unsent.filter(not_before__lt=timezone.now() - OUTGOING_LIMIT)
    oldest = late.aggregate(oldest=Min("not_before"))["oldest"]
    if oldest is None:
        return ""
    return f"{_count(late.count(), 'mail')} waiting to be sent, the oldest for {_ago(oldest)}."


def _jobs() -> str:
    waiting = ProcrastinateEvent.objects.filter(type="deferred", job__status="todo")
    late = waiting.annotate(due=Coalesce("job__scheduled_at", "at")).filter(
        due__lt=timezone.now() - JOB_LIMIT
    )
    oldest = late.aggregate(oldest=Min("due"))["oldest"]
    if oldest is None:
        return ""
    return (
        f"{_count(late.count(), 'job')} waiting to run, the oldest for {_ago(oldest)}. Is a worker running?"
    )


def _count(number: int, thing: str) -> str:
    return f"1 {thing} is" if number == 1 else f"{number} {thing}s are"


def _ago(moment: datetime) -> str:
    seconds = int((timezone.now() - moment).total_seconds())
    if seconds < 120:
        return f"{seconds} seconds"
    if seconds < 2 * 3600:
        return f"{seconds // 60} minutes"
    return f"{seconds // 3600} hours"
