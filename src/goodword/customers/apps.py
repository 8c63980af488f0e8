"""The room `customers`."""

from importlib import import_module

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Registers the room with Django."""

    name = "goodword.customers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give the timeline this room's sentences."""
        import_module("goodword.customers.timeline")
        import_module("goodword.customers.exported")
        import_module("goodword.customers.privacy")
