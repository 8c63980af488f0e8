"""The room `promises`."""

from django.apps import AppConfig


class PromisesConfig(AppConfig):
    """Registers the room with Django."""

    name = "goodword.promises"
    default_auto_field = "django.db.models.BigAutoField"
