"""The verbs of complaints. Each is one transaction, writes its events, and is harmless when done twice.

All are keyword-only; `agent` is who does it (None: the house itself, or the customer), and a complaint that
the agent may not see does not exist for them. What cannot be done raises `errors.ComplaintError`.
"""

from .agreeing import (
    add_remedy,
    ask_for_remedy,
    ask_for_remedy_again,
    remedy_decided,
    remedy_withdrawn,
    take_back_remedy,
)
from .asking import answer, ask
from .causes import remove_cause, set_cause
from .choosing import NotOnOffer, ask_back, choose, decline, settled
from .complaining import Told, complain, form_is_open
from .describing import change, find_fault, give_to, name_cause
from .following_up import answer_follow_up, plan_follow_up, send_due
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
from .proposing import NewOption, save_proposal, withdraw_proposal
from .proposing_money import NeedsApproval, approval_of, ask_approval, price, take_back_request, verdict_on
from .proposing_sending import expire_due, request_decided, request_withdrawn, send_proposal
from .remedies import (
    delivered,
    done,
    fail,
    gesture_taken_back,
    give_code,
    redeemed,
    refunded,
    ship,
    take_up_again,
    voucher_redeemed,
)
from .stages import acknowledge, acknowledge_in_words, advance, close, investigate, move, reopen

__all__ = [
    "NeedsApproval",
    "NewOption",
    "NotOnOffer",
    "Rules",
    "Stage",
    "Told",
    "acknowledge",
    "acknowledge_in_words",
    "add_check_item",
    "add_file",
    "add_message",
    "add_order",
    "add_procedure",
    "add_remedy",
    "add_words",
    "advance",
    "answer",
    "answer_follow_up",
    "approval_of",
    "ask",
    "ask_approval",
    "ask_back",
    "ask_for_remedy",
    "ask_for_remedy_again",
    "call_for_help",
    "carry_out",
    "change",
    "change_plan",
    "change_procedure",
    "choose",
    "close",
    "complain",
    "decline",
    "delivered",
    "done",
    "expire_due",
    "fail",
    "find_fault",
    "form_is_open",
    "gesture_taken_back",
    "give_code",
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
    "plan_follow_up",
    "price",
    "redeemed",
    "refunded",
    "remedy_decided",
    "remedy_withdrawn",
    "remove_cause",
    "remove_checklist",
    "remove_procedure",
    "reopen",
    "request_decided",
    "request_withdrawn",
    "save_proposal",
    "say_no_complaint",
    "send_due",
    "send_proposal",
    "set_cause",
    "set_checklist",
    "settled",
    "ship",
    "take_away",
    "take_back_remedy",
    "take_back_request",
    "take_over",
    "take_up_again",
    "tick",
    "verdict_on",
    "voucher_redeemed",
    "withdraw_proposal",
]
