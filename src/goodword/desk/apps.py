"""The room `desk`."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Registers the room with Django."""

    name = "goodword.desk"
    default_auto_field = "django.db.models.BigAutoField"
