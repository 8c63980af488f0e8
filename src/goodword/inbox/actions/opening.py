"""A new conversation."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from goodword.coaching import actions as coaching
from goodword.customers.holding import stay
from goodword.customers.models import Customer
from goodword.mail.models import Mailbox
from goodword.staff.models import Agent

from ..clocks import follow
from ..errors import NotPossible
from ..models import Conversation, Message
from ..routing.waking import opened
from .adding import add_message, take_reading, tell
from .taking_part import take_part

SUBJECT_LENGTH = 1000


@transaction.atomic
def open_conversation(
    *,
    customer: Customer,
    subject: str,
    text: str,
    channel: str = Conversation.Channel.API,
    mailbox: Mailbox | None = None,
    agent: Agent | None = None,
    at: datetime | None = None,
) -> Conversation:
    """Open a conversation with what the customer said first; `agent` is who wrote it down, if anybody did.

    When the customer was joined into another meanwhile it is that one's. Raises NotPossible for no words,
    Customer.DoesNotExist when they are gone.
    """
    if not text.strip() and not subject.strip():
        raise NotPossible(gettext("There is neither a subject nor a text. Say what the customer wants."))
    at = at or timezone.now()
    customer = stay(customer)
    address = customer.addresses.order_by("id").values_list("address", flat=True).first() or ""
    place = Conversation.objects.create(
        customer=customer,
        mailbox=mailbox,
        channel=channel,
        subject=" ".join(subject.split())[:SUBJECT_LENGTH],
        opened_at=at,
        last_at=at,
        waiting_since=at,
    )
    take_part(place, [address])
    reading = coaching.read_message(text, at=at)
    message = add_message(
        place,
        kind=Message.Kind.CUSTOMER,
        at=at,
        customer=customer,
        sender_name=customer.name,
        sender_address=address,
        subject=place.subject,
        text=text.replace("\x00", ""),
        reading=reading,
    )
    take_reading(place, reading)
    place.save()
    tell("conversation.opened", place, agent=agent, message=message.pk)
    tell("message.received", place, agent=agent, message=message.pk)
    follow(place)
    opened()
    return place
