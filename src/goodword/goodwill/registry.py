"""How upper rooms take part in goodwill; filled in their AppConfig.ready()."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from goodword.kit.registry import Registry

from .models import ApprovalRequest, Gesture, Voucher


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose offers are asked for, by their numbers. Those whose place the subject `but` takes, such as
    ('complaints.proposal', 7), are left out.
    """

    agent: int | None = None
    customer: int | None = None
    team: int | None = None
    but: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Offers:
    """What customers may still choose: from anybody, and of it from the team, in the limits of the agent, and
    the customer.
    """

    house: Decimal = Decimal()
    team: Decimal = Decimal()
    agent: Decimal = Decimal()
    customer: Decimal = Decimal()

    def __add__(self, other: "Offers") -> "Offers":
        return Offers(
            self.house + other.house,
            self.team + other.team,
            self.agent + other.agent,
            self.customer + other.customer,
        )


# Each entry says what its room has offered and customers have not settled yet. It counts in limits and
# budgets as if it were given, until it is, or is declined, withdrawn or expired.
offers: Registry[Callable[[Asked], Offers]] = Registry("money on offer")

# Called with a request once it is approved or refused, in the transaction that decides it and after the
# gesture it may have asked for was given (`request.gesture`). What raises here undoes the decision.
decided: Registry[Callable[[ApprovalRequest], None]] = Registry("requests for approval decided")

# Called with a request that is not asked for any more, in the transaction that withdraws it.
withdrawn: Registry[Callable[[ApprovalRequest], None]] = Registry("requests for approval withdrawn")

# Called with a voucher that was just redeemed, in the transaction that redeems it.
redeemed: Registry[Callable[[Voucher], None]] = Registry("vouchers redeemed")

# Called with a row of the ledger that takes a gesture back, in the transaction that does it.
taken_back: Registry[Callable[[Gesture], None]] = Registry("gestures taken back")
