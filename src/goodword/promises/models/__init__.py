"""The ledger of promises: what was promised, to whom, by when, and what became of it."""

from .outcome import LeadDelay, Outcome, Reminder
from .promise import OWNERLESS, Promise

__all__ = ["OWNERLESS", "LeadDelay", "Outcome", "Promise", "Reminder"]
