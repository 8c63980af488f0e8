"""What is done about goodwill: each verb is one transaction, writes its event, and does no harm twice."""

from .asking import approve, ask, refuse, request_approval, see_decision, withdraw
from .budgeting import set_budget
from .giving import BeyondAuthority, NewGesture, Place, give, reverse, take_turns
from .redeeming import AlreadyRedeemed, NotRedeemable, redeem

__all__ = [
    "AlreadyRedeemed",
    "BeyondAuthority",
    "NewGesture",
    "NotRedeemable",
    "Place",
    "approve",
    "ask",
    "give",
    "redeem",
    "refuse",
    "request_approval",
    "reverse",
    "see_decision",
    "set_budget",
    "take_turns",
    "withdraw",
]
