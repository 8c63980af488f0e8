"""Which mailbox of the house a mail is for."""

from collections.abc import Iterable

from django.conf import settings

from goodword.mail.addressing import mailbox_address
from goodword.mail.models import Mailbox
from goodword.mail.parsing.addresses import plausible


def is_ours(address: str) -> bool:
    """Whether mail for `address` is taken in: an address of a mailbox, or any when none is set or all is
    caught.
    """
    if settings.CONFIG.mail_catch_all or _matching([address]) is not None:
        return True
    return not Mailbox.objects.exists()


def mailbox_for(addresses: Iterable[str]) -> Mailbox:
    """The mailbox of the first of `addresses` that has one, else the house's first.

    An empty house gets a mailbox for the address that was written to, so that the first mail ever sent to
    it shows up.
    """
    wanted = [address for address in addresses if plausible(address.strip("<> "))]
    mailbox = _matching(wanted) or Mailbox.objects.order_by("id").first()
    if mailbox is None:
        address = mailbox_address(wanted[0]) if wanted else "inbox@localhost.localdomain"
        mailbox, _made = Mailbox.objects.get_or_create(address=address[:254])
    return mailbox


def _matching(addresses: Iterable[str]) -> Mailbox | None:
    known = {box.address.casefold(): box for box in Mailbox.objects.all()}
    for address in addresses:
        plain = address.strip("<> ").casefold()
        found = known.get(plain) or known.get(mailbox_address(plain))
        if found:
            return found
    return None
