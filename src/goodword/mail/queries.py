"""Looking mail up."""

from collections.abc import Collection

from django.db.models import QuerySet

from goodword.mail.models import OutgoingMail, RawMail, Suppression
from goodword.mail.suppressions import suppressed

__all__ = ["needing_person", "outgoing", "suppressed", "suppressions"]


def needing_person(*, mailbox_ids: Collection[int] | None = None) -> "QuerySet[RawMail]":
    """The mails that wait for a person, newest first, without their bytes; of these mailboxes, or of all."""
    found = RawMail.objects.filter(state=RawMail.State.NEEDS_PERSON).select_related("mailbox").defer("raw")
    return (
        found.order_by("-id")
        if mailbox_ids is None
        else found.filter(mailbox_id__in=mailbox_ids).order_by("-id")
    )


def outgoing() -> "QuerySet[OutgoingMail]":
    """Every mail that left, is leaving or did not get away, newest first, without their bytes."""
    return OutgoingMail.objects.defer("raw").order_by("-id")


def twins(mail: RawMail) -> "QuerySet[RawMail]":
    """The same mail in other mailboxes of the house, without its bytes."""
    return RawMail.objects.filter(identity=mail.identity).exclude(pk=mail.pk).defer("raw").order_by("id")


def suppressions(*, q: str = "") -> "QuerySet[Suppression]":
    """Who gets no more mail, the newest first; with `q` those whose address holds it."""
    found = Suppression.objects.filter(lifted_at=None)
    return (found.filter(address__contains=q.casefold()) if q else found).order_by("-id")
