"""Where reports about a mail of ours come: to a signed address of its own, which only those know who had the
mail in hand.
"""

from collections.abc import Iterable
from email.utils import parseaddr

from django.conf import settings

from goodword.kit.ids import derived_key
from goodword.mail.addressing import read_signed, signed_address
from goodword.mail.models import Mailbox, OutgoingMail, RawMail
from goodword.mail.parsing import ParsedMail

KIND = "b"
# As long as the part before the @ may be (RFC 5321).
LOCAL_LIMIT = 64


def plain_address(mail: OutgoingMail) -> str:
    """The address that the mail itself names as its sender."""
    return parseaddr(mail.sender)[1]


def address_for(mail: OutgoingMail) -> str:
    """The sender on the envelope of `mail`; the plain one where a signed one would lead to no mailbox."""
    plain = plain_address(mail)
    if "+" in plain or not Mailbox.objects.filter(address__iexact=plain).exists():
        return plain
    signed = signed_address(KIND, mail.pk, mailbox=plain, key=_key())
    return signed if len(signed.rpartition("@")[0]) <= LOCAL_LIMIT else plain


def came_back(raw: RawMail, parsed: ParsedMail) -> int | None:
    """The number of the outgoing mail whose signed address a report came to; None when it came to none."""
    people = (*parsed.delivered_to, *parsed.to, *parsed.cc)
    return _number([*raw.envelope_to, *(person.email for person in people)])


def _number(addresses: Iterable[str]) -> int | None:
    key = _key()
    found = (read_signed(address, kind=KIND, key=key) for address in addresses)
    return next((number for number in found if number is not None), None)


def _key() -> bytes:
    return derived_key("return address", secret=settings.SECRET_KEY)
