"""The room `workflows`."""

from importlib import import_module

from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    """Registers the room with Django."""

    name = "goodword.workflows"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give the timeline this room's sentences."""
        import_module("goodword.workflows.timeline")
        import_module("goodword.workflows.privacy")
