"""How a complaint is put right: the proposal, its approval, and the remedies until they are proven."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goodword.complaints import access, actions
from goodword.complaints.models import Complaint, Proposal, Remedy
from goodword.complaints.proposal_forms import AskedRemedyForm, AskingForm, OptionRows, RemedyForm
from goodword.goodwill import actions as goodwill
from goodword.goodwill.access import get_request
from goodword.goodwill.authority import Verdict
from goodword.staff.models import Agent

from ...pages import AgentRequest, agent_page, page
from .asked import done, valid

PART, REMEDIES = "proposals", "remedies"


@require_POST
@agent_page
def proposal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Write it down; with `how=send` it goes out at once, where the agent may give that much."""
    found = access.get_complaint(request.user, pk)
    rows = OptionRows(request.POST)
    for form in rows.forms():
        valid(form)
    words = rows.text.cleaned_data["text"]
    kept = actions.save_proposal(complaint=found, agent=request.user, options=rows.options(), text=words)
    if request.POST.get("how") != "send":
        return done(request, pk, _("Kept. The customer has not seen it yet."), PART)
    return _send(request, kept)


@require_POST
@agent_page
def proposal_send(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Send what was written."""
    return _send(request, access.get_proposal(request.user, pk))


@require_POST
@agent_page
def proposal_ask(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Ask the next level to approve it."""
    found = access.get_proposal(request.user, pk)
    reason = request.POST.get("reason", "")
    actions.ask_approval(proposal=found, agent=request.user, reason=reason)
    said = _("Asked. It goes to the customer by itself once somebody says yes, and you hear of it.")
    return done(request, found.complaint_id, said, PART)


@require_POST
@agent_page
def proposal_answer(request: AgentRequest, pk: int) -> HttpResponseBase:
    """One click: `verb=approve`, or `verb=refuse` with a reason."""
    asked = get_request(request.user, pk)
    found = access.get_proposal(request.user, asked.subject_id)
    reason = request.POST.get("reason", "")
    if request.POST.get("verb") == "approve":
        goodwill.approve(request=asked, by=request.user, reason=reason)
        found.refresh_from_db()
        sent = found.state == Proposal.State.SENT
        said = _("Approved, and sent.") if sent else _("Approved. It waits for the agent to send it.")
    else:
        goodwill.refuse(request=asked, by=request.user, reason=reason)
        said = _("Not approved. Whoever asked hears of it with your reason.")
    return done(request, found.complaint_id, said, PART)


@require_POST
@agent_page
def proposal_back(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Nobody needs to approve it any more."""
    found = access.get_proposal(request.user, pk)
    actions.take_back_request(proposal=found, agent=request.user)
    return done(request, found.complaint_id, _("Taken back. You can change it now."), PART)


@require_POST
@agent_page
def proposal_withdrawal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """It is not offered any more."""
    found = access.get_proposal(request.user, pk)
    actions.withdraw_proposal(proposal=found, agent=request.user, note=request.POST.get("note", ""))
    return done(request, found.complaint_id, _("Withdrawn. The customer's page says so."), PART)


@require_POST
@agent_page
def remedy_new(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Something agreed outside a proposal; more than the agent may give is asked for on a page of its own."""
    found = access.get_complaint(request.user, pk)
    given = _wanted(valid(RemedyForm(request.POST)))
    try:
        actions.add_remedy(complaint=found, agent=request.user, **given)
    except actions.NeedsApproval as error:
        form = AskedRemedyForm(initial=given)
        return _ask_for_remedy(request, found, form, error.verdict)
    return done(request, pk, _("Noted, with a promise behind it."), REMEDIES)


@require_POST
@agent_page
def remedy_ask(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Ask the next level for it."""
    found = access.get_complaint(request.user, pk)
    form = AskedRemedyForm(request.POST)
    if not form.is_valid():
        return _ask_for_remedy(request, found, form, None)
    reason = form.cleaned_data["reason"]
    actions.ask_for_remedy(complaint=found, agent=request.user, reason=reason, **_wanted(form))
    said = _("Asked. Once somebody says yes it stands here with a promise behind it, and you hear of it.")
    return done(request, pk, said, REMEDIES)


@require_POST
@agent_page
def remedy(request: AgentRequest, pk: int, verb: str) -> HttpResponseBase:
    """What became of a remedy; `proof` is the number, the reference, the code or the words."""
    found = access.get_remedy(request.user, pk)
    act = VERBS.get(verb)
    if act is None:
        raise Remedy.DoesNotExist
    try:
        act(found, request.user, request.POST.get("proof", ""))
    except actions.NeedsApproval as error:
        return _ask_again(request, found, AskingForm(), error.verdict)
    return done(request, found.complaint_id, _("Noted."), REMEDIES)


@require_POST
@agent_page
def remedy_ask_again(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Ask the next level to take one up that failed."""
    found = access.get_remedy(request.user, pk)
    form = AskingForm(request.POST)
    if not form.is_valid():
        return _ask_again(request, found, form, None)
    actions.ask_for_remedy_again(remedy=found, agent=request.user, reason=form.cleaned_data["reason"])
    said = _("Asked. Once somebody says yes it goes on, and you hear of it.")
    return done(request, found.complaint_id, said, REMEDIES)


def _wanted(form: RemedyForm) -> dict[str, Any]:
    """The words of a valid form for the verbs."""
    given = form.cleaned_data
    return {"kind": given["kind"], "what": given["what"], "cost": given["cost"] or Decimal()}


def _ask_for_remedy(
    request: AgentRequest, found: Complaint, form: AskedRemedyForm, verdict: Verdict | None
) -> HttpResponseBase:
    context = {"complaint": found, "form": form, "verdict": verdict}
    return page(request, "desk/complaints/remedy_ask.html", context, section="complaints", status=422)


def _ask_again(
    request: AgentRequest, found: Remedy, form: AskingForm, verdict: Verdict | None
) -> HttpResponseBase:
    cost = actions.price(found.option or found)
    context = {"complaint": found.complaint, "again": found, "cost": cost, "form": form, "verdict": verdict}
    return page(request, "desk/complaints/remedy_ask.html", context, section="complaints", status=422)


def _send(request: AgentRequest, found: Proposal) -> HttpResponseBase:
    try:
        actions.send_proposal(proposal=found, agent=request.user)
    except actions.NeedsApproval as error:
        messages.warning(request, str(error))
        return done(request, found.complaint_id, anchor=PART)
    return done(request, found.complaint_id, _("Sent. The customer can choose now."), PART)


def _again(remedy: Remedy, agent: Agent, proof: str) -> Remedy:
    return actions.take_up_again(remedy=remedy, agent=agent)


VERBS: dict[str, Callable[[Remedy, Agent, str], Remedy]] = {
    "sent": lambda one, agent, proof: actions.ship(remedy=one, agent=agent, tracking=proof),
    "arrived": lambda one, agent, proof: actions.delivered(remedy=one, agent=agent, note=proof),
    "paid": lambda one, agent, proof: actions.refunded(remedy=one, agent=agent, reference=proof),
    "code": lambda one, agent, proof: actions.give_code(remedy=one, agent=agent, code=proof),
    "used": lambda one, agent, proof: actions.redeemed(remedy=one, agent=agent, note=proof),
    "done": lambda one, agent, proof: actions.done(remedy=one, agent=agent, words=proof),
    "failed": lambda one, agent, proof: actions.fail(remedy=one, agent=agent, why=proof),
    "again": _again,
    "back": lambda one, agent, proof: actions.take_back_remedy(remedy=one, agent=agent),
}
