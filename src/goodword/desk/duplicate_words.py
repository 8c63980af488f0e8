"""Why two customers may be one person, in words."""

from collections.abc import Iterable

from django.utils.translation import gettext as _


def reasons(why: Iterable[str]) -> list[str]:
    """The reasons as people say them; one that is not known is left out."""
    words = {
        "address": _("Their addresses differ only behind the plus sign"),
        "name_organisation": _("One name in one organisation"),
        "name_domain": _("One name, and addresses of one domain"),
        "name_mailbox": _("One name, and addresses that begin alike"),
        "name_phone": _("Names that are near, and one phone number"),
        "near_organisation": _("Names that are near, in one organisation"),
        "near_domain": _("Names that are near, and addresses of one domain"),
        "phone": _("One phone number"),
        "name": _("One name that few have"),
    }
    return [words[reason] for reason in why if reason in words]
