"""Which customers an agent may see.

The rule is cheap on purpose: every agent sees every customer, except those whose conversations are all
in mailboxes hidden from the agent. A customer without any conversation is seen by all. Leads see everybody,
and so does the house itself (`agent` None, such as an API token that acts for nobody in particular).
Nobody sees who was erased: what is left of them has no words, and nothing is done with it any more.
"""

from django.db.models import QuerySet

from goodword.staff.models import Agent

from . import registry
from .models import Customer, CustomerNote, Purchase, Subscription


def visible(agent: Agent | None) -> QuerySet[Customer]:
    """The customers that `agent` may see."""
    customers = Customer.objects.filter(erased_at=None)
    if agent is None or agent.is_lead:
        return customers
    for keep in registry.visible:
        customers = keep(customers, agent)
    return customers


def get_customer(agent: Agent | None, pk: int) -> Customer:
    """One customer; raises Customer.DoesNotExist when there is none or the agent may not see it."""
    return visible(agent).select_related("organisation").get(pk=pk)


def erased(pk: int) -> Customer | None:
    """What is left of somebody who was erased: a number and a day, which everybody here may know."""
    return Customer.objects.filter(pk=pk, erased_at__isnull=False).first()


def get_note(agent: Agent | None, pk: int) -> CustomerNote:
    """One note about a customer whom the agent may see; else raises CustomerNote.DoesNotExist."""
    return CustomerNote.objects.select_related("customer", "author").get(pk=pk, customer__in=visible(agent))


def get_purchase(agent: Agent | None, pk: int) -> Purchase:
    """One purchase of a customer whom the agent may see; else raises Purchase.DoesNotExist."""
    return Purchase.objects.select_related("customer").get(pk=pk, customer__in=visible(agent))


def get_subscription(agent: Agent | None, pk: int) -> Subscription:
    """One subscription of a customer whom the agent may see; else raises Subscription.DoesNotExist."""
    return Subscription.objects.select_related("customer").get(pk=pk, customer__in=visible(agent))
