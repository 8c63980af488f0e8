"""States that somebody brought about: who, and when."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.staff.models import Agent

from .conversation import Conversation


class Assignment(models.Model):
    """A conversation was given to an agent, or to nobody."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="assignments")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="assignments")
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.conversation_id} to {self.agent_id}"


class Closure(models.Model):
    """A conversation was closed, and perhaps opened again."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="closures")
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reopened_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    reopened_at = models.DateTimeField(
        null=True, default=None, help_text="With no agent: the customer wrote."
    )

    def __str__(self) -> str:
        return f"{self.conversation_id} closed"


class Snooze(models.Model):
    """A conversation was put away until a moment; a new message wakes it earlier."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="snoozes")
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    woken_at = models.DateTimeField(null=True, default=None)

    def __str__(self) -> str:
        return f"{self.conversation_id} until {self.until}"


class Merge(models.Model):
    """One conversation was taken into another; what moved is kept, so that it can be undone."""

    source = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="merges_away")
    target = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="merges_here")
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    moved = models.JSONField(default=dict, help_text="What moved and how the source stood before.")
    undone_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True, default=None)

    def __str__(self) -> str:
        return f"{self.source_id} into {self.target_id}"


class Presence(models.Model):
    """An agent has a conversation open; stale after a minute without a sign."""

    class Doing(models.TextChoices):
        VIEWING = "viewing", _("viewing")
        REPLYING = "replying", _("replying")

    FRESH = timedelta(seconds=60)

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="presences")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE)
    doing = models.CharField(max_length=20, choices=Doing.choices, default=Doing.VIEWING)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "agent"], name="present_once")]

    def __str__(self) -> str:
        return f"{self.agent_id} at {self.conversation_id}"
