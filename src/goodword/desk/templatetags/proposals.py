"""The part of a case's page about how it is put right."""

from typing import Any

from django import template

from goodword.complaints.models import Complaint
from goodword.complaints.proposal_forms import OptionRows, RemedyForm
from goodword.complaints.queries.proposals import mending_of

register = template.Library()

TONES = {
    "sent": "accent",
    "asked": "soon",
    "refused": "bad",
    "approval": "soon",
    "chosen": "good",
    "done": "good",
    "failed": "bad",
    "under_way": "accent",
    "declined": "soon",
    "expired": "soon",
}


@register.inclusion_tag("desk/complaints/proposals.html", takes_context=True)
def put_right(context: dict[str, Any], complaint: Complaint) -> dict[str, Any]:
    """Proposals, remedies and the follow-up of a complaint, with what can be done about them."""
    request = context["request"]
    mending = mending_of(request.user, complaint)
    draft = mending.draft
    return {
        "csrf_token": context.get("csrf_token"),
        "complaint": complaint,
        "mending": mending,
        "rows": OptionRows(proposal=draft.proposal if draft else None),
        "remedy_form": RemedyForm(auto_id="id_remedy_%s"),
    }


@register.filter
def tone_of(state: str) -> str:
    """The look of a state's chip."""
    return f" chip--{TONES[state]}" if state in TONES else ""
