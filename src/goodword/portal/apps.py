"""The room `portal`."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Registers the room with Django."""

    name = "goodword.portal"
    default_auto_field = "django.db.models.BigAutoField"
