"""The room `mail`."""

from importlib import import_module

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Registers the room with Django."""

    name = "goodword.mail"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let what is fetched be held against what its servers have."""
        import_module("goodword.mail.imap.registrations")
