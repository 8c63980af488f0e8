"""Where a mail that came to several mailboxes of the house stands besides here."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from goodword.mail.models import RawMail
from goodword.staff.models import Agent

from .. import access
from ..models import Message


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A conversation with the same mail, and the mailbox it is in."""

    mailbox: str
    conversation_id: int


def elsewhere(messages: Sequence[Message], agent: Agent | None) -> dict[int, tuple[Elsewhere, ...]]:
    """For each of these messages, by its id, the other conversations with the same mail that `agent` may see.

    Messages that came to one mailbox only are left out.
    """
    here = {message.raw_mail_id: message for message in messages if message.raw_mail_id}
    if not here:
        return {}
    identities = RawMail.objects.filter(pk__in=list(here)).values("identity")
    copies = list(
        Message.objects.filter(raw_mail__identity__in=identities).values_list(
            "raw_mail_id", "raw_mail__identity", "conversation_id"
        )
    )
    if len(copies) <= len(here):
        return {}
    seen = dict(
        access.conversations(agent)
        .filter(pk__in={place for _raw, _identity, place in copies})
        .values_list("pk", "mailbox__address")
    )
    places = defaultdict(set)
    for _raw, identity, place in copies:
        if place in seen:
            places[identity].add(place)
    found: dict[int, tuple[Elsewhere, ...]] = {}
    for raw, identity, _place in copies:
        message = here.get(raw)
        others = places[identity] - {message.conversation_id} if message else None
        if message and others:
            found[message.pk] = tuple(Elsewhere(seen[other] or "", other) for other in sorted(others))
    return found
