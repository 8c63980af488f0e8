"""What was promised, to whom, and by when."""

from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.customers.models import Customer
from goodword.staff.models import Agent, Team


class Promise(models.Model):
    """One promise to one customer.

    `state` repeats the newest outcome so that the due list can be read from an index.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        KEPT = "kept", _("kept")
        BROKEN = "broken", _("broken")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Kind(models.TextChoices):
        DO = "do", _("task")
        ANSWER = "answer", _("answer")
        CALL = "call", _("call back")
        MONEY = "money", _("money")
        DELIVERY = "delivery", _("delivery")

    class Source(models.TextChoices):
        REPLY = "reply", _("in a reply")
        HAND = "hand", _("written down by hand")
        CALL = "call", _("on a call")
        NOTE = "note", _("in a note")
        SYSTEM = "system", _("by the house")

    class Unit(models.TextChoices):
        HOUR = "hour", _("hours")
        WORKING_HOUR = "working_hour", _("working hours")
        DAY = "day", _("days")
        WORKING_DAY = "working_day", _("working days")
        WEEK = "week", _("weeks")

    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.DO)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="promises")
    what = models.CharField(max_length=500)
    quote = models.TextField(blank=True, help_text="The sentence that promised it.")
    due_at = models.DateTimeField(null=True, default=None, help_text="None: no time was named.")
    whole_day = models.BooleanField(default=False, help_text="Due by the end of that day.")
    due_text = models.CharField(max_length=200, blank=True, help_text="The words that named the time.")
    condition = models.CharField(max_length=300, blank=True, help_text="What must happen first.")
    condition_met_at = models.DateTimeField(null=True, default=None, help_text="It happened.")
    after = models.PositiveSmallIntegerField(
        null=True, default=None, help_text="Due so many units once the condition is met."
    )
    after_unit = models.CharField(max_length=20, choices=Unit.choices, blank=True)
    owner = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="owned_promises")
    team = models.ForeignKey(
        Team,
        null=True,
        on_delete=models.SET_NULL,
        related_name="promises",
        help_text="Answers for it with the owner; its hours and leads count.",
    )
    made_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="made_promises")
    made_at = models.DateTimeField(default=timezone.now)
    source = models.CharField(max_length=20, choices=Source.choices, default=Source.HAND)
    made_from = models.CharField(
        max_length=60, blank=True, help_text="The kind of record that made it, as 'complaints.complaint'."
    )
    made_from_id = models.BigIntegerField(null=True, default=None)
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    watch_at = models.DateTimeField(
        null=True, default=timezone.now, help_text="When the watcher looks at it next; None: never again."
    )

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], condition=models.Q(state="open"), name="promise_due"),
            models.Index(
                fields=["owner", "due_at"], condition=models.Q(state="open"), name="promise_owner_due"
            ),
            models.Index(fields=["customer", "-id"], name="promise_customer"),
            models.Index(fields=["watch_at"], condition=models.Q(state="open"), name="promise_watch"),
            models.Index(fields=["made_at"], name="promise_made"),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def is_open(self) -> bool:
        """Nobody has said yet what became of it."""
        return self.state == self.State.OPEN

    @property
    def is_overdue(self) -> bool:
        """Its time has passed and nobody has said what became of it."""
        return self.is_open and self.due_at is not None and self.due_at < timezone.now()

    @property
    def is_waiting(self) -> bool:
        """It holds only once something has happened, and that has not."""
        return self.is_open and bool(self.condition) and self.condition_met_at is None

    @property
    def due_day(self) -> date | None:
        """The company's day on which it is due."""
        if self.due_at is None:
            return None
        return timezone.localtime(self.due_at, timezone.get_default_timezone()).date()


# No agent at work answers for it: it is its team's.
OWNERLESS = models.Q(owner=None) | models.Q(owner__is_active=False)
