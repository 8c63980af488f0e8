"""The room `mail`."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Registers the room with Django."""

    name = "goodword.mail"
    default_auto_field = "django.db.models.BigAutoField"
