"""How upper rooms take part in goodwill; filled in their AppConfig.ready()."""

from collections.abc import Callable

from goodword.kit.registry import Registry

from .models import ApprovalRequest, Gesture, Voucher

# Called with a request once it is approved or refused, in the transaction that decides it and after the
# gesture it may have asked for was given (`request.gesture`). What raises here undoes the decision.
decided: Registry[Callable[[ApprovalRequest], None]] = Registry("requests for approval decided")

# Called with a voucher that was just redeemed, in the transaction that redeems it.
redeemed: Registry[Callable[[Voucher], None]] = Registry("vouchers redeemed")

# Called with a row of the ledger that takes a gesture back, in the transaction that does it.
taken_back: Registry[Callable[[Gesture], None]] = Registry("gestures taken back")
