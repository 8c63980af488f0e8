"""What else is done about a promise: conditions ticked off, customers told, teams changed."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goodword.inbox import access as inbox
from goodword.inbox.models import ConversationPromise
from goodword.promises import access, actions, own_up
from goodword.promises.models import Promise
from goodword.staff.models import Team

from ..pages import AgentRequest, Refused, SeeOther, agent_page, go_back
from ..promise_help import put_into_draft


@require_POST
@agent_page
def promise_condition(request: AgentRequest, pk: int, state: str) -> HttpResponseBase:
    """What the promise waits for has happened (`met`), or has not after all (`open`)."""
    verbs = {"met": actions.meet_condition, "open": actions.unmeet_condition}
    if state not in verbs:
        raise Promise.DoesNotExist
    found = verbs[state](promise=access.get_promise(request.user, pk), agent=request.user)
    if found.condition_met_at and found.due_at:
        messages.success(request, _("Ticked off. The promise has its due time now."))
    else:
        messages.success(request, _("Saved."))
    return go_back(request, reverse("promise", args=[pk]))


@require_POST
@agent_page
def promise_tell(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Put the words that own up into the reply in the conversation; nothing is sent."""
    found = access.get_promise(request.user, pk)
    place = ConversationPromise.objects.filter(promise=found).first()
    draft = own_up.draft_for(found)
    if place is None or draft is None:
        raise Refused(_("There is no conversation to write in. Tell the customer another way."))
    conversation = inbox.get_conversation(request.user, place.conversation_id)
    put_into_draft(request.user, conversation, draft.text)
    messages.info(
        request,
        _("The words stand in your reply. When it is sent, write the new time down with the promise."),
    )
    return SeeOther(reverse("conversation", args=[conversation.pk]))


@require_POST
@agent_page
def promise_told(request: AgentRequest, pk: int) -> HttpResponseBase:
    """The customer has heard of the new time."""
    actions.told(promise=access.get_promise(request.user, pk), agent=request.user)
    messages.success(request, _("Saved: the customer knows."))
    return go_back(request, reverse("promise", args=[pk]))


@require_POST
@agent_page
def promise_team(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Another team answers for it."""
    wanted = request.POST.get("team", "")
    team = Team.objects.get(pk=int(wanted)) if wanted.isascii() and wanted.isdigit() else None
    actions.give_to_team(promise=access.get_promise(request.user, pk), agent=request.user, team=team)
    messages.success(request, _("Saved."))
    return go_back(request, reverse("promise", args=[pk]))
