"""When we contact customers who did not ask us to."""

from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from .people import Customer


def sunday() -> list[int]:
    """The weekdays on which nobody is contacted unasked, 0 is Monday."""
    return [6]


class ContactRule(models.Model):
    """The house's one rule for every unasked contact: check-ins, surveys, notices, offers. One row.

    Hours are the customer's own where their time zone is known, else the company's.
    """

    quiet_from = models.TimeField(default=time(20))
    quiet_until = models.TimeField(default=time(8))
    quiet_weekdays = ArrayField(models.PositiveSmallIntegerField(), default=sunday, blank=True)
    most = models.PositiveSmallIntegerField(default=2, help_text="Contacts at most…")
    in_days = models.PositiveSmallIntegerField(default=14, help_text="… in so many days.")

    def __str__(self) -> str:
        return f"{self.most} in {self.in_days} days"


class Contact(models.Model):
    """We contacted a customer who had not asked us to."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts")
    purpose = models.CharField(max_length=40)
    what = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["customer", "-at"], name="contact_newest")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.purpose}"
