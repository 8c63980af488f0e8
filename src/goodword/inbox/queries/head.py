"""What stands in the head of a conversation beside the conversation itself."""

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ..holds import on_hold
from ..models import Conversation, EscalationLevel, Handover


def with_head(found: "QuerySet[Conversation]") -> "QuerySet[Conversation]":
    """Add `times_handed_over`, `escalated_to`, the name of the level (None: of none), and `is_held`."""
    handed = Handover.objects.filter(conversation=OuterRef("pk")).order_by().values("conversation")
    level = EscalationLevel.objects.filter(rank=OuterRef("escalation_level")).values("name")
    return found.annotate(
        times_handed_over=Coalesce(
            Subquery(handed.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0
        ),
        escalated_to=Subquery(level[:1]),
        is_held=on_hold(),
    )
