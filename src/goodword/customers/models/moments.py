"""What was good and what was bad for a customer."""

from django.db import models
from django.utils import timezone

from .people import Customer


class Moment(models.Model):
    """One experience of a customer with us: a weight above zero is good, below zero is bad.

    What it was about is a word and a number, because it lies in rooms above; told twice it stands once.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="moments")
    kind = models.CharField(max_length=60)
    weight = models.FloatField()
    at = models.DateTimeField(default=timezone.now)
    subject = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    conversation_id = models.BigIntegerField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["customer", "-at", "-id"], name="moment_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject", "subject_id"],
                condition=models.Q(subject_id__isnull=False),
                name="moment_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.weight:+}"
