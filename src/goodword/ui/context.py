"""What every page of the desk needs to draw its frame."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from goodword.ui.menu import entries_for

THEMES = (
    ("system", "settings", _("As this computer")),
    ("light", "sun", _("Light")),
    ("dark", "moon", _("Dark")),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the rail's entries and the choice of themes, for people who are logged in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"ui_rail": entries_for(request), "ui_themes": THEMES}
