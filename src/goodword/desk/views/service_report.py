"""How the service levels were kept: sentences first, then the figures, each with the rows behind it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from goodword.inbox import access, actions
from goodword.inbox.models import ServiceClock
from goodword.inbox.queries.levels import OUTCOMES, Kept, kept, kept_rows

from ..pages import AgentRequest, SeeOther, agent_page, page
from ..paging import number_in
from ..service_words import KINDS, told

PERIODS = {7: gettext_lazy("7 days"), 30: gettext_lazy("30 days"), 90: gettext_lazy("90 days")}
USUAL = 30
PAGE = 50
NAMES = {
    "met": gettext_lazy("In time"),
    "breached": gettext_lazy("Late"),
    "running": gettext_lazy("Still running"),
    "ended": gettext_lazy("Ended without"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the table, and where the rows are that it counts."""

    name: str
    count: int
    url: str
    bad: bool


@require_GET
@agent_page
def service_report(request: AgentRequest) -> HttpResponseBase:
    """Over the clocks that began in a period, by level and kind."""
    days = _days(request)
    until = timezone.now()
    found = kept(request.user, since=until - timedelta(days=days), until=until)
    context = {
        "rows": [_row(one, days, until) for one in found],
        "said": _said(found, days),
        "days": days,
        "periods": [(number, str(label), f"?days={number}") for number, label in PERIODS.items()],
    }
    return page(request, "desk/service/report.html", context, section="reports")


@require_GET
@agent_page
def service_report_rows(request: AgentRequest, kind: str, outcome: str) -> HttpResponseBase:
    """The conversations that a number counts; the address carries its level and period."""
    if kind not in ServiceClock.Kind.values or outcome not in OUTCOMES:
        raise Http404
    days, name = _days(request), request.GET.get("level", "")
    until = _moment(request.GET.get("until", ""))
    found = kept_rows(
        request.user,
        since=until - timedelta(days=days),
        until=until,
        name=name,
        kind=kind,
        outcome=outcome,
    ).select_related("terms", "terms__level")
    before = number_in(request, "before")
    rows = list((found.filter(pk__lt=before) if before else found).order_by("-pk")[: PAGE + 1])
    query = {"days": days, "level": name, "until": until.isoformat()}
    older = urlencode(query | {"before": rows[PAGE - 1].pk}) if len(rows) > PAGE else ""
    context = {
        "title": f"{KINDS[ServiceClock.Kind(kind)]}: {str(NAMES[outcome]).lower()}",
        "name": name,
        "rows": [told(one) for one in rows[:PAGE]],
        "days": days,
        "older": f"?{older}" if older else "",
    }
    return page(request, "desk/service/report_rows.html", context, section="reports")


@require_POST
@agent_page
def priority(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Say how pressing a conversation is."""
    place = access.get_conversation(request.user, pk)
    actions.prioritise(conversation=place, agent=request.user, priority=request.POST.get("priority", ""))
    kept_list = request.POST.get("list", "")
    return SeeOther(reverse("conversation", args=[pk]) + (f"?{kept_list}" if kept_list else ""))


def _days(request: AgentRequest) -> int:
    number = number_in(request, "days")
    return number if number in PERIODS else USUAL


def _moment(text: str) -> datetime:
    """The end of the period that a figure was counted over."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return timezone.now()
    return moment if timezone.is_aware(moment) else timezone.now()


def _row(one: Kept, days: int, until: datetime) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": KINDS[ServiceClock.Kind(one.kind)],
        "share": _share(one.met, one.settled),
        "width": round(100 * one.met / one.settled) if one.settled else 0,
        "figures": [
            Figure(
                str(NAMES[outcome]),
                getattr(one, outcome),
                _url(one, outcome, days, until) if getattr(one, outcome) else "",
                outcome == "breached" and bool(one.breached),
            )
            for outcome in NAMES
        ],
    }


def _url(one: Kept, outcome: str, days: int, until: datetime) -> str:
    query = urlencode({"days": days, "level": one.name, "until": until.isoformat()})
    return f"{reverse('service_report_rows', args=[one.kind, outcome])}?{query}"


def _share(met: int, settled: int) -> str:
    # Rounded down, so that nothing that was missed once reads as all.
    return f"{100 * met // settled} %" if settled else "–"


def _said(found: list[Kept], days: int) -> str:
    """The figures as a sentence or two."""
    met, settled = sum(one.met for one in found), sum(one.settled for one in found)
    if not settled:
        return _("Nothing that began in the last %(days)d days is settled yet.") % {"days": days}
    said = ngettext(
        "You kept %(share)s of one answer that a service level asked for in the last %(days)d days.",
        "You kept %(share)s of %(count)s answers that service levels asked for in the last %(days)d days.",
        settled,
    ) % {"share": _share(met, settled), "count": f"{settled:,}", "days": days}
    worst = max(found, key=lambda one: one.breached)
    if not worst.breached:
        return said
    return f"{said} " + _("Most of the late ones: %(level)s, %(kind)s.") % {
        "level": worst.name,
        "kind": str(KINDS[ServiceClock.Kind(worst.kind)]).lower(),
    }
