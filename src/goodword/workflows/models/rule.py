"""Rules of automation and what became of them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.inbox.models import Conversation
from goodword.staff.models import Agent


class Rule(models.Model):
    """When something happens, or a conversation has been in a state for so long, and the conditions hold: do.

    A rule has either an `event` (a kind of the event log) or a `state` with `hours`. `conditions` are those
    of `inbox.conditions`; `actions` are objects that `doing.checked` has passed, done in their order.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("the customer waits for us")
        ANSWERED = "answered", _("we wait for the customer")
        CLOSED = "closed", _("the conversation is closed")

    name = models.CharField(max_length=200, unique=True)
    order = models.PositiveIntegerField(default=0)
    is_on = models.BooleanField(default=True)
    event = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=20, blank=True, choices=State.choices)
    hours = models.PositiveIntegerField(null=True, blank=True)
    conditions = models.JSONField(default=dict)
    actions = models.JSONField(default=list)
    since = models.DateTimeField(default=timezone.now, help_text="What happened before was not its business.")
    changed_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    looked_since = models.DateTimeField(
        null=True, default=None, help_text="How far the last look at long states came; None: begin anew."
    )
    looked_id = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(event="", hours__isnull=False) & ~Q(state="")
                | ~Q(event="") & Q(state="", hours=None),
                name="rule_event_or_state",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Firing(models.Model):
    """A rule fired once: for one event, or for one time that a conversation came into a state."""

    class Result(models.TextChoices):
        DONE = "done", _("done")
        FAILED = "failed", _("could not be done")
        HELD = "held", _("held back")

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="firings")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="firings")
    event_id = models.BigIntegerField(null=True, default=None)
    since = models.DateTimeField(null=True, default=None, help_text="Since when the state had lasted.")
    at = models.DateTimeField(default=timezone.now)
    depth = models.PositiveSmallIntegerField(
        default=1, help_text="How many rules led here, this one included."
    )
    result = models.CharField(max_length=20, choices=Result.choices)
    did = models.JSONField(default=list, help_text="What was done, a sentence each; and what went wrong.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "event_id"], condition=Q(event_id__isnull=False), name="fired_once_for_event"
            ),
            models.UniqueConstraint(
                fields=["rule", "conversation", "since"],
                condition=Q(since__isnull=False),
                name="fired_once_for_state",
            ),
        ]
        indexes = [
            models.Index(fields=["rule", "-id"], name="firing_rule"),
            models.Index(fields=["conversation", "rule", "-at"], name="firing_conversation"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.result}"
