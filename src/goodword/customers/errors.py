"""What cannot be done about a customer, as sentences."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from .models import Customer
from .registry import Obstacle


class CustomerError(ValueError):
    """Something about a customer cannot be done; the text says what is wrong and what to do."""


class AddressTaken(CustomerError):
    """The address belongs to another customer, who is in `customer` unless the agent may not see them."""

    def __init__(self, address: str, customer: Customer | None) -> None:
        sentence = _("%(address)s is already an address of %(customer)s. Take it away there first.")
        super().__init__(
            sentence % {"address": address, "customer": customer or _("a customer of another team")}
        )
        self.customer = customer


class StillOpen(CustomerError):
    """The person cannot be erased yet; `obstacles` says what is to be settled first, and where."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        super().__init__(" ".join(one.why for one in obstacles))
        self.obstacles = obstacles
