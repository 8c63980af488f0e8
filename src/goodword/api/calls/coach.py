"""The coach over HTTP: nothing is kept of what is sent."""

from django.utils import timezone
from ninja import Router

from goodword.api.access import Request, reads
from goodword.api.shapes.coach import ReadIn, ReadingOut, ReviewIn, ReviewOut
from goodword.coaching import actions as coaching
from goodword.coaching.access import team_answering
from goodword.inbox import access as inbox
from goodword.staff.models import Agent

router = Router(tags=["coach"])


@router.post("/coach/review", response=ReviewOut, auth=reads, by_alias=True)
def review_draft(request: Request, body: ReviewIn) -> ReviewOut:
    """What the coach says of a draft reply."""
    known = body.model_dump(exclude={"now", "tz", "conversation"})
    said = coaching.review_draft(
        **known, now=body.now, tz=body.tz or "", team_id=_team(request.auth.agent, body.conversation)
    )
    return ReviewOut.model_validate(said)


@router.post("/coach/read", response=ReadingOut, auth=reads)
def read_message(request: Request, body: ReadIn) -> ReadingOut:
    """How a customer's message reads: feeling, urgency, questions, details given."""
    said = coaching.read_message(body.message, at=body.now or timezone.now())
    return ReadingOut.model_validate(said)


def _team(agent: Agent | None, conversation: int | None) -> int | None:
    """The team whose coach counts: of the conversation, or none where none is named."""
    if conversation is None:
        return None
    return team_answering(agent, inbox.get_conversation(agent, conversation).mailbox_id)
