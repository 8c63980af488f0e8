"""Who looked at whose data: for administrators, and reading it is written down, too."""

from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from goodword.customers.models import Customer
from goodword.inbox.models import Conversation
from goodword.inbox.retention import rules
from goodword.staff import looking
from goodword.staff.access import require_administrator
from goodword.staff.models import Look

from ...forms.retention import LooksForm, LooksKeptForm
from ...pages import AgentRequest, SeeOther, agent_page, page
from ...paging import older_than

PAGE = 50


@require_GET
@agent_page
def looks(request: AgentRequest) -> HttpResponseBase:
    """The newest first; of one agent, customer, conversation or span."""
    require_administrator(request.user)
    form = LooksForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = looking.found(
        agent=asked.get("agent"),
        customer_id=asked.get("customer"),
        conversation_id=asked.get("conversation"),
        how=asked.get("how") or "",
        since=_midnight(asked.get("since")),
        until=_midnight(asked.get("until"), days=1),
        before=older_than(request),
    )
    rows = list(found[: PAGE + 1]) if not form.errors else []
    kept = rules.times().looks_months
    context = {
        "form": form,
        "rows": _named(rows[:PAGE]),
        "older": _older(request, rows[PAGE - 1].pk) if len(rows) > PAGE else "",
        "kept": kept,
        "kept_form": LooksKeptForm(initial={"looks_months": kept}),
        "tab": "looks",
    }
    status = 422 if form.errors else 200
    made = page(request, "desk/privacy/looks.html", context, section="settings", status=status)
    looking.looked(request.user, Look.How.LOOKS, customer_id=asked.get("customer"))
    return made


@require_POST
@agent_page
def looks_kept(request: AgentRequest) -> HttpResponseBase:
    """Say how long the list is kept."""
    require_administrator(request.user)
    form = LooksKeptForm(request.POST)
    if form.is_valid():
        times = rules.times()
        rules.keep_times(
            by=request.user,
            recorded_days=times.recorded_days,
            aside_days=times.aside_days,
            looks_months=form.cleaned_data["looks_months"],
        )
        messages.success(request, _("Saved. It holds from the next night on."))
    else:
        messages.error(request, " ".join(str(line) for lines in form.errors.values() for line in lines))
    return SeeOther(reverse("looks"))


def _midnight(day: Any, *, days: int = 0) -> datetime | None:
    """When that day begins for the reader, or the one after so many."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=days), time())) if day else None


def _named(rows: list[Look]) -> list[dict[str, Any]]:
    """With the names of customers, and subjects of conversations, that are still here."""
    customers = Customer.objects.in_bulk({row.customer_id for row in rows if row.customer_id})
    places = dict(
        Conversation.objects.filter(
            pk__in={row.conversation_id for row in rows if row.conversation_id}
        ).values_list("pk", "subject")
    )
    return [
        {
            "look": row,
            "customer": customers.get(row.customer_id or 0),
            "subject": places.get(row.conversation_id or 0),
            "is_here": row.conversation_id in places,
        }
        for row in rows
    ]


def _older(request: AgentRequest, last: int) -> str:
    given = {name: value for name, value in request.GET.items() if value and name != "before"}
    return f"?{urlencode(given | {'before': last})}"
