"""Facts that the team stands by."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goodword.coaching import access, actions
from goodword.coaching.forms import PolicyForm
from goodword.coaching.models import Policy
from goodword.coaching.tailoring import of_team
from goodword.staff.access import require_lead

from ...pages import AgentRequest, SeeOther, agent_page
from .scope import coach_page, scope_of, team_of


@require_GET
@agent_page
def policies(request: AgentRequest, scope: str) -> HttpResponseBase:
    """All facts; those to look at again first."""
    team, today = team_of(request.user, scope), timezone.localdate()
    found = list(of_team(Policy, team.pk if team else None).select_related("owner"))
    stale = [policy for policy in found if policy.is_stale(today)]
    context = {
        "parts": [
            {"stale": True, "rows": stale},
            {"stale": False, "rows": [policy for policy in found if policy not in stale]},
        ],
        "some": bool(found),
    }
    return coach_page(request, "desk/coach/policies.html", team, context, part="policies")


@require_http_methods(["GET", "POST"])
@agent_page
def policy(request: AgentRequest, scope: str, pk: int | None = None) -> HttpResponseBase:
    """Write a fact down, or change one."""
    team = team_of(request.user, scope)
    require_lead(request.user)
    found = access.get_for_change(request.user, Policy, pk) if pk else None
    team = found.team if found else team
    if request.method == "POST" or not found:
        form = PolicyForm(request.POST or None, initial={"owner": request.user.pk})
    else:
        form = PolicyForm.of(found)
    back = reverse("coach_policies", args=[scope_of(team.pk if team else None)])
    if request.method == "POST" and form.is_valid() and form.save(by=request.user, team=team, policy=found):
        messages.success(request, _("Saved. Every draft is held against it from now on."))
        return SeeOther(back)
    context = {
        "form": form,
        "title": _("A policy") if found else _("A new policy"),
        "back": back,
        "removal": reverse("coach_policy_removal", args=[scope, found.pk]) if found else "",
        "removal_ask": _("Remove this policy? Drafts are no longer held against it."),
    }
    return coach_page(request, "desk/coach/form.html", team, context, part="policies")


@require_POST
@agent_page
def removal(request: AgentRequest, scope: str, pk: int) -> HttpResponseBase:
    """The team no longer stands by it."""
    team_of(request.user, scope)
    found = access.get_for_change(request.user, Policy, pk)
    actions.remove_policy(by=request.user, policy=found)
    messages.success(request, _("The policy is removed."))
    return SeeOther(reverse("coach_policies", args=[scope_of(found.team_id)]))
