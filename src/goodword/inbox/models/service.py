"""How soon customers are answered: service levels, their clocks, and who is to answer."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.staff.models import Agent, Skill, Team

from .conversation import Conversation


class ServiceLevel(models.Model):
    """How soon a kind of conversation is to be answered; the first one that fits, by `order`, holds.

    `conditions` are those of `inbox.conditions`. Targets are minutes; None means no such target.
    """

    name = models.CharField(max_length=200, unique=True)
    order = models.PositiveIntegerField(default=0)
    is_on = models.BooleanField(default=True)
    conditions = models.JSONField(default=dict)
    first_reply = models.PositiveIntegerField(null=True, blank=True)
    next_reply = models.PositiveIntegerField(null=True, blank=True)
    resolution = models.PositiveIntegerField(null=True, blank=True)
    working_hours = models.BooleanField(default=True, help_text="Off: the clock runs day and night.")
    warn_at = models.PositiveSmallIntegerField(default=75, help_text="Percent of the time that is gone.")

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class ServiceTerms(models.Model):
    """What a service level asked for at some time, and the hours it was counted over; never changed.

    The event log names these rows, so that clocks can be computed anew after levels and hours were edited.
    """

    digest = models.CharField(max_length=64, unique=True)
    level = models.ForeignKey(ServiceLevel, null=True, on_delete=models.SET_NULL, related_name="terms")
    name = models.CharField(max_length=200, help_text="The level's name then.")
    targets = models.JSONField(default=dict, help_text="Minutes by the kind of clock.")
    warn_at = models.PositiveSmallIntegerField(help_text="Percent of the time that is gone.")
    hours = models.JSONField(default=dict, help_text="Time zone, shifts and holidays.")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "service terms"

    def __str__(self) -> str:
        return self.name


class ServiceClock(models.Model):
    """One running or ended clock of a conversation.

    A clock begins at `started_at`, runs while `runs_since` is set, and ends when it is met or ended without
    (closed, or no level asks for it any more). `spent` is the working time that had run before `runs_since`.
    `inbox.clocks` computes every column from the event log, when something happens and whenever it is asked.
    """

    class Kind(models.TextChoices):
        FIRST_REPLY = "first_reply", _("first reply")
        NEXT_REPLY = "next_reply", _("next reply")
        RESOLUTION = "resolution", _("resolution")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="clocks")
    terms = models.ForeignKey(ServiceTerms, on_delete=models.PROTECT, related_name="clocks", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    target = models.PositiveIntegerField(help_text="Minutes.")
    started_at = models.DateTimeField()
    spent = models.DurationField(help_text="Run before the last pause ended.")
    runs_since = models.DateTimeField(null=True, default=None, help_text="None while it is paused.")
    warn_at = models.DateTimeField(
        null=True, default=None, help_text="None while it is paused, and once it was warned or breached."
    )
    due_at = models.DateTimeField(null=True, default=None, help_text="None while it is paused.")
    warned_at = models.DateTimeField(null=True, default=None)
    breached_at = models.DateTimeField(null=True, default=None, help_text="The due time that passed.")
    met_at = models.DateTimeField(null=True, default=None)
    ended_at = models.DateTimeField(null=True, default=None, help_text="Ended, met or not.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "kind", "started_at"], name="clock_once"),
        ]
        indexes = [
            models.Index(
                fields=["warn_at"],
                condition=Q(ended_at=None, warned_at=None, warn_at__isnull=False),
                name="clock_to_warn",
            ),
            models.Index(
                fields=["due_at"],
                condition=Q(ended_at=None, breached_at=None, due_at__isnull=False),
                name="clock_to_breach",
            ),
            models.Index(fields=["conversation", "kind"], condition=Q(ended_at=None), name="clock_running"),
            models.Index(fields=["started_at"], name="clock_begun"),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.kind}"


class RoutingRule(models.Model):
    """Where a new conversation goes; the first rule that fits, by `order`, holds.

    What a rule leaves empty stays as it is. With a team or a skill, the agent of them who waited longest and
    has room gets it.
    """

    name = models.CharField(max_length=200, unique=True)
    order = models.PositiveIntegerField(default=0)
    is_on = models.BooleanField(default=True)
    conditions = models.JSONField(default=dict)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    skill = models.ForeignKey(Skill, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    priority = models.CharField(max_length=20, blank=True, choices=Conversation.Priority.choices)
    by_language = models.BooleanField(default=False, help_text="Only agents who answer in its language.")
    assigns = models.BooleanField(
        default=True, help_text="Off: it waits in the team for somebody to take it."
    )

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class Handover(models.Model):
    """A conversation went from one agent to another or to a team, with a summary for them."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="handovers")
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    to_agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    to_team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    summary = models.TextField()
    told = models.ForeignKey(
        "Message", null=True, on_delete=models.SET_NULL, related_name="+", help_text="What told the customer."
    )
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.conversation_id} handed over"


class EscalationLevel(models.Model):
    """Who decides what an agent cannot; without any, the first level is every lead and administrator."""

    rank = models.PositiveSmallIntegerField(unique=True, help_text="1 is the first above the agent.")
    name = models.CharField(max_length=100)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    agents = models.ManyToManyField(Agent, blank=True, related_name="escalation_levels")

    class Meta:
        ordering = ["rank"]

    def __str__(self) -> str:
        return self.name


class Escalation(models.Model):
    """A conversation was raised to a level; the newest one that was not ended counts."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="escalations")
    level = models.PositiveSmallIntegerField(help_text="1 is the first above the agent.")
    reason = models.TextField()
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    to = models.ForeignKey(
        Agent,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="None: everybody of the level is asked.",
    )
    at = models.DateTimeField(default=timezone.now)
    decision = models.TextField(blank=True, help_text="What was decided when it ended.")
    ended_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True, default=None)

    class Meta:
        indexes = [
            models.Index(fields=["to", "-id"], condition=Q(ended_at=None), name="escalation_open"),
            models.Index(fields=["level", "-id"], condition=Q(ended_at=None), name="escalation_level_open"),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} at level {self.level}"


class Call(models.Model):
    """A phone call on a conversation's timeline; what was said stands in its message."""

    class Direction(models.TextChoices):
        INCOMING = "incoming", _("the customer called")
        OUTGOING = "outgoing", _("we called")

    class Tone(models.TextChoices):
        CALM = "calm", _("calm")
        CONTENT = "content", _("content")
        WORRIED = "worried", _("worried")
        UPSET = "upset", _("upset")
        ANGRY = "angry", _("angry")

    message = models.OneToOneField("Message", on_delete=models.CASCADE, related_name="call")
    direction = models.CharField(max_length=20, choices=Direction.choices)
    phone = models.CharField(max_length=40, blank=True)
    answered = models.BooleanField(default=True, help_text="Off: nobody picked up.")
    minutes = models.PositiveIntegerField(null=True, blank=True)
    tone = models.CharField(max_length=20, choices=Tone.choices, blank=True)
    next_step = models.CharField(max_length=500, blank=True)
    reference = models.CharField(
        max_length=200, blank=True, help_text="What the telephone system calls it, so that it is logged once."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference"], condition=~Q(reference=""), name="call_once"),
        ]

    def __str__(self) -> str:
        return f"call {self.message_id}"
