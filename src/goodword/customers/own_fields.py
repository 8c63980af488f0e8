"""The values of a company's own fields: what may be typed, and the one form in which each is kept."""

from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from .errors import CustomerError
from .models import CustomField

LONGEST = 2000
YES = frozenset({"yes", "true", "1", "on"})
NO = frozenset({"no", "false", "0", "off"})


def checked(field: CustomField, typed: str) -> str:
    """The value in its plain form, empty for none; raises CustomerError with what would fit."""
    text = typed.replace("\x00", "").strip()
    if not text:
        return ""
    return _CHECKS[field.kind](field, text)


def shown(field: CustomField, value: str) -> str:
    """A kept value as people of the reader's language read it."""
    if field.kind == CustomField.Kind.DATE:
        return date_format(date.fromisoformat(value), "j F Y")
    if field.kind == CustomField.Kind.YES_NO:
        return _("Yes") if value == "yes" else _("No")
    if field.kind == CustomField.Kind.NUMBER:
        return number_format(Decimal(value))
    return value


def _text(field: CustomField, text: str) -> str:
    if len(text) > LONGEST:
        sentence = _("%(field)s has %(count)d characters; %(most)d are kept. Shorten it.")
        raise CustomerError(sentence % {"field": field.label, "count": len(text), "most": LONGEST})
    return text


def _number(field: CustomField, text: str) -> str:
    try:
        number = Decimal(text.replace(" ", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15 or len(text) > 40:
        sentence = _("%(field)s: '%(value)s' is not a number. Write it as 12 or 12.5.")
        raise CustomerError(sentence % {"field": field.label, "value": text[:60]})
    return format(number, "f")


def _date(field: CustomField, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        sentence = _("%(field)s: '%(value)s' is not a date. Write it as 2026-03-01.")
        raise CustomerError(sentence % {"field": field.label, "value": text[:60]}) from None


def _choice(field: CustomField, text: str) -> str:
    for choice in field.choices:
        if choice.casefold() == text.casefold():
            return choice
    sentence = _("%(field)s: '%(value)s' is not on the list. Choose one of these: %(choices)s.")
    raise CustomerError(
        sentence % {"field": field.label, "value": text[:60], "choices": ", ".join(field.choices)}
    )


def _yes_no(field: CustomField, text: str) -> str:
    if text.lower() in YES:
        return "yes"
    if text.lower() in NO:
        return "no"
    sentence = _("%(field)s: '%(value)s' is neither yes nor no.")
    raise CustomerError(sentence % {"field": field.label, "value": text[:60]})


_CHECKS = {
    CustomField.Kind.TEXT.value: _text,
    CustomField.Kind.NUMBER.value: _number,
    CustomField.Kind.DATE.value: _date,
    CustomField.Kind.CHOICE.value: _choice,
    CustomField.Kind.YES_NO.value: _yes_no,
}
