"""A team's own coach, and what became of its remarks on the newest replies; for rows that are written."""

from datetime import datetime, timedelta
from typing import Any

from goodword.coaching import actions as coaching
from goodword.coaching.access import team_answering
from goodword.inbox.models import Message
from goodword.staff.models import Agent, Team

from . import script

LATELY = timedelta(days=21)
MOST_REPLIES = 100


def make(*, now: datetime) -> None:
    """Change the coach as a lead would on its pages, and have it read what was sent lately."""
    facts = script.table("own_coach")
    agents = {agent.email: agent for agent in Agent.objects.all()}
    lead, team = agents[facts["lead"]], Team.objects.get(name=facts["team"])
    known: dict[str, Any] = {"by": lead, "team": team}
    for entry in facts["policy"]:
        days = entry.get("review_in")
        coaching.set_policy(
            **known,
            text=entry["text"],
            owner=agents[entry["owner"]],
            review_by=now.date() + timedelta(days=days) if days else None,
        )
    for entry in facts["term"]:
        coaching.add_term(**known, **entry)
    for entry in facts["topic"]:
        named = {"name": entry["name"], "words": entry["words"], "ask": entry["ask"]}
        coaching.set_topic(**known, **named, details_needed=entry["details"])
    for entry in facts["rule"]:
        change = {name: value for name, value in entry.items() if name != "id"}
        coaching.change_rule(**known, **change, rule=entry["id"])
    _read_lately(now)


def _read_lately(now: datetime) -> None:
    """The numbers of the rules are those of real reviews: what stood in a reply was sent over."""
    sent = Message.objects.filter(kind=Message.Kind.REPLY, agent__isnull=False, at__gte=now - LATELY)
    newest = sent.select_related("conversation__customer", "agent").defer("search").order_by("-at", "-id")
    for reply in newest[:MOST_REPLIES]:
        place = reply.conversation
        asked = place.messages.filter(kind=Message.Kind.CUSTOMER, at__lt=reply.at).order_by("-at")
        assert reply.agent is not None  # asked for above
        team_id = team_answering(reply.agent, place.mailbox_id)
        said = coaching.review_draft(
            draft=reply.text,
            customer_message=asked.values_list("text", flat=True).first() or "",
            customer_name=place.customer.name,
            agent_name=reply.agent.name,
            now=reply.at,
            team_id=team_id,
        )
        coaching.settle_remarks(
            agent=reply.agent,
            conversation_id=place.pk,
            team_id=team_id,
            message_id=reply.pk,
            findings=said["findings"],
            at=reply.at,
        )
