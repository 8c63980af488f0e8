"""The room `promises`."""

from importlib import import_module

from django.apps import AppConfig


class PromisesConfig(AppConfig):
    """Registers the room with Django."""

    name = "goodword.promises"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give the timeline this room's sentences, and take part in the rooms below."""
        import_module("goodword.promises.timeline")
        import_module("goodword.promises.joining")
        import_module("goodword.promises.replanning")
        import_module("goodword.promises.suggesting")
        import_module("goodword.promises.exporting")
        import_module("goodword.promises.privacy")
