"""The room `events`."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Registers the room with Django."""

    name = "goodword.events"
    default_auto_field = "django.db.models.BigAutoField"
