"""The room `goodwill`."""

from importlib import import_module

from django.apps import AppConfig


class GoodwillConfig(AppConfig):
    """Registers the room with Django."""

    name = "goodword.goodwill"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give the timeline this room's sentences, and take part when customers are joined."""
        import_module("goodword.goodwill.timeline")
        import_module("goodword.goodwill.joining")
        import_module("goodword.goodwill.exporting")
        import_module("goodword.goodwill.privacy")
