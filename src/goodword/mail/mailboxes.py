"""Which mailboxes of the house a mail is for."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models.functions import Lower

from goodword.mail.addressing import mailbox_address
from goodword.mail.models import Mailbox
from goodword.mail.parsing.addresses import plausible


def is_ours(address: str) -> bool:
    """Whether mail for `address` is taken in: an address of a mailbox, or any when none is set or all is
    caught.
    """
    if settings.CONFIG.mail_catch_all or matching([address]):
        return True
    return not Mailbox.objects.exists()


def mailboxes_for(*, envelope_to: Iterable[str], named: Iterable[str]) -> list[Mailbox]:
    """Every mailbox that a mail is for, in the order it names them; never none.

    The recipients of its envelope decide; where none of them has a mailbox, those `named` in its fields;
    where these have none either, it goes to the house's first. An empty house gets a mailbox for the address
    that was written to, so that the first mail ever sent to it shows up.
    """
    written, fields = _plausible(envelope_to), _plausible(named)
    found = matching(written) or matching(fields)
    if found:
        return found
    first = Mailbox.objects.order_by("id").first()
    if first is None:
        wanted = [*written, *fields]
        address = mailbox_address(wanted[0]) if wanted else "inbox@localhost.localdomain"
        first, _made = Mailbox.objects.get_or_create(address=address[:254])
    return [first]


def matching(addresses: Iterable[str]) -> list[Mailbox]:
    """The mailboxes that these addresses belong to, each once, in their order."""
    ways: list[tuple[str, str]] = []
    for address in addresses:
        plain = address.strip("<> ").casefold()
        ways.append((plain, mailbox_address(plain)))
    if not ways:
        return []
    asked = {way for pair in ways for way in pair}
    boxes = Mailbox.objects.annotate(lower=Lower("address")).filter(lower__in=asked)
    known = {box.address.casefold(): box for box in boxes}
    found = (known.get(plain) or known.get(box) for plain, box in ways)
    return list({box.pk: box for box in found if box}.values())


def _plausible(addresses: Iterable[str]) -> list[str]:
    return [address for address in addresses if plausible(address.strip("<> "))]
