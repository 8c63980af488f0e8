"""Template tags of the pages about goodwill."""

from typing import Any

from django import template

from goodword.customers.models import Customer
from goodword.goodwill import authority, queries

register = template.Library()


@register.inclusion_tag("desk/goodwill/customer.html", takes_context=True)
def gestures_of(context: template.Context, customer: Customer) -> dict[str, Any]:
    """What a customer was given, as a card of their page; nothing where nothing was."""
    gestures = queries.of_customer(context["request"].user, customer)
    return {"gestures": gestures, "year": authority.given_to(customer) if gestures else None}
