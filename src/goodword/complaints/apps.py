"""The room `complaints`."""

from importlib import import_module

from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    """Registers the room with Django, and with the rooms below that let it take part."""

    name = "goodword.complaints"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take part in the timeline and in the rooms below."""
        import_module("goodword.complaints.timeline")
        import_module("goodword.complaints.registrations")
        import_module("goodword.complaints.deciding")
        import_module("goodword.complaints.suggesting")
        import_module("goodword.complaints.keeping")
        import_module("goodword.complaints.exporting")
        import_module("goodword.complaints.privacy")
