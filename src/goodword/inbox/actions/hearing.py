"""What a customer says by other ways than mail, such as on a page of their own."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from goodword.coaching import actions as coaching

from .. import access
from ..clocks import follow
from ..errors import NotPossible
from ..models import Conversation, Message
from .adding import add_message, take_reading, tell
from .states import set_open

TEXT_LENGTH = 100_000


@transaction.atomic
def hear(*, conversation: Conversation, text: str, at: datetime | None = None) -> Message:
    """Add the customer's words to their conversation, as if they had written a mail; they wait from now on.

    A closed or snoozed conversation opens again, and a merged one is gone on with where it went.
    """
    words = text.replace("\x00", "").strip()[:TEXT_LENGTH]
    if not words:
        raise NotPossible(gettext("There is nothing in it yet. Write a word or two."))
    at = at or timezone.now()
    place = access.locked(None, (access.merged_into(conversation) or conversation).pk)
    customer = place.customer
    address = customer.addresses.order_by("id").values_list("address", flat=True).first() or ""
    reading = coaching.read_message(words, at=at)
    message = add_message(
        place,
        kind=Message.Kind.CUSTOMER,
        at=at,
        customer=customer,
        sender_name=customer.name,
        sender_address=address,
        subject=place.subject,
        text=words,
        reading=reading,
    )
    place.waiting_since = place.waiting_since or at
    take_reading(place, reading)
    if place.state in (Conversation.State.CLOSED, Conversation.State.SNOOZED):
        set_open(place, reason="customer")
    place.save()
    tell("message.received", place, message=message.pk)
    follow(place)
    return message
