"""What goodwill keeps for customers, so that joining two can say what it moves and put it back."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext_lazy as _

from goodword.customers import holding, registry
from goodword.customers.registry import Belonging

from .actions.giving import take_turns_at
from .models import ApprovalRequest, Gesture, Voucher


@registry.belongings.add
def belongings() -> Iterable[Belonging]:
    """Gestures go by a name of their own; requests and vouchers go with them."""
    yield Belonging(Gesture, "customer", _("gestures"))
    yield Belonging(ApprovalRequest, "customer")
    yield Belonging(Voucher, "customer", _("vouchers"))


@holding.turns.add
def turns(numbers: Collection[int]) -> None:
    """Nobody gives to these customers meanwhile."""
    take_turns_at(numbers)
