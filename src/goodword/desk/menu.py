"""The desk's entries in the rail."""

from django.utils.translation import gettext_lazy as _

from goodword.ui.menu import MenuEntry, register

ENTRIES = (
    MenuEntry(section="inbox", label=_("Inbox"), icon="inbox", url_name="inbox", keys="g i", order=10),
    MenuEntry(
        section="promises", label=_("Promises"), icon="handshake", url_name="promises", keys="g p", order=20
    ),
    MenuEntry(
        section="complaints", label=_("Complaints"), icon="flag", url_name="complaints", keys="g l", order=25
    ),
    MenuEntry(
        section="customers", label=_("Customers"), icon="users", url_name="customers", keys="g c", order=30
    ),
    MenuEntry(
        section="goodwill", label=_("Goodwill"), icon="heart", url_name="goodwill", keys="g w", order=35
    ),
    MenuEntry(section="for_you", label=_("For you"), icon="bell", url_name="for_you", keys="g f", order=40),
    MenuEntry(section="mail", label=_("Mail"), icon="mail", url_name="sent", keys="g m", order=50),
    MenuEntry(
        section="settings", label=_("Settings"), icon="settings", url_name="settings", keys="g s", order=90
    ),
)


def fill() -> None:
    """Put the entries into the rail."""
    for entry in ENTRIES:
        register(entry)
