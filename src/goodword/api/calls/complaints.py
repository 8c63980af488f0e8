"""Complaints, for shops' systems that send, pay and redeem what was agreed."""

from collections.abc import Callable

from ninja import Router

from goodword.api.access import Request, reads, writes
from goodword.api.fields import PathId
from goodword.api.shapes.complaints import ComplaintOut, Number, ProofIn, RemedyOut, complaint_out, remedy_out
from goodword.complaints import access, actions
from goodword.complaints.models import Remedy
from goodword.staff.looking import Thing
from goodword.staff.models import Agent

router = Router(tags=["complaints"])


@router.get("/complaints/{number}", response=ComplaintOut, auth=reads)
def get_complaint(request: Request, number: Number) -> ComplaintOut:
    """One complaint with what is done about it."""
    found = access.by_number(request.auth.agent, number)
    shown = complaint_out(found)
    request.auth.looked(Thing(found.customer_id, found.conversation_id))
    return shown


@router.post("/complaints/{number}/remedies/{id}/proof", response=RemedyOut, auth=writes)
def prove_remedy(request: Request, number: Number, id: PathId, body: ProofIn) -> RemedyOut:
    """Say what became of a remedy. The same said again changes nothing and gets the same answer."""
    agent = request.auth.agent
    found = access.by_number(agent, number)
    remedy = access.get_remedy(agent, found.remedies.get(pk=id).pk)
    VERBS[body.what](remedy, agent, body.proof)
    return remedy_out(access.get_remedy(agent, id))


VERBS: dict[str, Callable[[Remedy, Agent | None, str], Remedy]] = {
    "sent": lambda one, agent, proof: actions.ship(remedy=one, agent=agent, tracking=proof),
    "delivered": lambda one, agent, proof: actions.delivered(remedy=one, agent=agent, note=proof),
    "paid": lambda one, agent, proof: actions.refunded(remedy=one, agent=agent, reference=proof),
    "code_given": lambda one, agent, proof: actions.give_code(remedy=one, agent=agent, code=proof),
    "redeemed": lambda one, agent, proof: actions.redeemed(remedy=one, agent=agent, note=proof),
    "done": lambda one, agent, proof: actions.done(remedy=one, agent=agent, words=proof),
    "failed": lambda one, agent, proof: actions.fail(remedy=one, agent=agent, why=proof),
}
