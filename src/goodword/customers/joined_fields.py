"""What a customer who is kept takes over from the one who goes, where they have nothing of their own."""

from django.utils.translation import gettext as _

FILLED = ("name", "greeting_name", "organisation_id", "tier", "preferred_channel", "language", "time_zone")


def filled_labels() -> dict[str, str]:
    """What people call these fields."""
    return {
        "name": _("Name"),
        "greeting_name": _("How to be addressed"),
        "organisation_id": _("Organisation"),
        "tier": _("Tier"),
        "preferred_channel": _("Preferred channel"),
        "language": _("Language"),
        "time_zone": _("Time zone"),
    }
