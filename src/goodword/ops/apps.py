"""The room `ops`."""

from importlib import import_module

from django.apps import AppConfig


class OpsConfig(AppConfig):
    """Registers the room with Django."""

    name = "goodword.ops"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear of people who were erased."""
        import_module("goodword.ops.backup.erasures")
