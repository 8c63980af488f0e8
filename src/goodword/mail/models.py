"""Mail as it came and mail as it leaves: kept whole, one row for each."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Mailbox(models.Model):
    """An address of the house that customers write to."""

    address = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "mailboxes"

    def __str__(self) -> str:
        return self.address


class RawMail(models.Model):
    """One mail exactly as it was delivered; a second delivery of the same mail is this same row."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("turned into a message")
        NEEDS_PERSON = "needs_person", _("needs a person")
        SET_ASIDE = "set_aside", _("set aside")

    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT)
    identity = models.CharField(
        max_length=1100, help_text="The Message-ID and a digest of sender, date, subject; or 'sha256:…'."
    )
    raw = models.BinaryField()
    size = models.PositiveIntegerField()
    source = models.CharField(max_length=20)
    envelope_from = models.CharField(max_length=1000, blank=True)
    envelope_to = models.JSONField(default=list)
    received_at = models.DateTimeField(default=timezone.now)
    silent = models.BooleanField(default=False, help_text="Imported: no notification, no clock, no answer.")
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    reason = models.TextField(blank=True, help_text="Why a person is needed, as a sentence.")
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "identity"], name="one_mail_one_row")]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(state="waiting"), name="rawmail_waiting"),
            models.Index(
                fields=["-id"], condition=models.Q(state="needs_person"), name="rawmail_needs_person"
            ),
        ]

    def __str__(self) -> str:
        return self.identity


class Blob(models.Model):
    """Bytes of a file, stored once however often they are sent."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveIntegerField()
    data = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.sha256


class OutgoingMail(models.Model):
    """One mail on its way out, with its bytes and what became of it."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        UNKNOWN = "unknown", _("unknown, a person decides")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Purpose(models.TextChoices):
        REPLY = "reply", _("reply")
        NOTICE = "notice", _("notice")
        STAFF = "staff", _("to staff")

    message_id = models.CharField(max_length=300, unique=True)
    purpose = models.CharField(max_length=20, choices=Purpose.choices, default=Purpose.REPLY)
    sender = models.CharField(max_length=500)
    recipients = models.JSONField(default=list)
    subject = models.CharField(max_length=1000)
    raw = models.BinaryField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.QUEUED)
    created_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)
    lease_token = models.UUIDField(null=True, default=None, editable=False)
    lease_until = models.DateTimeField(null=True, default=None)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, default=None)

    class Meta:
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=models.Q(state__in=["queued", "sending"]),
                name="outgoing_due",
            ),
            models.Index(fields=["-id"], name="outgoing_newest"),
        ]

    def __str__(self) -> str:
        return self.message_id

    @staticmethod
    def new_message_id(domain: str) -> str:
        """A Message-ID that stays this mail's for ever."""
        return f"<{uuid.uuid4()}@{domain}>"
