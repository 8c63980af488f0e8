"""What was promised to a customer, for their export."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from goodword.customers import registry
from goodword.customers.registry import Asked, Entry, Section

from . import access


@registry.exporting.add
def promises(asked: Asked) -> Iterable[Section]:
    """Each with what became of it; what colleagues noted about it only when it is asked for."""
    yield Section("promises", _("Promises"), _each(asked))


def _each(asked: Asked) -> Iterator[Entry]:
    own = access.visible(asked.agent).filter(customer=asked.customer).order_by("pk")
    for one in own.prefetch_related("outcomes").iterator(chunk_size=200):
        facts = {
            "promised_at": one.made_at,
            "what": one.what,
            "words": one.quote,
            "condition": one.condition,
            "due_at": one.due_at,
            "state": one.state,
            "outcomes": [
                {"at": said.at, "kind": said.kind, "due_before": said.due_before, "due_after": said.due_after}
                | ({"note": said.note, "evidence": said.evidence} if asked.internal else {})
                for said in sorted(one.outcomes.all(), key=lambda said: said.pk)
            ],
        }
        yield Entry(facts)
