"""Conversations of every channel, their messages, and what people did with them."""

from .checkins import CheckIn, CheckInRule
from .conversation import Conversation, ConversationPromise, ConversationTag, Participant, Tag
from .message import Attachment, Draft, Mention, Message, SavedReply
from .record import Assignment, Closure, Merge, Presence, Snooze
from .retention import Hold, KeepingTimes, RetentionRule, RetentionRun
from .service import (
    Call,
    Escalation,
    EscalationLevel,
    Handover,
    RoutingRule,
    ServiceClock,
    ServiceLevel,
    ServiceTerms,
)

__all__ = [
    "Assignment",
    "Attachment",
    "Call",
    "CheckIn",
    "CheckInRule",
    "Closure",
    "Conversation",
    "ConversationPromise",
    "ConversationTag",
    "Draft",
    "Escalation",
    "EscalationLevel",
    "Handover",
    "Hold",
    "KeepingTimes",
    "Mention",
    "Merge",
    "Message",
    "Participant",
    "Presence",
    "RetentionRule",
    "RetentionRun",
    "RoutingRule",
    "SavedReply",
    "ServiceClock",
    "ServiceLevel",
    "ServiceTerms",
    "Snooze",
    "Tag",
]
