"""What is done about promises. Each verb is one transaction, writes its event, and is harmless when repeated.

`agent` is who does it; None stands for the house itself, such as a program with a token.
An overdue promise stays open, and shows as overdue, until somebody says what became of it.
"""

from .erasing import erase_words
from .making import CONDITION_LENGTH, QUOTE_LENGTH, WHAT_LENGTH, NewPromise, make, same_as
from .outcomes import EVIDENCE_LENGTH, NOTE_LENGTH, Evidence, break_, keep, reopen, withdraw
from .owners import drop_lead_delay, give_to_team, leave, look_again, reassign, set_lead_delay, take_up
from .times import meet_condition, renegotiate, told, unmeet_condition
from .writing import DUE_TEXT_LENGTH, PromiseError, write_event

__all__ = [
    "CONDITION_LENGTH",
    "DUE_TEXT_LENGTH",
    "EVIDENCE_LENGTH",
    "NOTE_LENGTH",
    "QUOTE_LENGTH",
    "WHAT_LENGTH",
    "Evidence",
    "NewPromise",
    "PromiseError",
    "break_",
    "drop_lead_delay",
    "erase_words",
    "give_to_team",
    "keep",
    "leave",
    "look_again",
    "make",
    "meet_condition",
    "reassign",
    "renegotiate",
    "reopen",
    "same_as",
    "set_lead_delay",
    "take_up",
    "told",
    "unmeet_condition",
    "withdraw",
    "write_event",
]
