"""What is known of a complaint: the facts, whose it is, whose fault it was, why, and what it cost."""

from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext

from goodword.inbox import access as inbox
from goodword.staff.models import Agent, Team

from .. import access
from ..errors import ComplaintError
from ..models import Cause, Complaint
from ..telling import clean, one_line, tell
from .opening import check_facts, take_checklist

LARGEST_COST = Decimal(10) ** 9


class Facts(TypedDict, total=False):
    """What may be changed of a complaint; what is left out stays."""

    what_happened: str
    wanted: str
    severity: str
    kind: str
    product: str
    order_number: str
    team: Team | None
    cost: Decimal


@transaction.atomic
def change(*, complaint: Complaint, agent: Agent | None, **facts: Unpack[Facts]) -> Complaint:
    """Set facts anew. A new kind adds its checklist to what was looked at so far.

    Raises ComplaintError when nothing would be left of what happened, or for a kind there is none of.
    """
    found = access.locked(agent, complaint.pk)
    wanted = _checked(facts)
    changed = [name for name, value in wanted.items() if getattr(found, name) != value]
    if not changed:
        return found
    for name in changed:
        setattr(found, name, wanted[name])
    found.save(update_fields=changed)
    if "kind" in changed:
        take_checklist(found)
    tell("complaint.changed", found, agent=agent, fields=sorted(changed))
    return found


def _checked(facts: Facts) -> dict[str, Any]:
    clean_facts: dict[str, Any] = dict(facts)
    for name in ("what_happened", "wanted"):
        if name in clean_facts:
            clean_facts[name] = clean(clean_facts[name])
    for name, length in (("product", 300), ("order_number", 100)):
        if name in clean_facts:
            clean_facts[name] = one_line(clean_facts[name], length)
    check_facts(
        what_happened=clean_facts.get("what_happened"),
        severity=clean_facts.get("severity"),
        kind=clean_facts.get("kind"),
    )
    cost = clean_facts.get("cost")
    if cost is not None and not 0 <= cost < LARGEST_COST:
        raise ComplaintError(
            gettext("A cost of %(cost)s cannot be. Give what it cost, or 0.") % {"cost": cost}
        )
    return clean_facts


@transaction.atomic
def give_to(*, complaint: Complaint, agent: Agent | None, owner: Agent | None) -> Complaint:
    """Somebody else sees to it. Raises ComplaintError for an agent who may not see its conversation."""
    found = access.locked(agent, complaint.pk)
    if found.owner_id == (owner.pk if owner else None):
        return found
    if owner is not None and not inbox.conversations(owner).filter(pk=found.conversation_id).exists():
        raise ComplaintError(
            gettext("%(name)s cannot see the conversation of this complaint. Choose somebody of its team.")
            % {"name": owner.name}
        )
    found.owner = owner
    found.save(update_fields=["owner"])
    tell("complaint.owner", found, agent=agent, owner=owner.pk if owner else None)
    return found


@transaction.atomic
def find_fault(*, complaint: Complaint, agent: Agent, fault: str, note: str = "") -> Complaint:
    """Whose fault it was, '' for not found yet. The coach then wants an apology that fits it."""
    if fault and fault not in Complaint.Fault.values:
        raise ComplaintError(
            gettext("'%(fault)s' is nobody's fault we know of. Choose one of the list.") % {"fault": fault}
        )
    found = access.locked(agent, complaint.pk)
    words = clean(note)
    if (found.fault, found.fault_note) == (fault, words):
        return found
    found.fault, found.fault_note = fault, words
    found.save(update_fields=["fault", "fault_note"])
    tell("complaint.fault", found, agent=agent, fault=fault, note=words[:500])
    return found


@transaction.atomic
def name_cause(*, complaint: Complaint, agent: Agent, cause: Cause | None) -> Complaint:
    """Why it happened, from the tree of causes."""
    found = access.locked(agent, complaint.pk)
    if found.cause_id == (cause.pk if cause else None):
        return found
    found.cause = cause
    found.save(update_fields=["cause"])
    tell("complaint.cause", found, agent=agent, cause=cause.name if cause else "", cause_id=found.cause_id)
    return found
