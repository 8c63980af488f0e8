"""The room `customers`."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Registers the room with Django."""

    name = "goodword.customers"
    default_auto_field = "django.db.models.BigAutoField"
