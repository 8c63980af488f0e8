"""What the coach and the team said of conversations that are deleted for good."""

from collections.abc import Collection

from django.db import transaction

from goodword.events.models import Event

from ..models import Dispute, Override, Remark


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
