"""How long conversations are kept, what is held back from that, and what was taken away."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.customers.models import Customer
from goodword.mail.models import Mailbox
from goodword.staff.models import Agent

from .conversation import Conversation, Tag


class Hold(models.Model):
    """Nothing of a conversation, or of a customer, may be deleted until the hold is lifted."""

    conversation = models.ForeignKey(Conversation, null=True, on_delete=models.CASCADE, related_name="holds")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.CASCADE, related_name="holds")
    reason = models.TextField()
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    lifted_at = models.DateTimeField(null=True, default=None)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(conversation__isnull=False, customer=None)
                | Q(conversation=None, customer__isnull=False),
                name="hold_on_one_thing",
            ),
        ]
        indexes = [
            models.Index(fields=["conversation"], condition=Q(lifted_at=None), name="hold_conversation"),
            models.Index(fields=["customer"], condition=Q(lifted_at=None), name="hold_customer"),
        ]

    def __str__(self) -> str:
        return self.reason


class RetentionRule(models.Model):
    """What becomes of conversations that were closed and quiet for some months.

    `tried_at` is when its dry run was last looked at; a rule that was changed is off and is to be tried anew.
    """

    class Does(models.TextChoices):
        ERASE = "erase", _("erase the words")
        DELETE = "delete", _("delete for good")

    name = models.CharField(max_length=200, unique=True)
    mailbox = models.ForeignKey(
        Mailbox, null=True, blank=True, on_delete=models.CASCADE, related_name="+", help_text="None: all."
    )
    tag = models.ForeignKey(
        Tag, null=True, blank=True, on_delete=models.CASCADE, related_name="+", help_text="Only with it."
    )
    months = models.PositiveSmallIntegerField(help_text="Closed and quiet for so long.")
    does = models.CharField(max_length=20, choices=Does.choices, default=Does.ERASE)
    is_on = models.BooleanField(default=False)
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    tried_at = models.DateTimeField(null=True, default=None)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class KeepingTimes(models.Model):
    """How long is kept what belongs to no conversation; one row. None: for ever."""

    recorded_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Mails that made no message, such as copies of our own."
    )
    aside_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Mails that needed a person and were set aside."
    )
    looks_months = models.PositiveSmallIntegerField(
        null=True, blank=True, default=24, help_text="Who looked."
    )

    class Meta:
        verbose_name_plural = "keeping times"

    def __str__(self) -> str:
        return f"{self.recorded_days} {self.aside_days} {self.looks_months}"


class RetentionRun(models.Model):
    """One night's work of one rule, or on one kind of leftovers: how much went, what was left out and why.

    The count grows in the transaction that takes a conversation away, so that it is right whatever is killed.
    """

    class Kind(models.TextChoices):
        RULE = "rule", _("conversations")
        RECORDED = "recorded", _("mails that made no message")
        ASIDE = "aside", _("mails that were set aside")
        FILES = "files", _("files that nothing refers to")
        LOOKS = "looks", _("entries of who looked")

    kind = models.CharField(max_length=20, choices=Kind.choices)
    day = models.DateField(help_text="The company's day on which it began.")
    rule = models.ForeignKey(RetentionRule, null=True, on_delete=models.SET_NULL, related_name="runs")
    name = models.CharField(max_length=200, blank=True, help_text="Of the rule then.")
    does = models.CharField(max_length=20, choices=RetentionRule.Does.choices, blank=True)
    before = models.DateTimeField(null=True, help_text="What is older than this goes.")
    done = models.PositiveIntegerField(default=0)
    left_out = models.JSONField(default=dict, help_text="How many by the reason's key.")
    after_at = models.DateTimeField(null=True, default=None, help_text="How far it has looked.")
    after_id = models.BigIntegerField(default=0)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, default=None)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "rule"], name="one_run_of_a_rule"),
            models.UniqueConstraint(
                fields=["kind", "day"], condition=~Q(kind="rule"), name="one_run_of_a_kind"
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(ended_at=None), name="retention_running")]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"
