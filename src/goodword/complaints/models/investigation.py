"""Finding out what happened: what to look at, what was found, and whom we asked."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.inbox.models import Message
from goodword.mail.models import Blob, OutgoingMail, RawMail
from goodword.staff.models import Agent

from .complaint import Complaint


class Checklist(models.Model):
    """What to look at for one kind of complaint; `items` are sentences in their order."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    items = models.JSONField(default=list)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class CheckItem(models.Model):
    """A line of a complaint's own copy of its checklist, ticked or not."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="check_items")
    order = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(max_length=500)
    done_at = models.DateTimeField(null=True, default=None)
    done_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["complaint", "text"], name="check_item_once")]

    def __str__(self) -> str:
        return self.text


class Evidence(models.Model):
    """Something that shows what happened: a file, a message, words, or an order's data."""

    class Kind(models.TextChoices):
        FILE = "file", _("file")
        MESSAGE = "message", _("message")
        TEXT = "text", _("note")
        ORDER = "order", _("order data")

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    blob = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="+")
    content_type = models.CharField(max_length=200, blank=True)
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    data = models.JSONField(default=dict, help_text="Of an order, name to value.")
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "message"], condition=Q(kind="message"), name="evidence_message_once"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    """A colleague was asked something about a complaint, by mail, with a time to answer by."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="questions")
    asked_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    agent = models.ForeignKey(
        Agent, null=True, on_delete=models.SET_NULL, related_name="+", help_text="None: not of the desk."
    )
    address = models.EmailField(max_length=320)
    text = models.TextField()
    due_at = models.DateTimeField(null=True, default=None)
    reminded_at = models.DateTimeField(null=True, default=None, help_text="When it was seen to be late.")
    answered_at = models.DateTimeField(null=True, default=None, help_text="Of the first answer.")
    outgoing = models.OneToOneField(OutgoingMail, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(answered_at=None, reminded_at=None, due_at__isnull=False),
                name="question_to_remind",
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Answer(models.Model):
    """What a colleague answered to a question; a mail makes one answer, however often it comes."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    sender = models.CharField(max_length=320, blank=True, help_text="The address it came from.")
    raw_mail = models.OneToOneField(RawMail, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return self.text[:80]
