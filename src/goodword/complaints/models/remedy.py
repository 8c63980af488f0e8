"""Putting it right, proven; and asking afterwards whether it is."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.promises.models import Promise
from goodword.staff.models import Agent

from .complaint import Complaint
from .proposal import ProposalOption


class Remedy(models.Model):
    """Something the house does for the customer about a complaint; a promise stands behind it."""

    class State(models.TextChoices):
        ASKED = "asked", _("waiting for approval")
        REFUSED = "refused", _("not approved")
        OPEN = "open", _("open")
        UNDER_WAY = "under_way", _("under way")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    class Proof(models.TextChoices):
        TRACKING = "tracking", _("tracking number")
        REFUND = "refund", _("refund reference")
        CODE = "code", _("code")
        WORDS = "words", _("words")

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="remedies")
    option = models.ForeignKey(ProposalOption, null=True, on_delete=models.PROTECT, related_name="remedies")
    kind = models.CharField(max_length=20, choices=ProposalOption.Kind.choices)
    what = models.TextField()
    cost = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    made_at = models.DateTimeField(default=timezone.now)
    promise = models.OneToOneField(Promise, null=True, on_delete=models.SET_NULL, related_name="remedy")
    proof_kind = models.CharField(max_length=20, choices=Proof.choices, blank=True)
    proof = models.CharField(max_length=300, blank=True)
    proven_at = models.DateTimeField(null=True, default=None)
    proven_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.TextField(blank=True, help_text="Why it failed, or what is to be known about it.")

    class Meta:
        verbose_name_plural = "remedies"
        indexes = [models.Index(fields=["complaint", "id"], name="remedy_complaint")]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "option"], condition=Q(option__isnull=False), name="remedy_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class FollowUp(models.Model):
    """The customer is asked some days after the remedy whether all is well."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="follow_ups")
    since = models.DateTimeField(default=timezone.now, help_text="When all was done that was agreed.")
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, default=None)
    dropped_at = models.DateTimeField(null=True, default=None, help_text="Not asked: see `why`.")
    why = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True, default=None)
    is_content = models.BooleanField(null=True, default=None, help_text="None: not answered.")
    words = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(sent_at=None, dropped_at=None), name="follow_up_to_send"
            )
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} due {self.due_at}"
