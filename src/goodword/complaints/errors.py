"""What stops a verb; the text of each is a sentence for the agent."""

from django.utils.translation import gettext

from .models import Complaint


class ComplaintError(ValueError):
    """Something about a complaint cannot be done; the text says what is wrong and what to do."""


class OpenAlready(ComplaintError):
    """The conversation has an open complaint already."""

    def __init__(self, complaint: Complaint) -> None:
        self.complaint = complaint
        super().__init__(
            gettext(
                "%(number)s was opened from this conversation and is still open. "
                "Add to it, or close it before you open another."
            )
            % {"number": complaint.number}
        )
