"""What was delivered and what became of it, each mailbox and each day, with the rows behind every figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from goodword.mail import reconciling
from goodword.mail.models import Delivery, MailAccount, Mailbox
from goodword.mail.reconciling import RECORDED_ONLY, Bucket, Line
from goodword.staff.access import hidden_mailboxes
from goodword.staff.models import Agent
from goodword.ui.times import say_date

from ..pages import AgentRequest, agent_page, page
from ..paging import number_in

DAYS = 14
PAGE = 50
# What a figure counts, by its name in the address.
FIGURES: dict[str, Sequence[Bucket] | None] = {
    "delivered": None,
    "stored": None,
    "messages": [Bucket.MESSAGE],
    "recorded": RECORDED_ONLY,
    "needs-person": [Bucket.NEEDS_PERSON],
    "waiting": [Bucket.WAITING],
    "unexplained": [Bucket.UNEXPLAINED],
}
TITLES = {
    "delivered": gettext_lazy("Delivered"),
    "stored": gettext_lazy("Stored"),
    "messages": gettext_lazy("Turned into messages"),
    "recorded": gettext_lazy("Recorded only"),
    "needs-person": gettext_lazy("Needs a person"),
    "waiting": gettext_lazy("Waiting to be read"),
    "unexplained": gettext_lazy("Unexplained"),
}
# What became of one delivery.
EACH = {
    Bucket.MESSAGE: gettext_lazy("A message"),
    Bucket.AUTOMATIC: gettext_lazy("Automatic mail, recorded"),
    Bucket.RECORDED: gettext_lazy("Recorded only"),
    Bucket.REPEATED: gettext_lazy("Delivered before"),
    Bucket.REMOVED: gettext_lazy("Deleted here for good"),
    Bucket.UNUSABLE: gettext_lazy("Empty, refused"),
    Bucket.SET_ASIDE: gettext_lazy("Set aside by somebody"),
    Bucket.NEEDS_PERSON: gettext_lazy("Needs a person"),
    Bucket.WAITING: gettext_lazy("Waits to be read"),
    Bucket.UNEXPLAINED: gettext_lazy("Nobody can tell"),
}
WITH_REASON = {Bucket.RECORDED, Bucket.SET_ASIDE, Bucket.NEEDS_PERSON}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the table, and where the rows are that it counts; '' where there are none."""

    name: str
    count: int
    url: str
    bad: bool = False


@require_GET
@agent_page
def mail_health(request: AgentRequest) -> HttpResponseBase:
    """The last fourteen days; with `?servers=1` also what the accounts' servers say that they have."""
    seen, today = _mailboxes(request.user), _today()
    asked = bool(request.GET.get("servers"))
    lines = reconciling.reconcile(
        first=today - timedelta(days=DAYS - 1), last=today, mailboxes=seen, ask_servers=asked
    )
    context = {
        "rows": [_row(line) for line in lines],
        "said": _said(lines),
        "unexplained": sum(line.unexplained for line in lines),
        "asked": asked,
        "can_ask": not asked and MailAccount.objects.filter(mailbox__in=seen).exists(),
        "tab": "health",
    }
    return page(request, "desk/mail_health.html", context, section="mail")


@require_GET
@agent_page
def mail_health_rows(request: AgentRequest, mailbox: int, day: str, figure: str) -> HttpResponseBase:
    """The deliveries that a figure counts, the newest first."""
    box = Mailbox.objects.exclude(pk__in=hidden_mailboxes(request.user)).get(pk=mailbox)
    if figure not in FIGURES:
        raise Http404
    when = _day(day)
    found = reconciling.entries(mailbox=box.pk, day=when, buckets=FIGURES[figure], kept=figure == "stored")
    before = number_in(request, "before")
    rows = list(_with_message(found.filter(pk__lt=before) if before else found)[: PAGE + 1])
    strays = reconciling.strays(mailboxes=[box.pk], first=when, last=when)[:PAGE]
    context = {
        "title": TITLES[figure],
        "mailbox": box,
        "day": say_date(when, "l j F Y"),
        "entries": [(entry, EACH[Bucket(entry.bucket)], _reason(entry)) for entry in rows[:PAGE]],
        "strays": strays if figure == "unexplained" and not before else [],
        "older": f"?before={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
        "tab": "health",
    }
    return page(request, "desk/mail_health_rows.html", context, section="mail")


def _mailboxes(agent: Agent) -> list[int]:
    return list(Mailbox.objects.exclude(pk__in=hidden_mailboxes(agent)).values_list("pk", flat=True))


def _today() -> date:
    return timezone.localdate(timezone=timezone.get_default_timezone())


def _day(text: str) -> date:
    """The day named in an address; no page leads to one that has not come."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    if day > _today() + timedelta(days=1):
        raise Http404
    return day


def _with_message(found: "QuerySet[Delivery]") -> "QuerySet[Any]":
    """With the conversation and subject of what became of each."""
    return found.annotate(
        conversation=F("raw_mail__message__conversation_id"), subject=F("raw_mail__message__subject")
    )


def _reason(entry: Any) -> str:
    """Why no message was made of it, as a sentence."""
    return str(entry.raw_mail.reason) if entry.raw_mail and entry.bucket in WITH_REASON else ""


def _row(line: Line) -> dict[str, Any]:
    counts = {
        "delivered": line.delivered,
        "stored": line.kept,
        "messages": line.messages,
        "recorded": line.recorded,
        "needs-person": line.needs_person,
        "waiting": line.waiting,
        "unexplained": line.unexplained,
    }
    return {
        "day": say_date(line.day, "D j M"),
        "mailbox": line.mailbox.address,
        "server": line.server,
        "figures": [
            Figure(
                name=str(TITLES[name]),
                count=count,
                url=_url(line, name) if count else "",
                bad=name == "unexplained" and count > 0,
            )
            for name, count in counts.items()
        ],
        "unmet": line.unmet,
    }


def _url(line: Line, figure: str) -> str:
    return reverse("mail_health_rows", args=[line.mailbox.pk, line.day.isoformat(), figure])


def _said(lines: Sequence[Line]) -> str:
    """The figures as a sentence."""
    delivered = sum(line.delivered for line in lines)
    messages = sum(line.messages for line in lines)
    recorded = sum(line.recorded for line in lines)
    open_ones = sum(line.needs_person + line.waiting for line in lines)
    said = ngettext(
        "One delivery in the last %(days)d days.",
        "%(count)s deliveries in the last %(days)d days.",
        delivered,
    ) % {"count": f"{delivered:,}", "days": DAYS}
    rest = ngettext(
        "%(messages)s became messages, %(recorded)s were recorded only, one waits or needs a person.",
        "%(messages)s became messages, %(recorded)s were recorded only, %(open)s wait or need a person.",
        open_ones,
    )
    return f"{said} " + rest % {
        "messages": f"{messages:,}",
        "recorded": f"{recorded:,}",
        "open": f"{open_ones:,}",
    }
