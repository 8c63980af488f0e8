"""The ledger of gestures. Nothing in it is ever changed: a mistake is reversed by another row."""

from django.db import models
from django.utils import timezone

from goodword.customers.models import Customer
from goodword.staff.models import Agent, Team

from .approvals import ApprovalRequest
from .kinds import GestureKind


class Gesture(models.Model):
    """Something was given to a customer; or, with a negative amount, was not given after all.

    The database refuses to change or delete a row (migration 0001). What it lets go: the customer may
    follow a joining of two customers or be forgotten, and with them the words of the reason; whoever
    gave it and their team may be forgotten.
    """

    Kind = GestureKind

    kind = models.CharField(max_length=20, choices=GestureKind.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=2, help_text="In the company's currency.")
    reason = models.TextField()
    customer = models.ForeignKey(Customer, null=True, on_delete=models.SET_NULL, related_name="gestures")
    agent = models.ForeignKey(
        Agent, null=True, on_delete=models.SET_NULL, related_name="gestures", help_text="Who gave it."
    )
    decided_by = models.ForeignKey(
        Agent,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Whose limits it counts in: who gave it, or who approved it.",
    )
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="gestures")
    month = models.DateField(help_text="The first day of the month it counts in; a reversal's is the same.")
    at = models.DateTimeField(default=timezone.now)
    conversation_id = models.BigIntegerField(null=True)
    mailbox_id = models.BigIntegerField(null=True)
    complaint_id = models.BigIntegerField(null=True)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversal")
    request = models.OneToOneField(
        ApprovalRequest, null=True, on_delete=models.PROTECT, related_name="gesture"
    )
    key = models.CharField(max_length=100, blank=True, help_text="The same key never gives twice.")

    class Meta:
        indexes = [
            models.Index(fields=["month", "team"], name="gesture_month_team"),
            models.Index(fields=["decided_by", "month"], name="gesture_decided"),
            models.Index(fields=["customer", "at"], name="gesture_customer"),
            models.Index(fields=["conversation_id"], name="gesture_conversation"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~models.Q(key=""), name="gesture_key_once"),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, reverses=None)
                | models.Q(amount__lt=0, reverses__isnull=False),
                name="gesture_gives_or_reverses",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
