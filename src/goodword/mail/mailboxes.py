"""Which mailboxes of the house a mail is for."""

from collections.abc import Collection, Iterable, Mapping

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


def mailboxes_for(
    *, envelope_to: Iterable[str], named: Iterable[str], known: Mapping[str, Mailbox] | None = None
) -> list[Mailbox]:
    """Every mailbox that a mail is for, in the order it names them; never none.

    The recipients of its envelope decide; where none of them has a mailbox, those `named` in its fields;
    where these have none either, it goes to the house's first. An empty house gets a mailbox for the address
    that was written to, so that the first mail ever sent to it shows up. `known` are the `mailboxes_of` these
    addresses and perhaps others.
    """
    written, fields = _plausible(envelope_to), _plausible(named)
    found = matching(written, known=known) or matching(fields, known=known)
    if found:
        return found
    first = Mailbox.objects.order_by("id").first()
    if first is None:
        wanted = [*written, *fields]
        address = mailbox_address(wanted[0]) if wanted else "inbox@localhost.localdomain"
        first, _made = Mailbox.objects.get_or_create(address=address[:254])
    return [first]


def matching(addresses: Iterable[str], *, known: Mapping[str, Mailbox] | None = None) -> list[Mailbox]:
    """The mailboxes that these addresses belong to, each once, in their order."""
    ways = [_ways(address) for address in addresses]
    if not ways:
        return []
    boxes = _with_addresses({way for pair in ways for way in pair}) if known is None else known
    found = (boxes.get(plain) or boxes.get(box) for plain, box in ways)
    return list({box.pk: box for box in found if box}.values())


def mailboxes_of(addresses: Iterable[str]) -> dict[str, Mailbox]:
    """The mailboxes that any of these addresses belongs to, by their own in lower case; one query for all."""
    return _with_addresses({way for address in addresses for way in _ways(address)})


def _ways(address: str) -> tuple[str, str]:
    """How an address may stand as a mailbox: as it is, and without what follows a plus sign."""
    plain = address.strip("<> ").casefold()
    return plain, mailbox_address(plain)


def _with_addresses(asked: Collection[str]) -> dict[str, Mailbox]:
    boxes = Mailbox.objects.annotate(lower=Lower("address")).filter(lower__in=asked)
    return {box.address.casefold(): box for box in boxes}


def _plausible(addresses: Iterable[str]) -> list[str]:
    return [address for address in addresses if plausible(address.strip("<> "))]
