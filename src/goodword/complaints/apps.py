"""The room `complaints`."""

from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    """Registers the room with Django."""

    name = "goodword.complaints"
    default_auto_field = "django.db.models.BigAutoField"
