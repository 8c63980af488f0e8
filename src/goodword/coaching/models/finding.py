"""What the team says of the coach's findings, and what became of each."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.staff.models import Agent, Team


class Dispute(models.Model):
    """An agent disagrees with a finding; leads read these, and the rule's statistics count them."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE)
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL)
    rule = models.CharField(max_length=120)
    quote = models.TextField()
    reason = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["rule", "-at"], name="dispute_rule")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.quote[:60]}"


class Override(models.Model):
    """An agent sent a reply in spite of a finding that asked to stop, and said why."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE)
    rule = models.CharField(max_length=120)
    quote = models.TextField()
    reason = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.rule}: {self.reason[:60]}"


class Remark(models.Model):
    """A finding that stood beside a draft long enough to be read, and what became of it.

    It keeps no words of the draft: `words` is a hash of what the finding was about, by which the same finding
    is known again. Conversation and message are plain ids, because they live in a room above.
    """

    class Outcome(models.TextChoices):
        OPEN = "open", _("Still in a draft")
        TAKEN = "taken", _("Taken")
        DISPUTED = "disputed", _("Disputed")
        SENT = "sent", _("Sent over")

    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE)
    rule = models.CharField(max_length=120)
    severity = models.CharField(max_length=4)
    words = models.CharField(max_length=32)
    conversation_id = models.BigIntegerField()
    message_id = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.OPEN)
    dispute = models.ForeignKey(Dispute, null=True, on_delete=models.SET_NULL)
    at = models.DateTimeField(default=timezone.now)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation_id", "agent", "rule", "words", "message_id"],
                nulls_distinct=False,
                name="remark_once",
            )
        ]
        indexes = [
            models.Index(fields=["rule", "-at"], name="remark_rule"),
            models.Index(fields=["team", "-at"], name="remark_team"),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.outcome}"
