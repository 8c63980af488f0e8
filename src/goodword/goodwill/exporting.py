"""What was given to a customer, for their export."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from goodword.customers import registry
from goodword.customers.registry import Asked, Entry, Section

from .models import Gesture, Voucher


@registry.exporting.add
def goodwill(asked: Asked) -> Iterable[Section]:
    """Gestures and vouchers; the reasons are notes of the team."""
    yield Section("gestures", _("What we gave"), _gestures(asked))
    yield Section("vouchers", _("Vouchers"), _vouchers(asked))


def _gestures(asked: Asked) -> Iterator[Entry]:
    for one in Gesture.objects.filter(customer=asked.customer).order_by("pk").iterator(chunk_size=200):
        yield Entry(
            {"at": one.at, "kind": one.kind, "amount": one.amount}
            | ({"reason": one.reason} if asked.internal else {})
        )


def _vouchers(asked: Asked) -> Iterator[Entry]:
    rows = Voucher.objects.filter(customer=asked.customer).select_related("redemption", "gesture__reversal")
    for one in rows.order_by("pk").iterator(chunk_size=200):
        used = getattr(one, "redemption", None)
        yield Entry(
            {
                "code": one.shown,
                "value": one.value,
                "percent": one.percent,
                "issued_at": one.issued_at,
                "expires_at": one.expires_at,
                "state": str(one.state),
                "used_at": used.at if used else None,
                "used_for": used.reference if used else "",
            }
        )
