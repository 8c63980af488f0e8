"""What complaints keep from the rules that delete old conversations."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from goodword.inbox.registry import Keeper, keepers

from .models import Complaint, ComplaintConversation


def _conversations() -> "QuerySet[Any, Any]":
    own = Complaint.objects.values("conversation_id")
    return own.union(ComplaintConversation.objects.values("conversation_id"))


keepers.append(Keeper("complaint", _("a complaint"), _conversations))
