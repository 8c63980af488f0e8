"""Customers, the organisations they belong to, and what the team wants to remember about them."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goodword.staff.models import Agent


class Organisation(models.Model):
    """A firm or household that customers belong to."""

    name = models.CharField(max_length=300)

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    """Somebody who wrote to us: one customer, however many addresses.

    `compared_at` is empty while the customer is to be compared with others who may be the same person.
    """

    class Channel(models.TextChoices):
        NONE = "", _("No preference")
        MAIL = "mail", _("Mail")
        PHONE = "phone", _("Phone")
        MESSAGE = "message", _("Text message")
        CHAT = "chat", _("Chat")
        LETTER = "letter", _("Letter")

    name = models.CharField(max_length=300, blank=True)
    greeting_name = models.CharField(
        max_length=200,
        blank=True,
        db_default="",
        default="",
        help_text="How they want to be addressed; empty: by their name.",
    )
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.SET_NULL)
    tier = models.CharField(
        max_length=40, blank=True, default="", db_default="", help_text="As 'gold'; empty: none."
    )
    preferred_channel = models.CharField(
        max_length=10, choices=Channel.choices, default=Channel.NONE, db_default="", blank=True
    )
    language = models.CharField(max_length=10, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    since = models.DateTimeField(default=timezone.now)
    recovering_since = models.DateTimeField(null=True, blank=True)
    compared_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(
        null=True, blank=True, help_text="When they were erased: the row stays for the numbers that name it."
    )

    class Meta:
        indexes = [
            GinIndex(SearchVector("name", config="simple"), name="customer_name_words"),
            models.Index(
                fields=["id"], condition=models.Q(compared_at__isnull=True), name="customer_to_compare"
            ),
            models.Index(fields=["tier", "-id"], condition=~models.Q(tier=""), name="customer_tier"),
        ]

    def __str__(self) -> str:
        if self.erased_at is not None:
            return gettext("Erased person")
        return self.name or f"Customer {self.pk}"


class CustomerNote(models.Model):
    """What the team wants to remember about a customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL)
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.body[:60]
