"""Asking those who may decide more."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.customers.models import Customer
from goodword.staff.models import Agent, AuthorityLevel, Team

from .kinds import GestureKind


class ApprovalRequest(models.Model):
    """Somebody asks to give more than they may; one with more authority says yes or no.

    `subject` names in plain words and numbers what it is about, as it may stand in a room above. With a
    `gesture_kind` the approved gesture is given in the moment of the approval; without one the room of
    the subject acts (`registry.decided`).
    """

    class State(models.TextChoices):
        OPEN = "open", _("waiting")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    asked_by = models.ForeignKey(
        Agent, null=True, on_delete=models.SET_NULL, related_name="requests_for_approval"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.SET_NULL, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.TextField()
    level = models.ForeignKey(
        AuthorityLevel,
        null=True,
        on_delete=models.SET_NULL,
        help_text="This level and those above may decide.",
    )
    subject_kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    conversation_id = models.BigIntegerField(null=True)
    mailbox_id = models.BigIntegerField(null=True)
    complaint_id = models.BigIntegerField(null=True)
    gesture_kind = models.CharField(max_length=20, choices=GestureKind.choices, blank=True)
    percent = models.PositiveSmallIntegerField(null=True, help_text="Of a voucher that takes off a share.")
    valid_days = models.PositiveSmallIntegerField(null=True, help_text="Of a voucher.")
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, default=None)
    decision = models.TextField(blank=True, help_text="The reason of the decision.")
    seen_at = models.DateTimeField(null=True, default=None, help_text="When who asked saw the decision.")

    class Meta:
        indexes = [
            models.Index(fields=["asked_at"], condition=models.Q(state="open"), name="approval_open"),
            models.Index(fields=["subject_kind", "subject_id"], name="approval_subject"),
            models.Index(
                fields=["asked_by"],
                condition=models.Q(seen_at=None) & ~models.Q(state="open"),
                name="approval_unseen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.state}"

    @property
    def is_open(self) -> bool:
        """Nobody has decided yet."""
        return self.state == self.State.OPEN

    @property
    def is_approved(self) -> bool:
        """Somebody said yes."""
        return self.state == self.State.APPROVED
