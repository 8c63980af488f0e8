"""One complaint: everything about it on one page, its next step at the top."""

from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from goodword.complaints import drafts, queries
from goodword.complaints.forms import (
    CauseForm,
    ComplaintForm,
    CostForm,
    EvidenceForm,
    FaultForm,
    OrderForm,
    PreventionForm,
    QuestionForm,
)
from goodword.complaints.models import StageKey
from goodword.complaints.queries import Case
from goodword.inbox.models import Message
from goodword.staff.looking import looked
from goodword.staff.queries import at_work

from ...pages import AgentRequest, agent_page, page

OFFERED = 20


@require_GET
@agent_page
def complaint(request: AgentRequest, pk: int) -> HttpResponseBase:
    """The case, with the forms of everything that can be done about it."""
    case = queries.case(request.user, pk)
    made = page(request, "desk/complaints/case.html", context_of(request, case), section="complaints")
    if not request.htmx:
        # A part of the page that fetches itself again is no look of anybody.
        about = case.complaint
        looked(request.user, customer_id=about.customer_id, conversation_id=about.conversation_id)
    return made


def context_of(request: AgentRequest, case: Case) -> dict[str, Any]:
    """What the page of a case is filled with."""
    found = case.complaint
    received = found.stage == StageKey.RECEIVED
    return {
        "case": case,
        "complaint": found,
        "now": timezone.now(),
        "fact_form": ComplaintForm.of(found),
        "cost_form": CostForm(initial={"cost": found.cost}, auto_id="id_cost_%s"),
        "fault_form": FaultForm(
            initial={"fault": found.fault, "note": found.fault_note}, auto_id="id_fault_%s"
        ),
        "cause_form": CauseForm(agent=request.user, initial={"cause": found.cause_id}, auto_id="id_why_%s"),
        "question_form": QuestionForm(auto_id="id_ask_%s"),
        "evidence_form": EvidenceForm(auto_id="id_evidence_%s"),
        "order_form": OrderForm(initial={"order_number": found.order_number}, auto_id="id_order_%s"),
        "prevention_form": PreventionForm(auto_id="id_plan_%s"),
        "said": _offered(case),
        "draft": drafts.acknowledgement(found, request.user) if received else "",
        "agents": at_work(),
    }


def _offered(case: Case) -> list[Message]:
    """What the customer said that is no evidence yet."""
    taken = {one.message_id for one in case.evidence if one.message_id is not None}
    heard = Message.objects.filter(conversation=case.place, kind=Message.Kind.CUSTOMER).exclude(pk__in=taken)
    return list(heard.defer("search", "html", "quoted_html", "quoted").order_by("-id")[:OFFERED])
