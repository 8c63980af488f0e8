"""The verbs of complaints. Each is one transaction, writes its events, and is harmless when done twice.

All are keyword-only; `agent` is who does it (None: the house itself, or the customer), and a complaint that
the agent may not see does not exist for them. What cannot be done raises `errors.ComplaintError`.
"""

from .asking import answer, ask
from .causes import remove_cause, set_cause
from .describing import change, find_fault, give_to, name_cause
from .helping import call_for_help, join, manage, take_over
from .investigating import (
    add_check_item,
    add_file,
    add_message,
    add_order,
    add_words,
    take_away,
    tick,
)
from .opening import link, open_complaint, say_no_complaint
from .preventing import carry_out, change_plan, plan
from .procedures import (
    Rules,
    Stage,
    add_procedure,
    change_procedure,
    make_default,
    remove_checklist,
    remove_procedure,
    set_checklist,
)
from .stages import acknowledge, advance, close, investigate, move, reopen

__all__ = [
    "Rules",
    "Stage",
    "acknowledge",
    "add_check_item",
    "add_file",
    "add_message",
    "add_order",
    "add_procedure",
    "add_words",
    "advance",
    "answer",
    "ask",
    "call_for_help",
    "carry_out",
    "change",
    "change_plan",
    "change_procedure",
    "close",
    "find_fault",
    "give_to",
    "investigate",
    "join",
    "link",
    "make_default",
    "manage",
    "move",
    "name_cause",
    "open_complaint",
    "plan",
    "remove_cause",
    "remove_checklist",
    "remove_procedure",
    "reopen",
    "say_no_complaint",
    "set_cause",
    "set_checklist",
    "take_away",
    "take_over",
    "tick",
]
