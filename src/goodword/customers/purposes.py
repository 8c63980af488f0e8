"""What a customer can be contacted about, from `data/purposes.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from django.utils.translation import gettext as _

from .errors import CustomerError


@dataclass(frozen=True, slots=True)
class Purpose:
    """Something we contact customers about. `always`: it needs no consent. `without`: allowed until they
    say no; else they must have said yes."""

    key: str
    label: str
    about: str
    always: bool = False
    without: bool = False


@cache
def purposes() -> tuple[Purpose, ...]:
    """All purposes, in the order of the file."""
    text = (files("goodword.customers") / "data" / "purposes.toml").read_text(encoding="utf-8")
    return tuple(Purpose(**one) for one in tomllib.loads(text)["purpose"])


def purpose(key: str) -> Purpose:
    """The purpose of that key; raises CustomerError."""
    for one in purposes():
        if one.key == key:
            return one
    known = ", ".join(one.key for one in purposes())
    raise CustomerError(
        _("There is no purpose '%(key)s'. Use one of these: %(known)s.") % {"key": key[:60], "known": known}
    )
