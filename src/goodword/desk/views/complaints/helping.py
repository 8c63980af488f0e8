"""Help in a hard conversation: the agent calls, a lead answers."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from goodword.complaints import actions, queries
from goodword.complaints.models import CallForHelp
from goodword.inbox import access as inbox

from ...pages import AgentRequest, Refused, SeeOther, agent_page, go_back, part


@require_POST
@agent_page
def help_call(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Page the leads."""
    place = inbox.get_conversation(request.user, pk)
    actions.call_for_help(conversation=place, agent=request.user, words=request.POST.get("words", ""))
    messages.success(request, _("The leads are called. Take a breath; nothing has to leave this minute."))
    return go_back(request, reverse("conversation", args=[pk]))


@require_POST
@agent_page
def help_answer(request: AgentRequest, pk: int, verb: str) -> HttpResponseBase:
    """A lead joins or takes over; whoever called says that it goes."""
    call = CallForHelp.objects.filter(conversation__in=inbox.conversations(request.user)).get(pk=pk)
    words = request.POST.get("words", "")
    if verb == "join":
        actions.join(call=call, lead=request.user, words=words)
    elif verb == "take-over":
        actions.take_over(call=call, lead=request.user, words=words)
    elif verb == "manage":
        actions.manage(call=call, agent=request.user)
    else:
        raise Refused(_("A call for help cannot be answered like that. Load the page again."))
    return SeeOther(reverse("conversation", args=[call.conversation_id]))


@require_GET
@agent_page
def help_calls(request: AgentRequest) -> HttpResponseBase:
    """The open calls, for the top of every page of a lead."""
    return part(request, "desk/complaints/help_calls.html", {"calls": queries.calls_for(request.user)[:3]})
