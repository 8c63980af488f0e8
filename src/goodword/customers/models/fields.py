"""What a company wants to know about customers or organisations beyond what every house keeps."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from .people import Customer, Organisation


class CustomField(models.Model):
    """A field of the company's own; a retired one keeps its values and is shown no more."""

    class Subject(models.TextChoices):
        CUSTOMER = "customer", _("Customers")
        ORGANISATION = "organisation", _("Organisations")

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")
        DATE = "date", _("Date")
        CHOICE = "choice", _("One of a list")
        YES_NO = "yes_no", _("Yes or no")

    subject = models.CharField(max_length=12, choices=Subject.choices, default=Subject.CUSTOMER)
    key = models.SlugField(max_length=60, help_text="Its name for programs, as 'shoe-size'.")
    label = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.TEXT)
    choices = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["subject", "key"], name="custom_field_key_once")]

    def __str__(self) -> str:
        return self.label


class CustomValue(models.Model):
    """The value of a custom field for one customer or organisation, in one plain form for each kind:
    '12.5', '2026-03-01', 'yes', or the words themselves."""

    field = models.ForeignKey(CustomField, on_delete=models.CASCADE, related_name="values")
    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.CASCADE, related_name="values"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="values"
    )
    value = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["field", "customer"], name="value_once_a_customer"),
            models.UniqueConstraint(fields=["field", "organisation"], name="value_once_an_organisation"),
            models.CheckConstraint(
                condition=models.Q(customer__isnull=False) ^ models.Q(organisation__isnull=False),
                name="value_of_one",
            ),
        ]

    def __str__(self) -> str:
        return self.value[:60]
