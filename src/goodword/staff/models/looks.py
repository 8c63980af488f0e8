"""Who looked at whose data, and when."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .people import Agent


class Look(models.Model):
    """An agent opened something within an hour; further looks of the same kind in that hour add nothing.

    Customer and conversation are plain numbers, because they live in rooms above, and because who looked is
    to be known still when they are gone. Without either it was a mail of no conversation, or the list of
    looks itself.
    """

    class How(models.TextChoices):
        PAGE = "page", _("opened the page")
        SEARCH = "search", _("opened a search result")
        FILE = "file", _("opened a file")
        ORIGINAL = "original", _("opened the original mail")
        EXPORT = "export", _("exported")
        API = "api", _("read through the API")
        LOOKS = "looks", _("read who looked")

    agent = models.ForeignKey(
        Agent, null=True, on_delete=models.PROTECT, related_name="looks", help_text="None: a program."
    )
    program = models.CharField(max_length=200, blank=True, help_text="The token it came with.")
    how = models.CharField(max_length=20, choices=How.choices)
    hour = models.DateTimeField(help_text="The hour that it lies in.")
    customer_id = models.BigIntegerField(null=True)
    conversation_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation_id", "customer_id", "agent", "program", "how", "hour"],
                nulls_distinct=False,
                name="one_look_an_hour",
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer_id", "-id"], condition=Q(customer_id__isnull=False), name="look_customer"
            ),
            models.Index(fields=["agent", "-id"], name="look_agent"),
            # They come in the order of their time: a few bytes for many rows find those of a span.
            BrinIndex(fields=["hour"], name="look_hour", pages_per_range=32),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.how} {self.hour}"
