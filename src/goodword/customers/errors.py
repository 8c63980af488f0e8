"""What cannot be done about a customer, as sentences."""

from django.utils.translation import gettext as _

from .models import Customer


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
