"""Where the room takes part in the rooms below; loaded once Django is ready."""

from goodword.customers import registry as customers_registry
from goodword.customers.models import Customer

from .models import Complaint


@customers_registry.joined.add
def customer_joined(gone: Customer, kept: Customer) -> None:
    """Give the complaints of one customer to another who is the same person."""
    Complaint.objects.filter(customer=gone).update(customer=kept)
