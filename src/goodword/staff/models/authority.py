"""What agents may give away on their own."""

from django.db import models


class AuthorityLevel(models.Model):
    """How much an agent of this level may give without asking; above it the next level approves.

    Amounts are in the company's currency; None means without limit, zero means nothing.
    """

    name = models.CharField(max_length=100, unique=True)
    rank = models.PositiveSmallIntegerField(unique=True, help_text="A higher rank may decide more.")
    per_gesture = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    per_customer = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True, help_text="To one customer in twelve months."
    )
    per_month = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True, help_text="Of one agent in a calendar month."
    )

    class Meta:
        ordering = ["rank"]

    def __str__(self) -> str:
        return self.name
