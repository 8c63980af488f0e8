"""Mailboxes that are kept on another server, from which mail is fetched."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .incoming import Mailbox


class MailAccount(models.Model):
    """An IMAP folder whose mail goes to a mailbox, how far it was read, and when it last answered.

    The cursor is the highest UID kept under `uid_validity`; what anybody marks as seen plays no part.
    """

    class Security(models.TextChoices):
        TLS = "tls", _("TLS from the start")
        STARTTLS = "starttls", _("STARTTLS")
        NONE = "none", _("none, for this machine only")

    class SignIn(models.TextChoices):
        PASSWORD = "password", _("name and password")
        GOOGLE = "google", _("Google")
        MICROSOFT = "microsoft", _("Microsoft 365")

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="accounts")
    host = models.CharField(max_length=255)
    port = models.PositiveIntegerField(default=993)
    security = models.CharField(max_length=20, choices=Security.choices, default=Security.TLS)
    username = models.CharField(max_length=320)
    sign_in = models.CharField(max_length=20, choices=SignIn.choices, default=SignIn.PASSWORD)
    sealed = models.TextField(blank=True, help_text="Password or tokens, encrypted.")
    folder = models.CharField(max_length=255, default="INBOX")
    paused_at = models.DateTimeField(null=True, default=None)
    created_at = models.DateTimeField(default=timezone.now)

    reads_older = models.BooleanField(default=False, help_text="Also what was there before it was added.")
    silent_to = models.BigIntegerField(default=0, help_text="Mail up to this UID was there before.")
    uid_validity = models.BigIntegerField(null=True, default=None)
    last_uid = models.BigIntegerField(default=0)
    lease_token = models.UUIDField(null=True, default=None, editable=False)
    lease_until = models.DateTimeField(null=True, default=None, help_text="One process reads it at a time.")
    contact_at = models.DateTimeField(null=True, default=None, help_text="The last answer that was well.")
    missed = models.PositiveIntegerField(default=0, help_text="Beats missed one after the other.")
    next_at = models.DateTimeField(default=timezone.now, help_text="When it is tried again.")
    error = models.TextField(blank=True, help_text="Why the last beat was missed, as a sentence.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["host", "username", "folder"], name="one_account_each_folder")
        ]

    def __str__(self) -> str:
        return f"{self.username} at {self.host}"
