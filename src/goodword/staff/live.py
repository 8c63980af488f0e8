"""Tells the live stream which mailboxes are closed to whom."""

from goodword.events import registry
from goodword.staff.access import hidden_mailboxes

registry.hidden_mailboxes.add(hidden_mailboxes)
