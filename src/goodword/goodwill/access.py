"""Which gestures, requests and vouchers an agent may see: all but those of mailboxes hidden from them.

Leads see everything, and so does the house itself (`agent` None).
"""

from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from goodword.staff.access import hidden_mailboxes
from goodword.staff.authority import level_of
from goodword.staff.models import Agent

from . import codes
from .models import ApprovalRequest, Gesture, Voucher

Row = TypeVar("Row", bound=Model)


def gestures(agent: Agent | None) -> QuerySet[Gesture]:
    """The rows of the ledger that the agent may see."""
    return _seen(Gesture.objects.all(), agent)


def get_gesture(agent: Agent | None, pk: int) -> Gesture:
    """One row; raises Gesture.DoesNotExist when there is none or the agent may not see it."""
    related = ("customer", "agent", "decided_by", "team", "voucher__redemption", "reversal", "reverses")
    return gestures(agent).select_related(*related).get(pk=pk)


def requests(agent: Agent) -> QuerySet[ApprovalRequest]:
    """The requests that the agent asked, or may decide, or may have decided."""
    seen = _seen(ApprovalRequest.objects.all(), agent)
    own = level_of(agent)
    mine = Q(asked_by=agent) | Q(decided_by=agent)
    return seen.filter(mine if own is None else mine | Q(level=None) | Q(level__rank__lte=own.rank))


def decidable(agent: Agent) -> QuerySet[ApprovalRequest]:
    """The open requests that wait for somebody like this agent."""
    if level_of(agent) is None:
        return ApprovalRequest.objects.none()
    return requests(agent).filter(state=ApprovalRequest.State.OPEN).exclude(asked_by=agent)


def get_request(agent: Agent, pk: int) -> ApprovalRequest:
    """One request; raises ApprovalRequest.DoesNotExist when it is not the agent's to see."""
    return requests(agent).select_related("customer", "asked_by", "decided_by", "level", "team").get(pk=pk)


def get_voucher(agent: Agent | None, code: str) -> Voucher:
    """The voucher of a code as typed; raises Voucher.DoesNotExist."""
    related = ("gesture__reversal", "redemption__by", "customer")
    return vouchers(agent).select_related(*related).get(code=codes.tidy(code))


def find_voucher(agent: Agent | None, code: str) -> Voucher | None:
    """The voucher of a code as typed, or None."""
    try:
        return get_voucher(agent, code)
    except Voucher.DoesNotExist:
        return None


def vouchers(agent: Agent | None) -> QuerySet[Voucher]:
    """The vouchers that the agent may see."""
    return _seen(Voucher.objects.all(), agent, "gesture__mailbox_id")


def _seen(rows: QuerySet[Row], agent: Agent | None, mailbox: str = "mailbox_id") -> QuerySet[Row]:
    hidden = hidden_mailboxes(agent) if agent is not None else []
    return rows.exclude(**{f"{mailbox}__in": hidden}) if hidden else rows
