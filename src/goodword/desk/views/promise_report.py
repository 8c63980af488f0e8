"""The report about promises: sentences first, a small plot, and the rows behind each number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from goodword.promises import reports
from goodword.promises.reports import Period, Rate, Report

from ..pages import AgentRequest, agent_page, page
from ..paging import number_in

USUAL_DAYS = 90
SPANS = (30, 90, 365)
LINE, BAR, LEFT, WIDTH = 32, 14, 190, 400


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of the plot: where it stands, how long it is, and what it says."""

    rate: Rate
    y: int
    text_y: int
    kept: int
    words: str


@require_GET
@agent_page
def promise_report(request: AgentRequest) -> HttpResponseBase:
    """How promises were kept in a period, by team, kind and lead time."""
    period = _period(request)
    found = reports.report(request.user, period)
    parts = [
        {"by": by, "title": title, "bars": _bars(rates), "height": LINE * len(rates) + 4}
        for by, title, rates in (
            ("kind", _("By kind"), found.by_kind),
            ("lead", _("By the time that was named"), found.by_lead),
            ("team", _("By team"), found.by_team),
        )
    ]
    context = {
        "report": found,
        "sentences": _sentences(found),
        "parts": parts,
        "plot": {"left": LEFT, "width": WIDTH, "bar": BAR, "all": LEFT + WIDTH + 90},
        "spans": [(days, _ago(days), _is_last(period, days)) for days in SPANS],
        "query": _query(period),
        "tab": "report",
    }
    return page(request, "desk/promise_report.html", context, section="promises")


@require_GET
@agent_page
def promise_report_rows(request: AgentRequest) -> HttpResponseBase:
    """The promises behind one number."""
    period = _period(request)
    asked = {name: request.GET.get(name, "") for name in ("by", "key", "became")}
    found, more = reports.rows(
        request.user,
        period,
        by=asked["by"],
        key=asked["key"],
        became=asked["became"] or "settled",
        before=number_in(request, "before"),
    )
    context = {
        "rows": found,
        "more": more,
        "about": reports.label_of(asked["by"], asked["key"]) if asked["by"] in reports.WAYS else "",
        "became": _became(asked["became"]),
        "period": period,
        "query": _query(period),
        "asked": urlencode(asked),
        "tab": "report",
    }
    return page(request, "desk/promise_report_rows.html", context, section="promises")


def _sentences(found: Report) -> list[str]:
    total = found.total
    if not total.settled:
        said = [_("Nobody said of any promise in these days what became of it.")]
    else:
        said = [
            ngettext(
                "%(percent)s %% of one promise was kept, %(in_time)s in time.",
                "%(percent)s %% of %(settled)s promises were kept, %(in_time)s of them in time.",
                total.settled,
            )
            % {"percent": total.percent, "settled": total.settled, "in_time": total.in_time}
        ]
        worst = max(found.by_kind, key=lambda rate: rate.broken)
        if worst.broken:
            said.append(
                ngettext(
                    "%(broken)s was broken; its kind: %(kind)s.",
                    "%(broken)s were broken, most of them of this kind: %(kind)s.",
                    total.broken,
                )
                % {"broken": total.broken, "kind": worst.label}
            )
    if found.unsaid:
        said.append(
            ngettext(
                "One more came due and is still open.",
                "%(n)s more came due and are still open.",
                found.unsaid,
            )
            % {"n": found.unsaid}
        )
    return said


def _bars(rates: Sequence[Rate]) -> list[Bar]:
    return [
        Bar(
            rate=rate,
            y=number * LINE + 8,
            text_y=number * LINE + 20,
            kept=rate.kept * WIDTH // rate.settled,
            words=_("%(percent)s %% of %(settled)s") % {"percent": rate.percent, "settled": rate.settled},
        )
        for number, rate in enumerate(rates)
    ]


def _became(word: str) -> str:
    return {
        "kept": _("kept"),
        "in_time": _("kept in time"),
        "late": _("kept late"),
        "broken": _("broken"),
    }.get(word, _("kept or broken"))


def _period(request: AgentRequest) -> Period:
    """The days that the address names; what makes no sense is the last three months."""
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    first = _day(request.GET.get("from", "")) or today - timedelta(days=USUAL_DAYS - 1)
    last = _day(request.GET.get("to", "")) or today
    return Period(first, last) if first <= last else Period(last, first)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 <= day.year <= 2200 else None


def _ago(days: int) -> str:
    """The address of the last so many days."""
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    return _query(Period(today - timedelta(days=days - 1), today))


def _is_last(period: Period, days: int) -> bool:
    return _ago(days) == _query(period)


def _query(period: Period) -> str:
    return urlencode({"from": period.first.isoformat(), "to": period.last.isoformat()})
