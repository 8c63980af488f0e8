"""The people we care for: one customer, however many addresses."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.utils import timezone

from goodword.staff.models import Agent


class Organisation(models.Model):
    """A firm or household that customers belong to."""

    name = models.CharField(max_length=300)

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    """Somebody who wrote to us."""

    name = models.CharField(max_length=300, blank=True)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.SET_NULL)
    language = models.CharField(max_length=10, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [GinIndex(SearchVector("name", config="simple"), name="customer_name_words")]

    def __str__(self) -> str:
        return self.name or f"Customer {self.pk}"


class CustomerAddress(models.Model):
    """A mail address of a customer, in lower case; it belongs to one customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="addresses")
    address = models.EmailField(max_length=320, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "customer addresses"

    def __str__(self) -> str:
        return self.address


class CustomerNote(models.Model):
    """What the team wants to remember about a customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL)
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.body[:60]
