"""The room `staff`."""

from importlib import import_module

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Registers the room with Django."""

    name = "goodword.staff"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep the live stream shut for those who may not see a mailbox."""
        import_module("goodword.staff.live")
