"""A conversation deleted for good, by those who may."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from goodword.inbox import access, actions, queries
from goodword.inbox.actions import REASON_LENGTH
from goodword.staff.access import require_lead

from ..pages import AgentRequest, SeeOther, agent_page, page


@require_http_methods(["GET", "POST"])
@agent_page
def removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Say what goes and that it cannot be undone; then do it."""
    require_lead(request.user)
    if request.method == "POST" and queries.was_removed(request.user, pk):
        return _done(request, pk)
    conversation = access.get_conversation(request.user, pk)
    if request.method == "POST":
        actions.remove(conversation=conversation, by=request.user, reason=request.POST.get("reason", ""))
        return _done(request, pk)
    goes = queries.belongings(request.user, conversation)
    context = {"conversation": conversation, "goes": goes, "reason_length": REASON_LENGTH}
    return page(request, "desk/removal.html", context, section="inbox")


def _done(request: AgentRequest, pk: int) -> SeeOther:
    messages.success(request, _("#%(number)s is deleted. Nothing of it comes back.") % {"number": pk})
    return SeeOther(reverse("inbox"))
