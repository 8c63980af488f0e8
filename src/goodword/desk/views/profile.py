"""What an agent decides about themselves."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goodword.staff import actions
from goodword.staff.forms import ProfileForm

from ..pages import AgentRequest, Refused, SeeOther, agent_page, page


@require_http_methods(["GET", "POST"])
@agent_page
def profile(request: AgentRequest) -> HttpResponseBase:
    """Name, handle, theme, time zone, signature, and the way to passwords and keys."""
    form = ProfileForm(request.POST) if request.method == "POST" else ProfileForm.of(request.user)
    if request.method == "POST" and form.is_valid() and form.save(agent=request.user):
        messages.success(request, _("Saved."))
        return SeeOther(request.path)
    context = {"form": form, "tab": "profile"}
    return page(request, "desk/profile.html", context, section="settings", status=422 if form.errors else 200)


@require_POST
@agent_page
def theme(request: AgentRequest) -> HttpResponse:
    """Keep the choice of light or dark with the agent, so that it holds on every device."""
    chosen = request.POST.get("theme", "")
    try:
        actions.change_profile(agent=request.user, theme="" if chosen == "system" else chosen)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    return HttpResponse(status=204)
