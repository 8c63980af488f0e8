"""Asking for approval, and saying yes or no."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from goodword.goodwill import access, actions, queries
from goodword.goodwill.models import ApprovalRequest

from ...pages import AgentRequest, SeeOther, agent_page, go_back, page


@require_GET
@agent_page
def approvals(request: AgentRequest) -> HttpResponseBase:
    """What waits for the agent, what they asked for, and what was answered."""
    waiting = queries.waiting_for(request.user)
    own = queries.own_requests(request.user)
    context = {
        "tab": "approvals",
        "requests": waiting,
        "waiting": len(waiting),
        "own": own,
        "decided": [row for row in queries.decided(request.user) if row.asked_by_id != request.user.pk],
    }
    answer = page(request, "desk/goodwill/approvals.html", context, section="goodwill")
    actions.see_decision(agent=request.user)
    return answer


@require_POST
@agent_page
def answer(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Yes (`verb=approve`) or no (`verb=refuse`, with a reason)."""
    found = access.get_request(request.user, pk)
    reason = request.POST.get("reason", "")
    if request.POST.get("verb") == "approve":
        done = actions.approve(request=found, by=request.user, reason=reason)
        messages.success(request, _approved(done))
    else:
        actions.refuse(request=found, by=request.user, reason=reason)
        messages.success(request, _("Not approved. Whoever asked hears of it with your reason."))
    return go_back(request, reverse("approvals"))


@require_POST
@agent_page
def withdrawal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """It is not asked for any more."""
    actions.withdraw(request=access.get_request(request.user, pk), by=request.user)
    messages.success(request, _("You no longer ask for it."))
    return go_back(request, reverse("approvals"))


@require_GET
@agent_page
def seen(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Go where the gesture was asked for; the answer is seen by that."""
    found = access.get_request(request.user, pk)
    actions.see_decision(agent=request.user, request=found)
    return SeeOther(where(found))


def where(found: ApprovalRequest) -> str:
    """The page of what a request is about."""
    if found.complaint_id is not None:
        return reverse("complaint", args=[found.complaint_id])
    if found.conversation_id is not None:
        return reverse("conversation", args=[found.conversation_id])
    if found.customer_id is not None:
        return reverse("customer", args=[found.customer_id])
    return reverse("approvals")


def _approved(done: ApprovalRequest) -> str:
    return _("Approved, and given.") if done.gesture_kind else _("Approved.")
