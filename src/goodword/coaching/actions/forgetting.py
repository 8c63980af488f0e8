"""What the coach and the team said of conversations that are deleted for good."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from goodword.events.erasing import ERASED
from goodword.events.models import Event

from ..models import Dispute, Override, Remark

ERASED_WORDS = "erased "


@transaction.atomic
def forget_conversations(*, conversation_ids: Collection[int]) -> None:
    """Delete the remarks on drafts of these conversations, and the disputes and overrides that quote them.

    Do this before the conversations' events are forgotten: they tell which overrides are theirs.
    """
    remarks = Remark.objects.filter(conversation_id__in=conversation_ids)
    disputed = list(remarks.exclude(dispute=None).values_list("dispute_id", flat=True))
    remarks.delete()
    # One about words that stand elsewhere, too, is kept for there.
    Dispute.objects.filter(pk__in=disputed, remark=None).delete()
    overridden = Event.objects.filter(kind="finding.overridden", conversation_id__in=conversation_ids)
    Override.objects.filter(pk__in=list(overridden.values_list("data__override", flat=True))).delete()


@transaction.atomic
def erase_words(*, conversation_ids: Collection[int]) -> None:
    """Take out what disputes and overrides of these conversations quote; the rules' numbers stay.

    Do this before the words are taken out of the conversations' events. A dispute about words that stand
    elsewhere, too, is kept for there.
    """
    remarks = Remark.objects.filter(conversation_id__in=conversation_ids)
    disputed = set(remarks.exclude(dispute=None).values_list("dispute_id", flat=True))
    elsewhere = Remark.objects.filter(dispute__in=disputed).exclude(conversation_id__in=conversation_ids)
    elsewhere = elsewhere.exclude(words__startswith=ERASED_WORDS)
    disputed -= set(elsewhere.values_list("dispute_id", flat=True))
    Dispute.objects.filter(pk__in=disputed).update(quote=ERASED, reason="")
    # The hash of short words can be guessed.
    remarks.update(words=Concat(Value(ERASED_WORDS), Cast("pk", CharField())))
    overridden = Event.objects.filter(kind="finding.overridden", conversation_id__in=conversation_ids)
    numbers = list(overridden.values_list("data__override", flat=True))
    Override.objects.filter(pk__in=numbers).update(quote=ERASED, reason=ERASED)
