"""Conversations of every channel, their messages, and what people did with them."""

from .conversation import Conversation, ConversationPromise, ConversationTag, Participant, Tag
from .message import Attachment, Draft, Mention, Message, SavedReply
from .record import Assignment, Closure, Merge, Presence, Snooze

__all__ = [
    "Assignment",
    "Attachment",
    "Closure",
    "Conversation",
    "ConversationPromise",
    "ConversationTag",
    "Draft",
    "Mention",
    "Merge",
    "Message",
    "Participant",
    "Presence",
    "SavedReply",
    "Snooze",
    "Tag",
]
