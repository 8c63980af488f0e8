"""The room `api`."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Registers the room with Django."""

    name = "goodword.api"
    default_auto_field = "django.db.models.BigAutoField"
