"""The room `coaching`."""

from django.apps import AppConfig


class CoachingConfig(AppConfig):
    """Registers the room with Django."""

    name = "goodword.coaching"
    default_auto_field = "django.db.models.BigAutoField"
