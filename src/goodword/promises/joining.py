"""What promises do when two customers turn out to be one."""

from goodword.customers import registry
from goodword.customers.models import Customer

from .models import Promise


@registry.joined.add
def give_promises(gone: Customer, kept: Customer) -> None:
    """What was promised to the one was promised to the other."""
    Promise.objects.filter(customer=gone).update(customer=kept)
