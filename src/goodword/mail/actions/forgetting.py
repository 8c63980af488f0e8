"""Mail that is deleted for good, and does not come back."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from goodword.mail.identities import identity, tombstone_name
from goodword.mail.models import Delivery, Mailbox, OutgoingMail, RawMail, Tombstone

from .leaving import withdraw

State = RawMail.State


class OnItsWay(Exception):
    """A mail is handed to a mail server at this moment, and cannot be taken back."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was deleted."""

    mails: int
    outgoing: int


@transaction.atomic
def forget(
    *, raw_mails: Collection[int], outgoing: Collection[int], agent_id: int | None = None
) -> Forgotten:
    """Delete mails that came in and mails that left, for good; nobody may refer to them any more.

    What is queued is withdrawn first; raises OnItsWay for one that is being sent. Whatever brings them again
    finds a tombstone: for a mail that came in, in its mailbox; for one that left, in every mailbox, because a
    folder of sent mail may be fetched, too. Copies of them that made no message go with them.
    """
    left = list(OutgoingMail.objects.filter(pk__in=outgoing).order_by("pk").select_for_update())
    if any(mail.state == OutgoingMail.State.SENDING for mail in left):
        raise OnItsWay
    for mail in left:
        withdraw(mail=mail)
    own = {identity(bytes(mail.raw)) for mail in left}
    known = set(RawMail.objects.filter(pk__in=raw_mails).values_list("identity", flat=True))
    # Recorded only: our own mails that came back, and copies that a conversation showed already.
    recorded = Q(identity__in=own | known, state=State.DONE) & ~Q(reason="")
    gone = RawMail.objects.filter(Q(pk__in=raw_mails) | recorded)
    rows = list(
        gone.order_by("pk").select_for_update(of=("self",)).values_list("pk", "mailbox_id", "identity")
    )
    graves = {(mailbox, name) for _pk, mailbox, name in rows} | set(_everywhere(own))
    Tombstone.objects.bulk_create(
        [
            Tombstone(mailbox_id=mailbox, identity=tombstone_name(name), by_agent_id=agent_id)
            for mailbox, name in sorted(graves)
        ],
        ignore_conflicts=True,
    )
    ids = [pk for pk, _mailbox, _name in rows]
    Delivery.objects.filter(raw_mail__in=ids).update(outcome=Delivery.Outcome.REMOVED, raw_mail=None)
    RawMail.objects.filter(pk__in=ids).only("pk").delete()
    OutgoingMail.objects.filter(pk__in=[mail.pk for mail in left]).only("pk").delete()
    return Forgotten(mails=len(ids), outgoing=len(left))


def _everywhere(identities: Collection[str]) -> Iterator[tuple[int, str]]:
    if identities:
        for box in Mailbox.objects.values_list("pk", flat=True):
            yield from ((box, name) for name in identities)
