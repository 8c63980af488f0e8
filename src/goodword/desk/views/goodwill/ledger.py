"""The ledger of gestures: what was given in a month, by which team, and what is left of the budgets."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from goodword.goodwill import access, actions, queries
from goodword.goodwill.exports import as_csv
from goodword.goodwill.forms import BudgetForm, ReasonForm, RedeemForm, plain
from goodword.goodwill.models.kinds import GestureKind
from goodword.goodwill.months import month_of, next_month, previous_month
from goodword.goodwill.queries import Filters
from goodword.staff.access import require_lead
from goodword.staff.looking import looked
from goodword.staff.models import Team
from goodword.staff.queries import teams as all_teams

from ...pages import AgentRequest, Refused, SeeOther, agent_page, page

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 1)


@require_GET
@agent_page
def ledger(request: AgentRequest) -> HttpResponseBase:
    """A month of the ledger: its sums by team and kind, the budgets, and the rows behind them."""
    filters = _filters(request)
    month = filters.month or month_of()
    everything = Filters(month=month)
    parts = queries.sums(request.user, everything)
    shown = queries.ledger(request.user, filters, cursor=request.GET.get("cursor", ""))
    context = {
        "tab": "ledger",
        "month": month,
        "previous": previous_month(month),
        "next": next_month(month) if month < month_of() else None,
        "filters": filters,
        "kinds": GestureKind.choices,
        "teams": Team.objects.order_by("name"),
        "parts": parts,
        "sum": queries.total(parts),
        "count": queries.count(request.user, everything),
        "budgets": queries.budget_states(month),
        "page": shown,
        "later": _address(filters, cursor=shown.next_cursor) if shown.next_cursor else "",
        "csv": f"{reverse('goodwill_csv')}{_address(filters)}",
        "waiting": queries.waiting_count(request.user),
    }
    return page(request, "desk/goodwill/ledger.html", context, section="goodwill")


@require_GET
@agent_page
def ledger_csv(request: AgentRequest) -> HttpResponseBase:
    """The rows of the ledger that the filters leave, for a spreadsheet."""
    filters = _filters(request)
    response = StreamingHttpResponse(
        as_csv(queries.every(request.user, filters)), content_type="text/csv; charset=utf-8"
    )
    name = f"goodwill-{filters.month or month_of():%Y-%m}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@agent_page
def gesture(request: AgentRequest, pk: int) -> HttpResponseBase:
    """One gesture, its voucher, and taking it back."""
    found = access.get_gesture(request.user, pk)
    context = {
        "gesture": found,
        "voucher": getattr(found, "voucher", None),
        "reversal": getattr(found, "reversal", None),
        "may_reverse": found.reverses_id is None and (found.agent == request.user or request.user.is_lead),
        "reason_form": ReasonForm(auto_id="id_back_%s"),
        "redeem_form": RedeemForm(auto_id="id_redeem_%s"),
    }
    made = page(request, "desk/goodwill/gesture.html", context, section="goodwill")
    if found.customer_id is not None:
        looked(request.user, customer_id=found.customer_id, conversation_id=found.conversation_id)
    return made


@require_POST
@agent_page
def reversal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """It was not given after all."""
    found = access.get_gesture(request.user, pk)
    actions.reverse(gesture=found, by=request.user, reason=request.POST.get("reason", ""))
    messages.success(request, _("Taken back. Both rows stand in the ledger."))
    return SeeOther(reverse("gesture", args=[pk]))


@agent_page
def budgets(request: AgentRequest) -> HttpResponseBase:
    """What each team and the house may give in a month; leads set it."""
    form = BudgetForm(request.POST or None, initial={"month": month_of()})
    if request.method == "POST":
        require_lead(request.user)
        if form.is_valid():
            actions.set_budget(by=request.user, **form.cleaned_data)
            messages.success(request, _("The budget is set."))
            return SeeOther(reverse("goodwill_budgets"))
    states = {state.budget.team: state for state in queries.budget_states(month_of())}
    context = {
        "tab": "budgets",
        "form": form,
        "month": month_of(),
        "states": [(team, states.get(team)) for team in (None, *all_teams())],
        "plain": plain,
        "waiting": queries.waiting_count(request.user),
    }
    status = 422 if form.errors else 200
    return page(request, "desk/goodwill/budgets.html", context, section="goodwill", status=status)


def _filters(request: AgentRequest) -> Filters:
    """What the address asks for; without a month it is the present one."""
    given = request.GET.get("month", "")
    try:
        month = datetime.strptime(given, "%Y-%m").date() if given else month_of()
    except ValueError as error:
        raise Refused(
            _("'%(month)s' is no month. Write one such as 2026-11.") % {"month": given[:20]}
        ) from error
    if not EARLIEST <= month <= LATEST:
        raise Refused(_("%(year)d is too far away.") % {"year": month.year})
    return Filters(month=month, team=request.GET.get("team", "")[:20], kind=request.GET.get("kind", "")[:20])


def _address(filters: Filters, **more: Any) -> str:
    given = {"month": f"{filters.month:%Y-%m}", "team": filters.team, "kind": filters.kind} | more
    return "?" + urlencode({key: value for key, value in given.items() if value})
