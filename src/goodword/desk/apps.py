"""The room `desk`."""

from importlib import import_module

from django.apps import AppConfig

from . import menu


class DeskConfig(AppConfig):
    """Registers the room with Django, and its entries in the rail."""

    name = "goodword.desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the rail."""
        menu.fill()
        import_module("goodword.desk.badges")
