"""Codes that can be redeemed once."""

from decimal import Decimal

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.customers.models import Customer
from goodword.staff.models import Agent

from .. import codes
from .gestures import Gesture


class Voucher(models.Model):
    """A code given to a customer as a gesture, good once until it expires.

    The code is stored as it is, because an agent must be able to say it again, and the mail that
    brought it to the customer is kept word for word in the same database anyway.
    """

    class State(models.TextChoices):
        VALID = "valid", _("valid")
        REDEEMED = "redeemed", _("redeemed")
        EXPIRED = "expired", _("expired")
        WITHDRAWN = "withdrawn", _("withdrawn")

    code = models.CharField(max_length=20, unique=True)
    gesture = models.OneToOneField(Gesture, on_delete=models.PROTECT, related_name="voucher")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.SET_NULL, related_name="vouchers")
    value = models.DecimalField(max_digits=12, decimal_places=2, help_text="What it takes off at most.")
    percent = models.PositiveSmallIntegerField(null=True, help_text="The share it takes off, if any.")
    issued_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(percent=None) | models.Q(percent__gte=1, percent__lte=100),
                name="voucher_percent",
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def shown(self) -> str:
        """The code as people read it."""
        return codes.grouped(self.code)

    @property
    def state(self) -> "Voucher.State":
        """What it is good for now; follows its redemption and the gesture's reversal."""
        if hasattr(self, "redemption"):
            return self.State.REDEEMED
        if hasattr(self.gesture, "reversal"):
            return self.State.WITHDRAWN
        return self.State.VALID if timezone.now() < self.expires_at else self.State.EXPIRED

    def takes_off(self, total: Decimal) -> Decimal:
        """What it takes off a bill of `total`."""
        share = self.value if self.percent is None else (total * self.percent / 100).quantize(Decimal("0.01"))
        return min(share, self.value, total)


class VoucherRedemption(models.Model):
    """A voucher was used; there can be only one of each voucher."""

    voucher = models.OneToOneField(Voucher, on_delete=models.PROTECT, related_name="redemption")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    via = models.CharField(max_length=200, blank=True, help_text="The program that asked, when one did.")
    reference = models.CharField(max_length=200, blank=True, help_text="What it was used for, as an order.")

    def __str__(self) -> str:
        return f"{self.voucher_id} {self.reference}"
