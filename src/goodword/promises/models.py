"""The ledger of promises: what was promised, to whom, by when, and what became of it."""

from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.customers.models import Customer
from goodword.staff.models import Agent


class Promise(models.Model):
    """One promise to one customer.

    `state` repeats the newest outcome so that the due list can be read from an index.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        KEPT = "kept", _("kept")
        BROKEN = "broken", _("broken")
        WITHDRAWN = "withdrawn", _("withdrawn")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="promises")
    what = models.CharField(max_length=500)
    quote = models.TextField(blank=True, help_text="The sentence that promised it.")
    due_at = models.DateTimeField(null=True, default=None, help_text="None: no time was named.")
    whole_day = models.BooleanField(default=False, help_text="Due by the end of that day.")
    due_text = models.CharField(max_length=200, blank=True, help_text="The words that named the time.")
    condition = models.CharField(max_length=300, blank=True)
    owner = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="owned_promises")
    made_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="made_promises")
    made_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], condition=models.Q(state="open"), name="promise_due"),
            models.Index(
                fields=["owner", "due_at"], condition=models.Q(state="open"), name="promise_owner_due"
            ),
            models.Index(fields=["customer", "-id"], name="promise_customer"),
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
    def due_day(self) -> date | None:
        """The company's day on which it is due."""
        if self.due_at is None:
            return None
        return timezone.localtime(self.due_at, timezone.get_default_timezone()).date()


class Outcome(models.Model):
    """Somebody said what became of a promise; the newest one counts."""

    class Kind(models.TextChoices):
        KEPT = "kept", _("kept")
        BROKEN = "broken", _("broken")
        RENEGOTIATED = "renegotiated", _("renegotiated")
        WITHDRAWN = "withdrawn", _("withdrawn")
        REOPENED = "reopened", _("opened again")

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="outcomes")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL)
    at = models.DateTimeField(default=timezone.now)
    note = models.TextField(blank=True)
    due_before = models.DateTimeField(null=True, default=None)
    due_after = models.DateTimeField(null=True, default=None)

    def __str__(self) -> str:
        return f"{self.promise_id} {self.kind}"


class Reminder(models.Model):
    """A reminder that was given; its uniqueness is what makes it be given once."""

    class Kind(models.TextChoices):
        AHEAD = "ahead", _("due soon")
        DUE = "due", _("due")

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    due_at = models.DateTimeField(help_text="The due time it reminds of; a new due time reminds anew.")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.CASCADE)
    at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, default=None)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promise", "kind", "due_at"], name="reminded_once"),
        ]
        indexes = [
            models.Index(fields=["agent", "-id"], condition=models.Q(seen_at=None), name="reminder_unseen"),
        ]

    def __str__(self) -> str:
        return f"{self.promise_id} {self.kind}"
