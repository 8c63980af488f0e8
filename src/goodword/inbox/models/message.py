"""A message, its files, and what is about to become one."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.customers.models import Customer
from goodword.mail.models import Blob, OutgoingMail, RawMail
from goodword.staff.models import Agent

from .conversation import Conversation
from .search import SEARCH_LANGUAGE, Windows


class Message(models.Model):
    """One thing said in a conversation.

    `text` is what was newly said, `quoted` what the sender's program repeated below it; `html` and
    `quoted_html` are as received (customer) or as sent (reply) and are cleaned whenever they are shown.
    """

    class Kind(models.TextChoices):
        CUSTOMER = "customer", _("from the customer")
        REPLY = "reply", _("reply")
        NOTE = "note", _("internal note")
        CALL = "call", _("phone call")
        AUTOMATIC = "automatic", _("automatic mail")
        BOUNCE = "bounce", _("delivery report")

    class Trust(models.TextChoices):
        CONFIRMED = "confirmed", _("sender confirmed")
        FORGED = "forged", _("sender may be forged")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField(default=timezone.now)
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.SET_NULL)
    sender_name = models.CharField(max_length=300, blank=True)
    sender_address = models.CharField(max_length=320, blank=True)
    sender_trust = models.CharField(max_length=20, choices=Trust.choices, blank=True)
    to = models.JSONField(default=list, help_text="Addresses, each {name, email}.")
    cc = models.JSONField(default=list, help_text="Addresses, each {name, email}.")
    answer_to = models.JSONField(default=list, help_text="Whom an answer goes to, each {name, email}.")
    answer_cc = models.JSONField(default=list, help_text="Who gets a copy of it, each {name, email}.")
    subject = models.CharField(max_length=1000, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    quoted = models.TextField(blank=True)
    quoted_html = models.TextField(blank=True)
    markdown = models.TextField(blank=True, help_text="What the agent wrote.")
    header_id = models.CharField(max_length=1000, blank=True, help_text="The Message-ID.")
    references = models.JSONField(default=list, help_text="Message-IDs, oldest first.")
    revision = models.PositiveIntegerField(default=0, help_text="The conversation's revision that it made.")
    raw_mail = models.OneToOneField(RawMail, null=True, on_delete=models.SET_NULL, related_name="message")
    outgoing = models.OneToOneField(
        OutgoingMail, null=True, on_delete=models.SET_NULL, related_name="message"
    )
    reading = models.JSONField(null=True, default=None, help_text="What the coach read in it.")
    search = models.GeneratedField(
        expression=SearchVector("subject", weight="A", config=SEARCH_LANGUAGE)
        + SearchVector("sender_name", "sender_address", weight="B", config=SEARCH_LANGUAGE)
        + SearchVector(Left("text", 50_000), weight="C", config=SEARCH_LANGUAGE)
        + Windows("id"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            models.Index(fields=["conversation", "at", "id"], name="message_conversation"),
            models.Index(fields=["header_id"], condition=~Q(header_id=""), name="message_header_id"),
            # Without the pending list: a search never has to read it through.
            GinIndex(fields=["search"], name="message_search", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Draft(models.Model):
    """What an agent is writing in a conversation; one for each kind, kept until it is sent or dropped."""

    class Kind(models.TextChoices):
        REPLY = "reply", _("reply")
        NOTE = "note", _("internal note")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="drafts")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.REPLY)
    markdown = models.TextField(blank=True)
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0, help_text="The conversation's when writing began.")
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "agent", "kind"], name="one_draft_each"),
        ]

    def __str__(self) -> str:
        return f"draft of {self.agent_id} in {self.conversation_id}"


class Attachment(models.Model):
    """A file of a message, or of a draft until it is sent."""

    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="attachments")
    draft = models.ForeignKey(Draft, null=True, on_delete=models.CASCADE, related_name="attachments")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT)
    filename = models.CharField(max_length=300)
    content_type = models.CharField(max_length=200)
    content_id = models.CharField(max_length=500, blank=True)
    inline = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.filename


class Mention(models.Model):
    """An agent was named in an internal note."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="mentions")
    seen_at = models.DateTimeField(null=True, default=None)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "agent"], name="mention_once")]
        indexes = [models.Index(fields=["agent", "-id"], condition=Q(seen_at=None), name="mention_unseen")]

    def __str__(self) -> str:
        return f"{self.agent_id} in {self.message_id}"


class SavedReply(models.Model):
    """Wording the team uses again; {{customer}} and {{agent}} are filled in when it is put into a draft."""

    name = models.CharField(max_length=200, unique=True)
    markdown = models.TextField()
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "saved replies"

    def __str__(self) -> str:
        return self.name
