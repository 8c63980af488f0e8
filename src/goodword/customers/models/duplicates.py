"""Two customers who may be one person, and two who were made one."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.staff.models import Agent

from .people import Customer


class Duplicate(models.Model):
    """A suggestion that two customers are one person; `first` has the lower number.

    `why` names the reasons, `score` is between 0 and 1. Once decided it is not suggested again.
    """

    class Decision(models.TextChoices):
        OPEN = "", _("Open")
        DIFFERENT = "different", _("Not the same")

    first = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    why = ArrayField(models.CharField(max_length=20))
    score = models.FloatField()
    found_at = models.DateTimeField(default=timezone.now)
    decided = models.CharField(max_length=10, choices=Decision.choices, default=Decision.OPEN, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="duplicate_in_order"
            ),
        ]
        indexes = [
            models.Index(fields=["-score", "-id"], condition=models.Q(decided=""), name="duplicate_open")
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}"


class Joining(models.Model):
    """Two customers were made one, and all that is needed to make them two again.

    Customers are plain numbers, because the one who is gone is no longer there. `moved` holds by model
    and field the numbers of the rows that changed hands, `aside` the rows that had no place beside those
    of the customer kept, `before` and `after` what the joining wrote over.
    """

    kept_number = models.BigIntegerField()
    gone_number = models.BigIntegerField()
    gone_name = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    moved = models.JSONField(default=dict)
    aside = models.JSONField(default=list)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["kept_number", "-id"], name="joining_kept")]
        constraints = [
            models.UniqueConstraint(
                fields=["gone_number"],
                condition=models.Q(undone_at__isnull=True),
                name="joining_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.gone_number} into {self.kept_number}"
