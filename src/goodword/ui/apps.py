"""The room `ui`."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Registers the room with Django."""

    name = "goodword.ui"
    default_auto_field = "django.db.models.BigAutoField"
