"""What the customer is offered, and what they chose."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.inbox.models import Message
from goodword.staff.models import Agent

from .complaint import Complaint


class Proposal(models.Model):
    """Several ways to put a complaint right, for the customer to choose from."""

    class State(models.TextChoices):
        DRAFT = "draft", _("being written")
        APPROVAL = "approval", _("waiting for approval")
        SENT = "sent", _("waiting for the customer")
        ASKED = "asked", _("the customer asked back")
        CHOSEN = "chosen", _("chosen")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("expired")
        WITHDRAWN = "withdrawn", _("withdrawn")

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="proposals")
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField(blank=True, help_text="Words to the customer above the options.")
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    sent_at = models.DateTimeField(null=True, default=None)
    expires_at = models.DateTimeField(null=True, default=None)
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["complaint", "-id"], name="proposal_complaint"),
            models.Index(
                fields=["expires_at"], condition=Q(state__in=["sent", "asked"]), name="proposal_to_expire"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} of {self.complaint_id}"


class ProposalOption(models.Model):
    """One way to put it right: what it is in the customer's eyes, and what it costs the house."""

    class Kind(models.TextChoices):
        REPLACEMENT = "replacement", _("replacement")
        REPAIR = "repair", _("repair")
        REFUND = "refund", _("refund")
        DISCOUNT = "discount", _("discount")
        VOUCHER = "voucher", _("voucher")
        GIFT = "gift", _("gift")
        WARRANTY = "warranty", _("extended warranty")
        INFORMATION = "information", _("information")
        OTHER = "other", _("something else")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="options")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    text = models.TextField(help_text="What the customer reads.")
    cost = models.DecimalField(max_digits=12, decimal_places=2, default=0, help_text="To the house.")
    value = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        null=True,
        default=None,
        help_text="To the customer, when it is money.",
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.CheckConstraint(condition=Q(cost__gte=0), name="option_cost")]

    def __str__(self) -> str:
        return f"{self.kind} {self.cost}"


class Choice(models.Model):
    """What the customer said to a proposal; only one of them settles it."""

    class Kind(models.TextChoices):
        CHOSEN = "chosen", _("chosen")
        DECLINED = "declined", _("declined")
        ASKED = "asked", _("asked back")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="choices")
    option = models.ForeignKey(ProposalOption, null=True, on_delete=models.PROTECT, related_name="choices")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    words = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(kind__in=["chosen", "declined"]), name="settled_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="chosen", option__isnull=False) | (~Q(kind="chosen") & Q(option=None)),
                name="chosen_has_option",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.kind}"
