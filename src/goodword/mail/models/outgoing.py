"""Mail as it leaves: one row for each, with its bytes, its pace and who wants none."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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

    class Lane(models.IntegerChoices):
        PERSON = 0, _("to a person who waits")
        BULK = 1, _("to many")

    message_id = models.CharField(max_length=300, unique=True)
    lane = models.PositiveSmallIntegerField(choices=Lane.choices, default=Lane.PERSON)
    domain = models.CharField(
        max_length=255, blank=True, help_text="Of the first recipient, for keeping to its pace."
    )
    topic = models.CharField(
        max_length=40, blank=True, help_text="What a recipient may unsubscribe from; empty for replies."
    )
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
    handed_at = models.DateTimeField(
        null=True, default=None, help_text="When its bytes began to flow: from here on it may have left."
    )
    signed_sender = models.BooleanField(
        default=False, help_text="It left under a signed address, to which its reports come."
    )
    doubted_at = models.DateTimeField(
        null=True, default=None, help_text="When a report that nothing proves said that it did not arrive."
    )
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, default=None)

    class Meta:
        indexes = [
            models.Index(
                fields=["lane", "not_before", "id"],
                condition=models.Q(state="queued"),
                name="outgoing_due",
            ),
            models.Index(fields=["lease_until"], condition=models.Q(state="sending"), name="outgoing_lease"),
            models.Index(fields=["-id"], name="outgoing_newest"),
            models.Index(
                fields=["doubted_at"], condition=models.Q(doubted_at__isnull=False), name="outgoing_doubted"
            ),
        ]

    def __str__(self) -> str:
        return self.message_id

    @staticmethod
    def new_message_id(domain: str) -> str:
        """A Message-ID that stays this mail's for ever."""
        return f"<{uuid.uuid4()}@{domain}>"


class Suppression(models.Model):
    """An address that gets no more mail: of every kind, or of those that go to many.

    Lifting one keeps the row, so that it can be told who wanted what, and when.
    """

    class Reason(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")
        BOUNCED = "bounced", _("does not exist")
        COMPLAINED = "complained", _("reported our mail as spam")
        AGENT = "agent", _("entered by an agent")

    address = models.EmailField(max_length=320, help_text="In lower case.")
    topic = models.CharField(max_length=40, blank=True, help_text="Empty: everything that goes to many.")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    everything = models.BooleanField(default=False, help_text="Replies of a person, too.")
    detail = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True, default=None)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address", "topic", "reason"],
                condition=models.Q(lifted_at=None),
                name="one_suppression_each",
            )
        ]

    def __str__(self) -> str:
        return self.address


class DomainPace(models.Model):
    """How fast the mail servers of a domain take our mail: when the next may go, and why they are waited
    for.
    """

    domain = models.CharField(max_length=255, primary_key=True)
    next_at = models.DateTimeField(default=timezone.now)
    held_until = models.DateTimeField(null=True, default=None)
    refusals = models.PositiveIntegerField(default=0, help_text="'Later' answers one after the other.")
    reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.domain
