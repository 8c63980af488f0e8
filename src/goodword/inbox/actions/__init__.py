"""The verbs of the inbox. Each is one transaction, writes its events, and is harmless when done twice.

All are keyword-only; `agent` is who does it (None: the house itself), and a conversation that the agent may
not see does not exist for them: `Conversation.DoesNotExist`. What cannot be done raises `errors.NotPossible`.
"""

from .assigning import assign, assign_team
from .bulk import VERBS, BulkResult, bulk
from .calling import NewCall, log_call, open_by_call
from .confirming import confirm
from .drafting import attach_to_draft, detach_from_draft, discard_draft, save_draft
from .erasing_words import Erased, erase_words
from .escalating import end_escalation, escalate, remove_escalation_level, set_escalation_level
from .handing_over import hand_over
from .hearing import hear
from .levelling import NewLevel, order_levels, remove_level, save_level
from .merging import merge, undo_merge
from .noting import note, see_mentions
from .opening import open_conversation
from .presence import arrive, leave
from .prioritising import prioritise
from .recipients import recipients
from .removing import REASON_LENGTH, Removal, remove
from .replying import NewOverride, add_promise, reply
from .states import close, reopen, snooze, wake_due
from .tagging import add_tag, remove_tag
from .undoing import retry_reply, undo_reply

__all__ = [
    "REASON_LENGTH",
    "VERBS",
    "BulkResult",
    "Erased",
    "NewCall",
    "NewLevel",
    "NewOverride",
    "Removal",
    "add_promise",
    "add_tag",
    "arrive",
    "assign",
    "assign_team",
    "attach_to_draft",
    "bulk",
    "close",
    "confirm",
    "detach_from_draft",
    "discard_draft",
    "end_escalation",
    "erase_words",
    "escalate",
    "hand_over",
    "hear",
    "leave",
    "log_call",
    "merge",
    "note",
    "open_by_call",
    "open_conversation",
    "order_levels",
    "prioritise",
    "recipients",
    "remove",
    "remove_escalation_level",
    "remove_level",
    "remove_tag",
    "reopen",
    "reply",
    "retry_reply",
    "save_draft",
    "save_level",
    "see_mentions",
    "set_escalation_level",
    "snooze",
    "undo_merge",
    "undo_reply",
    "wake_due",
]
