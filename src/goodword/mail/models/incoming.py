"""Mail as it came: kept whole, one row for each, with a journal of every delivery."""

from django.contrib.postgres.indexes import BrinIndex
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
    authentication = models.JSONField(
        default=dict, help_text="What a trusted server said of the sender: {spf|dkim|dmarc: pass|fail|...}."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "identity"], name="one_mail_one_row")]
        indexes = [
            # Mails come in the order of their time: a few bytes for many rows find those of a day.
            BrinIndex(fields=["received_at"], name="rawmail_received", pages_per_range=32),
            # The same mail in another mailbox of the house.
            models.Index(fields=["identity"], name="rawmail_identity"),
            models.Index(fields=["id"], condition=models.Q(state="waiting"), name="rawmail_waiting"),
            # What made no message, for the night that it goes.
            models.Index(
                fields=["received_at", "id"],
                condition=models.Q(state="set_aside") | (models.Q(state="done") & ~models.Q(reason="")),
                name="rawmail_left_over",
            ),
            models.Index(
                fields=["-id"], condition=models.Q(state="needs_person"), name="rawmail_needs_person"
            ),
        ]

    def __str__(self) -> str:
        return self.identity


class Delivery(models.Model):
    """One time that somebody handed a mail over, and what came of it: the journal that every mail is held
    against.

    A row is written in the transaction that keeps the mail, so that what a server was told and what is
    stored never differ.
    """

    class Outcome(models.TextChoices):
        KEPT = "kept", _("kept")
        REPEATED = "repeated", _("had it already")
        REMOVED = "removed", _("was deleted here before")
        UNUSABLE = "unusable", _("no mail at all")

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE)
    raw_mail = models.ForeignKey(RawMail, null=True, on_delete=models.SET_NULL, related_name="deliveries")
    account = models.ForeignKey("mail.MailAccount", null=True, on_delete=models.SET_NULL)
    uid_validity = models.BigIntegerField(null=True, default=None)
    uid = models.BigIntegerField(null=True, default=None)
    source = models.CharField(max_length=20)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, default=Outcome.KEPT)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "uid_validity", "uid"],
                condition=models.Q(account__isnull=False),
                name="one_uid_one_delivery",
            )
        ]
        indexes = [models.Index(fields=["mailbox", "at"], name="delivery_day")]

    def __str__(self) -> str:
        return f"{self.source} {self.pk}"


class Tombstone(models.Model):
    """What was deleted for good, so that no second delivery and no full re-sync brings it back.

    Its `identity` is the digest of the mail's (`identities.tombstone_name`); older ones bear it
    in plain words.
    """

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE)
    identity = models.CharField(max_length=1100)
    at = models.DateTimeField(default=timezone.now)
    by_agent_id = models.BigIntegerField(null=True, default=None)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "identity"], name="one_mail_one_tombstone")]

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
