"""The clocks of a complaint: one record for each stage it was in."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.inbox.models import Conversation
from goodword.promises.models import Promise
from goodword.staff.models import Agent

from .complaint import Complaint


class StageRecord(models.Model):
    """A complaint came into a stage, and perhaps left it; the newest one, which nobody left, is its stage."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="stage_records")
    stage = models.SlugField(max_length=40)
    entered_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.TextField(blank=True)
    warn_at = models.DateTimeField(null=True, default=None, help_text="None: there is nothing to warn of.")
    due_at = models.DateTimeField(null=True, default=None, help_text="None: no clock runs.")
    warned_at = models.DateTimeField(null=True, default=None)
    breached_at = models.DateTimeField(null=True, default=None, help_text="When it was seen to be late.")
    left_at = models.DateTimeField(null=True, default=None)
    promise = models.ForeignKey(
        Promise,
        null=True,
        on_delete=models.SET_NULL,
        related_name="stage_records",
        help_text="The next step that the customer was promised.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint"], condition=Q(left_at=None), name="one_present_stage")
        ]
        indexes = [
            models.Index(fields=["complaint", "id"], name="stage_record_complaint"),
            models.Index(
                fields=["warn_at"],
                condition=Q(left_at=None, warned_at=None, breached_at=None, warn_at__isnull=False),
                name="stage_to_warn",
            ),
            models.Index(
                fields=["due_at"],
                condition=Q(left_at=None, breached_at=None, due_at__isnull=False),
                name="stage_to_breach",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.stage}"


class Reopening(models.Model):
    """A closed complaint was opened again, by an agent or by the customer (`by` None)."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="reopenings")
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    words = models.TextField(blank=True)
    from_stage = models.SlugField(max_length=40)

    def __str__(self) -> str:
        return f"{self.complaint_id} at {self.at}"


class CallForHelp(models.Model):
    """An agent in a hard conversation asked for a lead, who joins or takes over."""

    class Answer(models.TextChoices):
        JOINED = "joined", _("joined")
        TOOK_OVER = "took_over", _("took over")
        MANAGED = "managed", _("managed without")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="calls_for_help")
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    words = models.TextField(blank=True)
    answered_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True, default=None)
    answer = models.CharField(max_length=20, choices=Answer.choices, blank=True)

    class Meta:
        verbose_name_plural = "calls for help"
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(answered_at=None), name="one_open_call_for_help"
            )
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} at {self.at}"
