"""Causes that come back, what is changed because of them, and the tree of causes."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goodword.complaints import access, actions, queries
from goodword.complaints.forms import CauseEditForm, PreventionForm
from goodword.complaints.furnishing import default_procedure
from goodword.complaints.models import Cause, Prevention
from goodword.complaints.queries import Filters
from goodword.staff.access import require_lead

from ...pages import AgentRequest, SeeOther, agent_page, go_back, page
from .asked import valid

DONE_SHOWN = 30


@require_GET
@agent_page
def causes(request: AgentRequest) -> HttpResponseBase:
    """What keeps coming back, with its trend; what is being changed; what was."""
    plans = Prevention.objects.select_related("cause", "owner").annotate(cases=Count("complaints"))
    context = {
        "recurring": queries.recurring(request.user),
        "weeks": queries.WEEKS,
        "open": list(plans.filter(done_at=None).order_by("due_on", "id")),
        "done": list(plans.exclude(done_at=None).order_by("-done_at")[:DONE_SHOWN]),
        "today": timezone.localdate(),
        "tab": "causes",
    }
    return page(request, "desk/complaints/causes.html", context, section="complaints")


@require_http_methods(["GET", "POST"])
@agent_page
def cause_plan(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Turn a cause that comes back into a change with an owner and a day."""
    cause = Cause.objects.select_related("parent").get(pk=pk)
    cases = list(
        queries.filtered(request.user, Filters(cause=pk))
        .select_related("customer")
        .order_by("-id")[:DONE_SHOWN]
    )
    form = PreventionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.plan(agent=request.user, cause=cause, complaints=cases, **form.cleaned_data)
        messages.success(request, _("Planned. It stands with each of these complaints."))
        return SeeOther(reverse("causes"))
    context = {"cause": cause, "cases": cases, "form": form}
    status = 422 if form.errors else 200
    return page(request, "desk/complaints/plan.html", context, section="complaints", status=status)


@require_http_methods(["GET", "POST"])
@agent_page
def prevention(request: AgentRequest, pk: int) -> HttpResponseBase:
    """One change: its words, its owner and day, and what came of it."""
    found = access.get_prevention(request.user, pk)
    if request.method == "POST":
        given = valid(PreventionForm(request.POST)).cleaned_data
        actions.change_plan(prevention=found, agent=request.user, **given)
        messages.success(request, _("Saved."))
        return SeeOther(request.path)
    seen = access.complaints(request.user)
    context = {
        "prevention": found,
        "form": PreventionForm.of(found),
        "cases": found.complaints.filter(pk__in=seen.values("pk")).select_related("customer").order_by("-id"),
    }
    return page(request, "desk/complaints/prevention.html", context, section="complaints")


@require_POST
@agent_page
def prevention_done(request: AgentRequest, pk: int) -> HttpResponseBase:
    """It was carried out."""
    found = access.get_prevention(request.user, pk)
    actions.carry_out(prevention=found, agent=request.user, result=request.POST.get("result", ""))
    messages.success(request, _("Done. Well done."))
    return go_back(request, reverse("prevention", args=[pk]))


@require_GET
@agent_page
def cause_tree(request: AgentRequest) -> HttpResponseBase:
    """The tree of causes, for leads to edit."""
    require_lead(request.user)
    default_procedure()
    context = {"branches": queries.branches(request.user), "tab": "complaint_settings", "part": "causes"}
    return page(request, "desk/complaints/cause_tree.html", context, section="settings")


@require_http_methods(["GET", "POST"])
@agent_page
def cause_edit(request: AgentRequest, pk: int | None = None) -> HttpResponseBase:
    """Add a cause, or change one."""
    require_lead(request.user)
    found = Cause.objects.get(pk=pk) if pk else None
    if found and request.method == "GET":
        known = {"name": found.name, "parent": found.parent_id, "is_active": found.is_active}
        form = CauseEditForm(agent=request.user, initial=known)
    else:
        form = CauseEditForm(request.POST or None, agent=request.user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        parent = Cause.objects.filter(pk=given["parent"]).first()
        actions.set_cause(
            by=request.user, cause=found, parent=parent, name=given["name"], is_active=given["is_active"]
        )
        messages.success(request, _("Saved."))
        return SeeOther(reverse("cause_tree"))
    context = {
        "form": form,
        "title": found.name if found else _("A new cause"),
        "back": reverse("cause_tree"),
        "removal": reverse("cause_removal", args=[found.pk]) if found else "",
        "removal_ask": _("Remove this cause? Complaints that it explains keep it."),
        "tab": "complaint_settings",
    }
    status = 422 if form.errors else 200
    return page(request, "desk/complaints/settings_form.html", context, section="settings", status=status)


@require_POST
@agent_page
def cause_removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Take a cause away."""
    actions.remove_cause(by=request.user, cause=Cause.objects.get(pk=pk))
    messages.success(request, _("It is no longer offered."))
    return SeeOther(reverse("cause_tree"))
