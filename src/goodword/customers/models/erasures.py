"""People who were erased: the proof of it, without a word of theirs."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from goodword.staff.models import Agent


class Erasure(models.Model):
    """A customer was erased at their request; it is done once `finished_at` is set.

    `key` names it on every server it is carried to. `numbers` are the customer's and those of whoever was
    joined into them; `marks` are keyed hashes by which an older copy of the same person is known again, and
    nobody else is taken for them. `known` is what the work has still to look for, and empty once it is done.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    number = models.BigIntegerField(help_text="The customer's.")
    numbers = ArrayField(models.BigIntegerField(), default=list)
    marks = ArrayField(models.CharField(max_length=64), default=list)
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=300, blank=True)
    counts = models.JSONField(
        default=dict, help_text="How many of each kind of record went or lost its words."
    )
    known = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True, default=None)

    class Meta:
        indexes = [
            models.Index(fields=["number"], name="erasure_number"),
            models.Index(fields=["id"], condition=models.Q(finished_at=None), name="erasure_unfinished"),
        ]

    def __str__(self) -> str:
        return f"{self.number} on {self.at:%Y-%m-%d}"
