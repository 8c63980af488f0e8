"""What the house writes to a customer by itself: that something arrived, or how it went."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from .. import access
from ..models import Conversation, Message
from .adding import add_message, tell
from .recipients import kept, last_said_by_its_customer, requester
from .sending import Letterhead, pack, send


@transaction.atomic
def confirm(
    *, conversation: Conversation, markdown: str, at: datetime | None = None, topic: str = ""
) -> Message:
    """Write to the customer, whoever else wrote there, in the house's name, in the thread of their mail. With
    a `topic` nobody asked for it: it offers to unsubscribe from the topic. Raises NotPossible, also for those
    who get no more mail.

    It is no answer: whoever waits for one waits on, and no clock ends. The customer's own words are not
    repeated below it, since whoever gave the address in a form may have been somebody else.
    """
    now = at or timezone.now()
    place = access.locked(None, (access.merged_into(conversation) or conversation).pk)
    people = requester(place, last_said_by_its_customer(place))
    head = Letterhead(place=place, agent=None, people=people, said=None, at=now, topic=topic, automatic=True)
    content = pack(head, markdown=markdown, draft=None)
    outgoing = send(head, content, not_before=now)
    message = add_message(
        place,
        kind=Message.Kind.AUTOMATIC,
        at=now,
        sender_name=head.sender.name,
        sender_address=head.sender.email,
        to=kept(people.to),
        cc=kept(people.cc),
        subject=head.subject,
        text=content.text,
        html=content.html,
        markdown=markdown,
        header_id=head.message_id,
        references=head.references,
        outgoing=outgoing,
    )
    place.save()
    tell("message.confirmed", place, message=message.pk)
    return message
