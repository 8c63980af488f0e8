"""Whether agents take new conversations, and what they can and how much at once."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goodword.staff import work
from goodword.staff.access import require_administrator
from goodword.staff.models import Agent, Availability

from ..forms.routing import AbilitiesForm
from ..pages import AgentRequest, Refused, SeeOther, agent_page, came_from, go_back, page, part

State = Availability.State


@require_http_methods(["GET", "POST"])
@agent_page
def availability(request: AgentRequest) -> HttpResponseBase:
    """The switch in one's own menu."""
    if request.method == "GET":
        held = Availability.objects.filter(agent=request.user).values_list("state", flat=True).first()
        return part(request, "desk/availability.html", {"away": held == State.AWAY})
    kept = work.set_availability(by=request.user, agent=request.user, state=_state(request))
    if kept.state == State.AWAY:
        messages.success(request, _("You are given no new conversations until you come back."))
    else:
        messages.success(request, _("You are given new conversations again."))
    return go_back(request, came_from(request, reverse("inbox")))


@require_http_methods(["GET", "POST"])
@agent_page
def abilities(request: AgentRequest, pk: int) -> HttpResponseBase:
    """What an agent can, and how much at once."""
    require_administrator(request.user)
    agent = Agent.objects.get(pk=pk)
    form = AbilitiesForm(request.POST, agent=agent) if request.method == "POST" else AbilitiesForm.of(agent)
    if request.method == "POST" and form.is_valid():
        try:
            work.set_abilities(
                by=request.user,
                agent=agent,
                skills=form.cleaned_data["skills"].split(","),
                languages=form.cleaned_data["languages"].split(","),
            )
            work.set_capacities(by=request.user, agent=agent, most=form.most())
        except ValidationError as error:
            form.add_error(None, error.messages[0])
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": agent.name})
            return SeeOther(reverse("person", args=[agent.pk]))
    away = Availability.objects.filter(agent=agent, state=State.AWAY).exists()
    context = {"form": form, "agent": agent, "away": away, "tab": "people"}
    status = 422 if form.errors else 200
    return page(request, "desk/routing_agent.html", context, section="settings", status=status)


@require_POST
@agent_page
def availability_of(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Say of somebody whether they take new conversations."""
    agent = Agent.objects.get(pk=pk)
    work.set_availability(by=request.user, agent=agent, state=_state(request))
    messages.success(request, _("%(name)s is saved.") % {"name": agent.name})
    return go_back(request, reverse("abilities", args=[pk]))


def _state(request: AgentRequest) -> str:
    state = request.POST.get("state", "")
    if state not in State.values:
        raise Refused(_("'%(state)s' cannot be chosen here.") % {"state": state[:40]})
    return state
