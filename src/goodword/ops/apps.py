"""The room `ops`."""

from django.apps import AppConfig


class OpsConfig(AppConfig):
    """Registers the room with Django."""

    name = "goodword.ops"
    default_auto_field = "django.db.models.BigAutoField"
