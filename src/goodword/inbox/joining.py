"""What the inbox holds while two customers are joined."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from goodword.customers import holding

from .models import Conversation, Message


@holding.holdings.add
def held_with_customers() -> holding.Holding:
    """Their conversations, and those they wrote in; verbs lock those before they come to the customer."""
    return holding.Holding(7, _of_customers)


def _of_customers(numbers: Collection[int]) -> QuerySet[Conversation]:
    wrote = Message.objects.filter(customer__in=numbers).values("conversation")
    return Conversation.objects.filter(Q(customer__in=numbers) | Q(pk__in=wrote))
