"""The room `staff`."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Registers the room with Django."""

    name = "goodword.staff"
    default_auto_field = "django.db.models.BigAutoField"
