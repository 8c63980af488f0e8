"""Rules that a lead writes."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goodword.coaching import access, actions
from goodword.coaching.forms import OwnRuleForm
from goodword.coaching.models import OwnRule
from goodword.staff.access import require_lead

from ...pages import AgentRequest, SeeOther, agent_page
from .scope import coach_page, scope_of, team_of


@require_http_methods(["GET", "POST"])
@agent_page
def own_rule(request: AgentRequest, scope: str, pk: int | None = None) -> HttpResponseBase:
    """Write a rule, or change one; it is tried on its lines before it is kept."""
    team = team_of(request.user, scope)
    require_lead(request.user)
    found = access.get_for_change(request.user, OwnRule, pk) if pk else None
    team = found.team if found else team
    if request.method == "POST" or not found:
        form = OwnRuleForm(request.POST or None)
    else:
        form = OwnRuleForm.of(found)
    back = reverse("coach_rules", args=[scope_of(team.pk if team else None)])
    sent = request.method == "POST" and form.is_valid()
    if sent and (saved := form.save(by=request.user, team=team, own=found)):
        messages.success(request, _("The rule is kept, and did what its lines say."))
        return SeeOther(f"{back}#{saved.rule}")
    context = {
        "form": form,
        "title": _("A rule of ours") if found else _("A new rule"),
        "back": back,
        "removal": reverse("coach_own_rule_removal", args=[scope, found.pk]) if found else "",
        "removal_ask": _("Remove this rule? The numbers of the past stay."),
        "lead_in": _("The coach looks for these words in every draft. Your lines try it before it is kept."),
    }
    return coach_page(request, "desk/coach/form.html", team, context, part="rules")


@require_POST
@agent_page
def removal(request: AgentRequest, scope: str, pk: int) -> HttpResponseBase:
    """Take a rule away."""
    team_of(request.user, scope)
    found = access.get_for_change(request.user, OwnRule, pk)
    actions.remove_own_rule(by=request.user, own=found)
    messages.success(request, _("The rule is removed."))
    return SeeOther(reverse("coach_rules", args=[scope_of(found.team_id)]))
