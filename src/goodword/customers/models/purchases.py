"""What a customer bought, once or for as long as it runs."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .people import Customer


class Purchase(models.Model):
    """One product of one order. `source` and `external_id` name it in the system it came from; taken in
    again it is changed, not doubled. Entered by hand it has no `external_id`."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="purchases")
    source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    order_number = models.CharField(max_length=100, blank=True)
    product = models.CharField(max_length=300)
    sku = models.CharField(max_length=100, blank=True)
    quantity = models.DecimalField(max_digits=12, decimal_places=3, default=1)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    bought_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    warranty_until = models.DateField(null=True, blank=True, help_text="The last day of the warranty.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"], condition=~models.Q(external_id=""), name="purchase_once"
            )
        ]
        indexes = [
            models.Index(fields=["customer", "-bought_at", "-id"], name="purchase_newest"),
            models.Index(fields=["order_number"], name="purchase_order"),
        ]

    def __str__(self) -> str:
        return self.product


class Subscription(models.Model):
    """Something a customer has for as long as it runs; days are those of the company's time zone."""

    class State(models.TextChoices):
        TRIAL = "trial", _("On trial")
        ACTIVE = "active", _("Running")
        PAUSED = "paused", _("Paused")
        UNPAID = "unpaid", _("Payment is late")
        ENDED = "ended", _("Ended")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="subscriptions")
    source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    plan = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    started_on = models.DateField(null=True, blank=True)
    renews_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~models.Q(external_id=""),
                name="subscription_once",
            )
        ]

    def __str__(self) -> str:
        return self.plan
