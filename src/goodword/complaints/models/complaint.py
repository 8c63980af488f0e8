"""A complaint: one case with a number of its own."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.customers.models import Customer
from goodword.inbox.models import Conversation
from goodword.staff.models import Agent, Team

from .cause import Cause
from .procedure import Procedure, StageKey


class NumberSeries(models.Model):
    """The last number given in a year; locked while one is given, so that no number is left out."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "number series"

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Complaint(models.Model):
    """What went wrong for a customer, what they want, and how the house deals with it.

    `stage` repeats the newest stage record; only `complaints.actions` writes it. A conversation is kept as
    long as there is a complaint about it, and so is the customer.
    """

    class Severity(models.TextChoices):
        MINOR = "minor", _("minor")
        SERIOUS = "serious", _("serious")
        GRAVE = "grave", _("grave")

    class Source(models.TextChoices):
        AGENT = "agent", _("an agent")
        COACH = "coach", _("the coach's suggestion")
        FORM = "form", _("the customer's form")

    class Fault(models.TextChoices):
        OURS = "ours", _("ours")
        CARRIER = "carrier", _("the carrier's")
        SHARED = "shared", _("shared")
        CUSTOMER = "customer", _("the customer's")
        UNCLEAR = "unclear", _("unclear")

    number = models.CharField(max_length=20, unique=True, help_text="Such as C-2026-0007.")
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="complaints")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="complaints")
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="complaints")
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="complaints"
    )
    owner = models.ForeignKey(
        Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="complaints"
    )
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    source = models.CharField(max_length=20, choices=Source.choices, default=Source.AGENT)

    what_happened = models.TextField()
    wanted = models.TextField(blank=True, help_text="What the customer wants, in their words.")
    severity = models.CharField(max_length=20, choices=Severity.choices, default=Severity.MINOR)
    kind = models.SlugField(max_length=60, blank=True, help_text="The key of its checklist.")
    product = models.CharField(max_length=300, blank=True)
    order_number = models.CharField(max_length=100, blank=True)

    stage = models.SlugField(max_length=40, default=StageKey.RECEIVED)
    closed_at = models.DateTimeField(null=True, default=None, help_text="None while it is open.")
    fault = models.CharField(
        max_length=20, choices=Fault.choices, blank=True, help_text="Empty: not found yet."
    )
    fault_note = models.TextField(blank=True)
    cause = models.ForeignKey(
        Cause, null=True, blank=True, on_delete=models.SET_NULL, related_name="complaints"
    )
    cost = models.DecimalField(
        max_digits=12, decimal_places=2, default=0, help_text="Beside that of its remedies."
    )
    final_due_at = models.DateTimeField(
        null=True, default=None, help_text="When the final response is due; None: none is."
    )
    final_response_at = models.DateTimeField(null=True, default=None, help_text="When it was given.")
    final_warned_at = models.DateTimeField(null=True, default=None)
    final_breached_at = models.DateTimeField(null=True, default=None)

    class Meta:
        indexes = [
            models.Index(fields=["stage", "-id"], name="complaint_stage"),
            models.Index(fields=["owner", "-id"], condition=models.Q(closed_at=None), name="complaint_mine"),
            models.Index(fields=["cause", "-opened_at"], name="complaint_cause"),
            models.Index(fields=["-opened_at", "-id"], name="complaint_opened"),
            models.Index(
                fields=["final_due_at"],
                condition=models.Q(
                    closed_at=None,
                    final_response_at=None,
                    final_breached_at=None,
                    final_due_at__isnull=False,
                ),
                name="complaint_final",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.closed_at is None


class ComplaintConversation(models.Model):
    """A further conversation that belongs to a complaint, beside the one it was opened from."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="further")
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="further_complaints"
    )
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "conversation"], name="further_conversation_once")
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} of {self.complaint_id}"


class NotAComplaint(models.Model):
    """The coach read a complaint in a conversation, and an agent said that there is none."""

    conversation = models.OneToOneField(
        Conversation, on_delete=models.CASCADE, related_name="not_a_complaint"
    )
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "not complaints"

    def __str__(self) -> str:
        return str(self.conversation_id)
