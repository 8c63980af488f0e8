"""The ledger of promises: what was promised, to whom, by when, and what became of it."""

from .outcome import LeadDelay, Outcome, Reminder
from .promise import Promise

__all__ = ["LeadDelay", "Outcome", "Promise", "Reminder"]
