"""What is done so that a cause makes no more complaints."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from goodword.staff.models import Agent

from .cause import Cause
from .complaint import Complaint


class Prevention(models.Model):
    """What somebody is to change by a day, so that a cause makes no more complaints."""

    action = models.TextField()
    cause = models.ForeignKey(Cause, null=True, on_delete=models.SET_NULL, related_name="preventions")
    complaints = models.ManyToManyField(Complaint, related_name="preventions", blank=True)
    owner = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="preventions")
    due_on = models.DateField(null=True, default=None)
    reminded_at = models.DateTimeField(null=True, default=None, help_text="When it was seen to be late.")
    made_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, default=None)
    done_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    result = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_on"], condition=Q(done_at=None), name="prevention_open"),
        ]

    def __str__(self) -> str:
        return self.action[:80]
