"""The event log: one row for everything that happened, in an order that every reader agrees on."""

from django.db import models
from django.db.models.expressions import RawSQL
from django.utils import timezone


class Event(models.Model):
    """One thing that happened.

    Subjects are plain ids, because the log lies below the rooms that write to it. `transaction` is the
    writer's transaction number: readers go by (transaction, id) and stop before the oldest transaction
    that is still open, so that an event committed late is never skipped (docs/decisions/0003).
    """

    transaction = models.BigIntegerField(
        db_default=RawSQL("(pg_current_xact_id()::text::bigint)", ()), editable=False
    )
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=60)
    conversation_id = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField(null=True)
    mailbox_id = models.BigIntegerField(null=True)
    agent_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["transaction", "id"], name="event_order"),
            models.Index(
                fields=["conversation_id", "id"],
                condition=models.Q(conversation_id__isnull=False),
                name="event_conversation",
            ),
            models.Index(
                fields=["customer_id", "id"],
                condition=models.Q(customer_id__isnull=False),
                name="event_customer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Follower(models.Model):
    """How far one reader has followed the log; its row's lock lets one worker read at a time."""

    name = models.CharField(max_length=60, unique=True)
    transaction = models.BigIntegerField()
    event_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.name} at {self.transaction}-{self.event_id}"
