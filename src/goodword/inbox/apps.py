"""The room `inbox`."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    """Registers the room with Django."""

    name = "goodword.inbox"
    default_auto_field = "django.db.models.BigAutoField"
