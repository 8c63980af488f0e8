"""Mails that made no message, and files of nobody: taken away some at a time once they are old enough."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from goodword.mail.models import Blob, Delivery, RawMail

from .files import drop_files
from .forgetting import forget

State = RawMail.State


def recorded(before: datetime) -> "QuerySet[RawMail]":
    """Mails from before then that were only recorded, and that no room refers to."""
    return _unused(RawMail.objects.filter(state=State.DONE, received_at__lt=before).exclude(reason=""))


def set_aside(before: datetime) -> "QuerySet[RawMail]":
    """Mails from before then that needed a person, who set them aside."""
    return _unused(RawMail.objects.filter(state=State.SET_ASIDE, received_at__lt=before))


def unclaimed(before: datetime) -> "QuerySet[Blob]":
    """Files from before then that nothing refers to."""
    found = Blob.objects.filter(created_at__lt=before)
    for user in Blob._meta.related_objects:
        uses = user.related_model._base_manager.filter(**{user.field.name: OuterRef("pk")})
        found = found.exclude(Exists(uses))
    return found


@transaction.atomic
def drop_mails(mails: "QuerySet[RawMail]", *, most: int) -> int:
    """Delete the oldest of these mails that nobody else is at, with tombstones; returns how many."""
    oldest = mails.order_by("received_at", "id").select_for_update(of=("self",), skip_locked=True)
    ids = list(oldest.values_list("pk", flat=True)[:most])
    return forget(raw_mails=ids, outgoing=[]).mails if ids else 0


@transaction.atomic
def drop_unclaimed(before: datetime, *, most: int) -> int:
    """Delete files that nothing refers to; returns how many."""
    return drop_files(unclaimed(before).order_by("created_at").values_list("pk", flat=True)[:most])


def _unused(mails: "QuerySet[RawMail]") -> "QuerySet[RawMail]":
    for user in RawMail._meta.related_objects:
        if user.related_model is not Delivery:
            uses = user.related_model._base_manager.filter(**{user.field.name: OuterRef("pk")})
            mails = mails.exclude(Exists(uses))
    return mails
