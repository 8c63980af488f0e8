"""What became of promises, who was reminded of them, and how long the leads wait."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.staff.models import Agent, Team

from .promise import Promise


class Outcome(models.Model):
    """Somebody said what became of a promise; the newest one counts."""

    class Kind(models.TextChoices):
        KEPT = "kept", _("kept")
        BROKEN = "broken", _("broken")
        RENEGOTIATED = "renegotiated", _("renegotiated")
        WITHDRAWN = "withdrawn", _("withdrawn")
        REOPENED = "reopened", _("opened again")
        CONDITION_MET = "condition_met", _("the condition is met")
        CONDITION_OPEN = "condition_open", _("the condition is not met after all")

    class Evidence(models.TextChoices):
        """Ways of showing that it was kept; rooms above add their own kinds (`registry.linked`)."""

        MESSAGE = "message", _("a message")
        LINK = "link", _("a link")
        WORDS = "words", _("words")

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="outcomes")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL)
    at = models.DateTimeField(default=timezone.now)
    note = models.TextField(blank=True)
    due_before = models.DateTimeField(null=True, default=None)
    due_after = models.DateTimeField(null=True, default=None)
    told_at = models.DateTimeField(
        null=True, default=None, help_text="When the customer heard of the new time; None: not yet."
    )
    evidence_kind = models.CharField(max_length=60, blank=True)
    evidence_id = models.BigIntegerField(null=True, default=None)
    evidence = models.TextField(blank=True, help_text="The words or the address that show it.")

    class Meta:
        indexes = [
            models.Index(
                fields=["at"], condition=models.Q(kind__in=["kept", "broken"]), name="outcome_settled"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promise_id} {self.kind}"

    @property
    def told_in_time(self) -> bool:
        """The customer heard of the new time before the old one had passed."""
        return self.told_at is not None and (self.due_before is None or self.told_at <= self.due_before)


class Reminder(models.Model):
    """A reminder that was given; its uniqueness is what makes it be given once."""

    class Kind(models.TextChoices):
        AHEAD = "ahead", _("due soon")
        DUE = "due", _("due")
        UNLIKELY = "unlikely", _("likely to break")
        ESCALATED = "escalated", _("overdue, for the leads")

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    due_at = models.DateTimeField(help_text="The due time it reminds of; a new due time reminds anew.")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.CASCADE)
    at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, default=None)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["promise", "kind", "due_at", "agent"], nulls_distinct=False, name="reminded_once"
            ),
        ]
        indexes = [
            models.Index(fields=["agent", "-id"], condition=models.Q(seen_at=None), name="reminder_unseen"),
        ]

    def __str__(self) -> str:
        return f"{self.promise_id} {self.kind}"


class LeadDelay(models.Model):
    """How long after its due time an open promise is taken to the leads; without a team: every other team.

    Counted in working time. None: never. Where nothing is set it is an hour.
    """

    LONGEST = 60 * 24 * 60

    team = models.OneToOneField(
        Team, null=True, blank=True, on_delete=models.CASCADE, related_name="lead_delay"
    )
    minutes = models.PositiveIntegerField(null=True, validators=[MaxValueValidator(LONGEST)])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team"], nulls_distinct=False, name="lead_delay_once")]

    def __str__(self) -> str:
        return f"{self.team_id} {self.minutes}"
