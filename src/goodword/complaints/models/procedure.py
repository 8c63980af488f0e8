"""How complaints are dealt with: stages, their clocks and their words, as data."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goodword.staff.models import Team


class StageKey(models.TextChoices):
    """The stages that verbs know; a procedure may leave some out, name them its own way and add others."""

    RECEIVED = "received", _("Received")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    INVESTIGATING = "investigating", _("Investigating")
    PROPOSED = "proposed", _("Proposed")
    AGREED = "agreed", _("Agreed")
    REMEDIED = "remedied", _("Remedied")
    FOLLOWED_UP = "followed_up", _("Followed up")
    CLOSED = "closed", _("Closed")


class Procedure(models.Model):
    """A way of dealing with complaints; made from a preset, edited by the house.

    With a team it holds for complaints of that team; the default one holds for all others.
    """

    name = models.CharField(max_length=200, unique=True)
    preset = models.SlugField(max_length=40, blank=True, help_text="The preset it was made from.")
    is_default = models.BooleanField(default=False)
    team = models.OneToOneField(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="procedure"
    )
    final_response_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Days from opening to the final response, weekends too."
    )
    has_form = models.BooleanField(
        default=True, help_text="Of the default one: customers may complain by the public form."
    )
    body_text = models.TextField(blank=True, help_text="Where the customer can go when we do not agree.")
    follow_up_days = models.PositiveSmallIntegerField(default=5, help_text="Days from remedy to follow-up.")
    proposal_days = models.PositiveSmallIntegerField(default=14, help_text="How long a proposal is open.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="default_procedure_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ProcedureStage(models.Model):
    """One stage of a procedure; its limit is the time until the complaint is to leave it."""

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="stages")
    key = models.SlugField(max_length=40)
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)
    limit_minutes = models.PositiveIntegerField(null=True, blank=True, help_text="None: no clock.")
    working_hours = models.BooleanField(default=True, help_text="Off: the clock runs day and night.")
    warn_percent = models.PositiveSmallIntegerField(default=75, help_text="Of the limit that is gone.")
    next_step = models.CharField(
        max_length=300, blank=True, help_text="What is promised to the customer while it is in this stage."
    )

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "key"], name="stage_key_once"),
            models.CheckConstraint(condition=Q(warn_percent__lte=100), name="stage_warn_percent"),
        ]

    def __str__(self) -> str:
        return self.name
