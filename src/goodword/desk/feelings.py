"""How a customer's feeling is shown."""

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

FEELINGS: dict[str, tuple[str, Lazy]] = {
    "angry": ("frown", _("angry")),
    "frustrated": ("frown", _("frustrated")),
    "disappointed": ("frown", _("disappointed")),
    "anxious": ("frown", _("anxious")),
    "confused": ("meh", _("confused")),
    "pleased": ("smile", _("pleased")),
    "grateful": ("smile", _("grateful")),
}
URGENT = 2


def feeling_of(feeling: str) -> tuple[str, str] | None:
    """Icon and word; None for a calm message, about which there is nothing to say."""
    known = FEELINGS.get(feeling)
    return (known[0], str(known[1])) if known else None
