"""What agents of the sample ask of those above them: to give more than they may, and help."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from goodword.complaints import actions as complaints
from goodword.complaints.models import CallForHelp
from goodword.goodwill import actions as goodwill
from goodword.goodwill.models import ApprovalRequest, Gesture
from goodword.inbox.actions import giving
from goodword.inbox.models import Conversation
from goodword.staff.models import Agent

from . import script
from .placing import Crew, crew_now, then, unused, where_it_fits

CALM = ("", "calm", "pleased", "grateful")


def make(*, now: datetime) -> None:
    """Have them ask, and those above answer."""
    crew, facts = crew_now(), script.table("asking")
    for entry in facts["wish"]:
        with where_it_fits():
            _wish(entry, crew, now - timedelta(days=entry["days"]))
    for entry in facts["help"]:
        with where_it_fits():
            _help(entry, crew, now - timedelta(days=entry["days"]))


def _wish(entry: dict[str, Any], crew: Crew, at: datetime) -> None:
    agent = crew[entry["by"]]
    theirs = _free(at).filter(assignee=agent)
    place = theirs.filter(tags__name__in=entry["tags"]).first() or theirs.first()
    if place is None:
        return
    wish = giving.Wish(kind=entry["kind"], amount=Decimal(entry["amount"]), reason=entry["reason"])
    with then(at, place):
        request = giving.ask_for_gesture(conversation=place, agent=agent, wish=wish)
    ApprovalRequest.objects.filter(pk=request.pk).update(asked_at=at)
    if "decision" not in entry:
        return
    decided, lead = at + timedelta(hours=2), crew[entry["decided_by"]]
    with then(decided, place):
        if entry["approved"]:
            goodwill.approve(request=request, by=lead, reason=entry["decision"])
        else:
            goodwill.refuse(request=request, by=lead, reason=entry["decision"])
    ApprovalRequest.objects.filter(pk=request.pk).update(decided_at=decided)


def _help(entry: dict[str, Any], crew: Crew, at: datetime) -> None:
    """Whoever has the hardest conversation calls."""
    theirs = _free(at).filter(state=Conversation.State.OPEN, assignee__role=Agent.Role.AGENT)
    hard = theirs.exclude(feeling__in=CALM).order_by("-feeling_strength", "-message_count", "-last_at")
    place = hard.first() or theirs.first()
    if place is None or place.assignee is None:
        return
    agent = place.assignee
    with then(at, place):
        call = complaints.call_for_help(conversation=place, agent=agent, words=entry["words"])
    answered = at + timedelta(minutes=6)
    if "answer" in entry:
        with then(answered, place):
            complaints.join(call=call, lead=crew[entry["lead"]], words=entry["said"])
        CallForHelp.objects.filter(pk=call.pk).update(answered_at=answered)
    CallForHelp.objects.filter(pk=call.pk).update(at=at)


def _free(at: datetime) -> Any:
    """What somebody had then, with nothing else on it yet; the newest first."""
    had = unused(Conversation.objects.filter(opened_at__lt=at, customer__language="en"))
    given = Gesture.objects.exclude(customer=None).values("customer")
    asked = ApprovalRequest.objects.values("conversation_id")
    free = had.exclude(state=Conversation.State.MERGED).exclude(customer__in=given).exclude(pk__in=asked)
    return free.select_related("customer", "mailbox", "assignee").order_by("-last_at")
