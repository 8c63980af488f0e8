"""How upper rooms take part in customers; filled in their AppConfig.ready()."""

from collections.abc import Callable

from django.db.models import QuerySet

from goodword.kit.registry import Registry
from goodword.staff.models import Agent

from .models import Customer

# Each entry leaves out the customers that an agent must not see. The inbox adds one that drops
# customers who have conversations, all of them in mailboxes hidden from the agent.
visible: Registry[Callable[[QuerySet[Customer], Agent], QuerySet[Customer]]] = Registry("customers visible")

# Each entry is called as (gone, kept) inside the transaction that joins two customers into one, and gives
# what its room keeps about the first to the second. What no entry moves keeps the two from being joined.
joined: Registry[Callable[[Customer, Customer], None]] = Registry("customers joined")
