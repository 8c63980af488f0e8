"""Handing a conversation over, putting it into a team, raising it, and saying what was decided."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goodword.inbox import access, actions, escalations
from goodword.inbox.errors import ConversationMoved, NotPossible
from goodword.inbox.models import Conversation, Message
from goodword.promises.models import Promise
from goodword.staff.access import NotAllowed
from goodword.staff.models import Team

from ..forms.taking_over import DecisionForm, EscalationForm, HandoverForm
from ..pages import AgentRequest, Refused, SeeOther, agent_page, page
from .states import back


@require_POST
@agent_page
def assign_team(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Into a team (`team`), or out of its team (empty)."""
    conversation = access.get_conversation(request.user, pk)
    wanted = request.POST.get("team", "")
    team = Team.objects.filter(pk=int(wanted)).first() if wanted.isdigit() and len(wanted) < 19 else None
    if wanted and team is None:
        raise Refused(_("That team is gone. Choose another one."))
    actions.assign_team(conversation=conversation, agent=request.user, team=team)
    said = (
        _("It is with the team %(team)s now.") % {"team": team.name} if team else _("It is in no team now.")
    )
    messages.success(request, said)
    return back(request, pk)


@require_http_methods(["GET", "POST"])
@agent_page
def hand_over(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Give it to somebody else, with what they need to know."""
    place = access.get_conversation(request.user, pk)
    theirs = Promise.objects.filter(place__conversation=place, state=Promise.State.OPEN, owner=request.user)
    form = HandoverForm(request.POST or None, place=place, promises=theirs.exists())
    came: Sequence[Message] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.hand_over(
                conversation=place,
                agent=request.user,
                to=form.taker(),
                summary=given["summary"],
                tell_customer=given["words"] if given.get("tell") else "",
                revision=given.get("revision"),
                with_promises=given.get("with_promises", False),
            )
        except ConversationMoved as moved:
            came, place = moved.messages, moved.conversation
            form = _again(request, form, place)
            form.add_error(None, str(moved))
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Handed over to %(name)s.") % {"name": form.taker().name})
            return SeeOther(reverse("conversation", args=[pk]))
    context = {"conversation": place, "form": form, "times": place.handovers.count(), "came": came}
    status = 422 if form.errors else 200
    return page(request, "desk/handover.html", context, section="inbox", status=status)


def _again(request: AgentRequest, form: HandoverForm, place: Conversation) -> HandoverForm:
    """The same form once its reader has what came before them: sent again, it counts as read."""
    data = request.POST.copy()
    data["revision"] = str(place.revision)
    return HandoverForm(data, place=place, promises="with_promises" in form.fields)


@require_http_methods(["GET", "POST"])
@agent_page
def escalation(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Raise it, with the reason; below, what was raised before and what was decided."""
    place = access.get_conversation(request.user, pk)
    form = EscalationForm(request.POST or None, place=place)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.escalate(conversation=place, agent=request.user, reason=given["reason"], level=given["level"])
        messages.success(request, _("It went up. You keep it, and hear here what was decided."))
        return SeeOther(reverse("conversation", args=[pk]))
    return _escalation_page(request, pk, form=form, decision=DecisionForm())


@require_POST
@agent_page
def decide(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Say what was decided."""
    place = access.get_conversation(request.user, pk)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            actions.end_escalation(
                conversation=place, agent=request.user, decision=form.cleaned_data["decision"]
            )
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Decided."))
            return SeeOther(reverse("conversation", args=[pk]))
    return _escalation_page(request, pk, form=EscalationForm(place=place), decision=form)


def _escalation_page(
    request: AgentRequest, pk: int, *, form: EscalationForm, decision: DecisionForm
) -> HttpResponseBase:
    place = access.get_conversation(request.user, pk)
    current = escalations.open_one(place)
    context = {
        "conversation": place,
        "form": form,
        "decision_form": decision,
        "current": current,
        "may_end": current is not None and escalations.may_end(current, request.user),
        "names": {step.rank: step.name for step in escalations.steps()},
        "above": escalations.steps_above(place),
        "history": place.escalations.select_related("by", "to", "ended_by").order_by("-id"),
    }
    status = 422 if form.errors or decision.errors else 200
    return page(request, "desk/escalation.html", context, section="inbox", status=status)
