"""What the team says of the coach's findings."""

from django.db import models
from django.utils import timezone

from goodword.staff.models import Agent


class Dispute(models.Model):
    """An agent disagrees with a finding; leads read these, and the rule's statistics count them."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE)
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
