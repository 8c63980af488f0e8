"""Files that were taken in, and shops that may bring their own news."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.staff.models import Agent


class Import(models.Model):
    """A file that somebody wants taken in. `text` is what stands in it until it is done, then nothing."""

    class Kind(models.TextChoices):
        PURCHASES = "purchases", _("Purchases")
        SUBSCRIPTIONS = "subscriptions", _("Subscriptions")
        CUSTOMERS = "customers", _("Customers")

    kind = models.CharField(max_length=20, choices=Kind.choices)
    source = models.CharField(max_length=60)
    filename = models.CharField(max_length=200)
    text = models.TextField()
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL)
    at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.filename


class Shop(models.Model):
    """A system that signs with a secret what it brings; `name` is the source of what it says."""

    name = models.SlugField(max_length=60, unique=True)
    secret = models.TextField(help_text="Sealed with the installation's key.")
    created_at = models.DateTimeField(default=timezone.now)
    heard_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
