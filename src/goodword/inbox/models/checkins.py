"""Asking how it went, some days after a conversation was closed."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.promises.models import Promise

from .conversation import Conversation
from .record import Closure


class CheckInRule(models.Model):
    """After which closed conversations we ask, and how; the first that fits, by `order`, holds."""

    class Way(models.TextChoices):
        MAIL = "mail", _("write a mail")
        CALL = "call", _("call them")

    name = models.CharField(max_length=200, unique=True)
    order = models.PositiveIntegerField(default=0)
    is_on = models.BooleanField(default=True)
    conditions = models.JSONField(default=dict)
    days = models.PositiveSmallIntegerField(help_text="After closing.")
    way = models.CharField(max_length=20, choices=Way.choices, default=Way.MAIL)
    text = models.TextField(help_text="The mail's words, or what to ask on the phone.")

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class CheckIn(models.Model):
    """One check-in after one closing; there is never a second one."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        DONE = "done", _("done")
        SKIPPED = "skipped", _("not needed")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="check_ins")
    closure = models.OneToOneField(Closure, on_delete=models.CASCADE, related_name="check_in")
    rule = models.ForeignKey(CheckInRule, null=True, on_delete=models.SET_NULL, related_name="check_ins")
    way = models.CharField(max_length=20, choices=CheckInRule.Way.choices)
    text = models.TextField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.PLANNED)
    why = models.CharField(max_length=300, blank=True, help_text="Why it was not needed, or waits.")
    planned_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, default=None)
    message = models.OneToOneField(
        "Message", null=True, on_delete=models.SET_NULL, related_name="check_in", help_text="The mail."
    )
    promise = models.OneToOneField(
        Promise, null=True, on_delete=models.SET_NULL, related_name="check_in", help_text="The call to make."
    )

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="planned"), name="check_in_due"),
            models.Index(fields=["conversation", "-id"], name="check_in_conversation"),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.state}"
