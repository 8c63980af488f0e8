"""The words of promises taken out; who promised, by when, and what became of it stays."""

from collections.abc import Collection

from django.db import transaction

from goodword.events.erasing import ERASED

from ..models import Outcome, Promise


@transaction.atomic
def erase_words(*, promise_ids: Collection[int]) -> int:
    """Take out what was promised and what was said of it; returns of how many promises.

    Only of settled ones, which the caller has made sure of: an open promise is to be kept, and nobody could.
    """
    settled = Promise.objects.filter(pk__in=promise_ids).exclude(state=Promise.State.OPEN)
    ids = list(settled.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    said = Outcome.objects.filter(promise__in=ids)
    said.exclude(note="").update(note=ERASED)
    said.exclude(evidence="").update(evidence=ERASED)
    # A link to words would be one to open.
    said.filter(evidence_kind=Outcome.Evidence.LINK).update(evidence_kind=Outcome.Evidence.WORDS)
    Promise.objects.filter(pk__in=ids).exclude(condition="").update(condition=ERASED)
    return Promise.objects.filter(pk__in=ids).update(what=ERASED, quote="", due_text="")
