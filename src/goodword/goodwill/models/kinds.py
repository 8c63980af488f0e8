"""What a gesture can be."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class GestureKind(models.TextChoices):
    """In which form something is given."""

    VOUCHER = "voucher", _("Voucher")
    REFUND = "refund", _("Refund")
    DISCOUNT = "discount", _("Discount")
    GIFT = "gift", _("Gift")
    OTHER = "other", _("Something else")
