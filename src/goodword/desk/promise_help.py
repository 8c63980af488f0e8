"""What the desk offers about a promise: the customer's page, and words ahead of a likely break."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from goodword.customers.models import Customer
from goodword.inbox import access, actions
from goodword.inbox.models import Conversation, Draft
from goodword.kit import links
from goodword.promises import own_up
from goodword.promises.models import Promise
from goodword.staff.models import Agent

PURPOSE = "promises"
LINK_DAYS = 90
PLACEHOLDER = "{{promises_link}}"


def customers_link(customer: Customer) -> str:
    """The address of the customer's own page of promises; whoever has it can open it."""
    token = links.sign(PURPOSE, customer.pk, days=LINK_DAYS)
    return str(settings.CONFIG.url + reverse("portal:promises", args=[token]))


def near(promises: Iterable[Promise]) -> list[Promise]:
    """Those of loaded open promises whose time is near or over; asks the database nothing."""
    now = timezone.now()
    return [promise for promise in promises if own_up.is_near(promise, now=now, since=promise.made_at)]


def beside(customer: Customer, promises: Sequence[Promise], still_open: Iterable[Promise]) -> dict[str, Any]:
    """What a conversation shows of this: promises whose time is near, and the customer's own page of them."""
    return {"near_promises": near(still_open), "promises_link": customers_link(customer) if promises else ""}


def put_into_draft(agent: Agent, conversation: Conversation, text: str) -> Draft:
    """Put words before what the agent has written so far; doing it twice adds them once."""
    place = access.get_conversation(agent, conversation.pk)
    stored = Draft.objects.filter(conversation=place, agent=agent, kind=Draft.Kind.REPLY).first()
    written = stored.markdown if stored else ""
    if text in written:
        return stored or actions.save_draft(
            conversation=place, agent=agent, kind=Draft.Kind.REPLY, markdown=text, text=text
        )
    both = f"{text}\n\n{written}".strip()
    return actions.save_draft(
        conversation=place, agent=agent, kind=Draft.Kind.REPLY, markdown=both, text=both
    )
