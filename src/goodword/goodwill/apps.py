"""The room `goodwill`."""

from django.apps import AppConfig


class GoodwillConfig(AppConfig):
    """Registers the room with Django."""

    name = "goodword.goodwill"
    default_auto_field = "django.db.models.BigAutoField"
