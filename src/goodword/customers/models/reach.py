"""By what a customer is reached and known: mail addresses, phones, handles, numbers in other systems."""

from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Lower
from django.utils import timezone

from .people import Customer


class Domain(Func):
    """What stands behind the @ of an address."""

    function = "regexp_replace"
    output_field = models.TextField()

    def __init__(self, address: str | F = "address") -> None:
        super().__init__(F(address) if isinstance(address, str) else address, Value("^.*@"), Value(""))


class WithoutTag(Func):
    """An address without the part behind a plus sign: ada+shop@example.org is ada@example.org."""

    function = "regexp_replace"
    output_field = models.TextField()

    def __init__(self, address: str | F = "address") -> None:
        super().__init__(F(address) if isinstance(address, str) else address, Value(r"\+[^@]*@"), Value("@"))


class CustomerAddress(models.Model):
    """A mail address of a customer, in lower case; it belongs to one customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="addresses")
    address = models.EmailField(max_length=320, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "customer addresses"
        indexes = [
            models.Index(Domain(), name="address_domain"),
            models.Index(WithoutTag(), name="address_without_tag"),
        ]

    def __str__(self) -> str:
        return self.address


class CustomerPhone(models.Model):
    """A phone number of a customer. A household shares one, so several customers may have the same."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="phones")
    number = models.CharField(max_length=20, help_text="E.164, as +4930123456.")
    shown = models.CharField(max_length=60, help_text="As people write it, as +49 30 123456.")
    label = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "number"], name="phone_once")]
        indexes = [
            models.Index(fields=["number"], name="phone_number", opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return self.shown


class CustomerHandle(models.Model):
    """A customer's name in a network, such as @ada; it belongs to one customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="handles")
    network = models.CharField(max_length=40)
    handle = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("network"), Lower("handle"), name="handle_once"),
        ]

    def __str__(self) -> str:
        return f"{self.handle} ({self.network})"


class CustomerReference(models.Model):
    """The number by which another system, such as a shop, knows a customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="references")
    source = models.CharField(max_length=60)
    external_id = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="reference_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"
