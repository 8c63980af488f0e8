"""What a customer allowed us to contact them about."""

from django.db import models
from django.utils import timezone

from goodword.staff.models import Agent

from .people import Customer


class Consent(models.Model):
    """A customer said yes or no to one purpose. Rows are only added; the newest of a purpose counts.

    The purposes are in `customers/data/purposes.toml`.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=40)
    given = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)
    how = models.CharField(max_length=200, help_text="Where they said so, as 'check-out form'.")
    proof = models.TextField(blank=True, help_text="What they read or wrote, word for word.")
    by = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["customer", "purpose", "-at", "-id"], name="consent_newest")]

    def __str__(self) -> str:
        return f"{self.purpose} {'given' if self.given else 'withdrawn'}"
