"""What is given beyond what is owed: the ledger of gestures, budgets, approvals and vouchers."""

from .approvals import ApprovalRequest
from .budgets import TeamBudget
from .gestures import Gesture
from .vouchers import Voucher, VoucherRedemption

__all__ = ["ApprovalRequest", "Gesture", "TeamBudget", "Voucher", "VoucherRedemption"]
