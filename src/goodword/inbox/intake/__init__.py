"""From a mail to a message in the right conversation; registered with mail."""

from .receiving import turn_into_message, turning

__all__ = ["turn_into_message", "turning"]
