"""What agents say of the coach's findings."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.events.actions import record
from goodword.staff.models import Agent

from ..models import Dispute, Override
from .remarks import mark_disputed
from .writing import QUOTE_LENGTH, REASON_LENGTH, clean


@transaction.atomic
def dispute(
    *,
    agent: Agent,
    rule: str,
    quote: str,
    reason: str = "",
    conversation_id: int | None = None,
    team_id: int | None = None,
) -> Dispute:
    """The agent disagrees with a finding. Saying it again about the same words only adds the reason.

    With the conversation, and the team whose coach said it, the rule's numbers count it there.
    """
    rule, quote, reason = rule[:120], clean(quote)[:QUOTE_LENGTH], clean(reason)[:REASON_LENGTH]
    Agent.objects.select_for_update(no_key=True).get(pk=agent.pk)
    known = Dispute.objects.filter(agent=agent, rule=rule, quote=quote).first()
    if known is None:
        known = Dispute.objects.create(agent=agent, team_id=team_id, rule=rule, quote=quote, reason=reason)
        _record("finding.disputed", agent, rule, dispute=known.pk)
    elif reason and known.reason != reason:
        known.reason = reason
        known.save(update_fields=["reason"])
    if conversation_id is not None:
        mark_disputed(known, conversation_id=conversation_id, team_id=team_id)
    return known


@transaction.atomic
def override(
    *, agent: Agent, rule: str, quote: str, reason: str, conversation_id: int | None = None
) -> Override:
    """The agent sends a reply in spite of a finding that asked to stop.

    Raises ValueError, as a sentence, without a reason.
    """
    reason = clean(reason)[:REASON_LENGTH]
    if not reason:
        raise ValueError(_("Say in a few words why the reply should go out as it is."))
    made = Override.objects.create(
        agent=agent, rule=rule[:120], quote=clean(quote)[:QUOTE_LENGTH], reason=reason
    )
    _record("finding.overridden", agent, rule[:120], conversation_id=conversation_id, override=made.pk)
    return made


def _record(kind: str, agent: Agent, rule: str, *, conversation_id: int | None = None, **data: Any) -> None:
    record(kind, conversation_id=conversation_id, agent_id=agent.pk, data={"rule": rule} | data)
