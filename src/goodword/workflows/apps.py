"""The room `workflows`."""

from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    """Registers the room with Django."""

    name = "goodword.workflows"
    default_auto_field = "django.db.models.BigAutoField"
