"""The room `inbox`."""

from importlib import import_module

from django.apps import AppConfig


class InboxConfig(AppConfig):
    """Registers the room with Django, and with the rooms below that let it take part."""

    name = "goodword.inbox"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take part in mail, customers, promises and the timeline."""
        import_module("goodword.inbox.registrations")
        import_module("goodword.inbox.joining")
        import_module("goodword.inbox.experiences")
        import_module("goodword.inbox.timeline")
        import_module("goodword.inbox.timeline_of_work")
        import_module("goodword.inbox.exporting")
        import_module("goodword.inbox.privacy")
