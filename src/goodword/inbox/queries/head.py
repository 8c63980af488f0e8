"""What stands in the head of a conversation beside the conversation itself."""

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ..models import Conversation, EscalationLevel, Handover


def with_head(found: "QuerySet[Conversation]") -> "QuerySet[Conversation]":
    """Add `times_handed_over` and `escalated_to`, the name of the level (None where there is none)."""
    handed = Handover.objects.filter(conversation=OuterRef("pk")).order_by().values("conversation")
    level = EscalationLevel.objects.filter(rank=OuterRef("escalation_level")).values("name")
    return found.annotate(
        times_handed_over=Coalesce(
            Subquery(handed.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0
        ),
        escalated_to=Subquery(level[:1]),
    )
