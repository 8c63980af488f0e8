"""Phone numbers as people type them, and the one form in which they are kept."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import phonenumbers
from django.conf import settings
from django.utils.translation import gettext as _

from .errors import CustomerError

LONGEST = 60


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number in E.164 for machines, and as people write it."""

    number: str
    shown: str


def read(text: str, *, time_zone: str = "") -> PhoneNumber:
    """The number that was typed; without + it is one of the country of the time zone, or of the company's.

    Raises CustomerError for what cannot be a phone number.
    """
    typed = " ".join(text.split())
    region = _regions().get(time_zone) or _regions().get(settings.TIME_ZONE)
    try:
        found = phonenumbers.parse(typed[:LONGEST], region)
    except phonenumbers.NumberParseException:
        found = None
    if found is None or len(typed) > LONGEST or not phonenumbers.is_possible_number(found):
        raise CustomerError(
            _("'%(number)s' is not a phone number. Write it with the country, as +49 30 123456.")
            % {"number": typed[:60]}
        )
    kept = phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
    return PhoneNumber(kept, phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def beginning_of(text: str) -> str:
    """What a number that begins as typed is kept as, or an empty text for what is no part of a number."""
    digits = re.sub(r"[\s()./-]", "", text)
    if re.fullmatch(r"\+[0-9]{4,15}", digits, re.ASCII):
        return digits
    if not re.fullmatch(r"[0-9]{5,15}", digits, re.ASCII):
        return ""
    try:
        return read(digits).number
    except CustomerError:
        return ""


@cache
def _regions() -> dict[str, str]:
    """The country of each time zone that has one, from the zone table of tzdata."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return {parts[2]: parts[0] for parts in lines if len(parts) > 2}
