"""Addresses the house writes: signed reply addresses, Message-IDs, and whom an answer goes to. Pure
functions.
"""

import base64
import hashlib
import hmac
import re
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from goodword.mail.parsing import Address, AutoKind, ParsedMail
from goodword.mail.parsing.addresses import plausible, reads_no_answer
from goodword.mail.tables import table

SIGNATURE_LENGTH = 16

CONVERSATION = "c"

_SIGNED = re.compile(
    r"(?P<local>.+)\+(?P<kind>[a-z])(?P<number>[0-9a-z]{1,13})\.(?P<signature>[a-z2-7]{16})", re.IGNORECASE
)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_NAMESPACE = uuid.UUID("0b6b1f6a-5a3e-4c1e-9d57-2f8f6f0f7f11")


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom an answer goes to, in the order the mail named them."""

    to: tuple[Address, ...]
    cc: tuple[Address, ...]


def signed_reply_address(*, mailbox: str, conversation_id: int, key: bytes) -> str:
    """The address that leads an answer back to its conversation: `care+c2k.<signature>@shop.example`."""
    return signed_address(CONVERSATION, conversation_id, mailbox=mailbox, key=key)


def conversation_of(address: str, *, key: bytes) -> int | None:
    """The conversation a signed reply address names; None for every other address and for a forged one."""
    return read_signed(address, kind=CONVERSATION, key=key)


def signed_address(kind: str, number: int, *, mailbox: str, key: bytes) -> str:
    """An address of `mailbox` that leads mail to number `number` of its kind, a small letter of the room that
    reads it; 'c' are conversations.
    """
    if not re.fullmatch("[a-z]", kind):
        raise ValueError(f"The kind of a signed address is a small letter, not {kind!r}.")
    local, _at, domain = mailbox.rpartition("@")
    written = _in_base36(number)
    return f"{local}+{kind}{written}.{_signature(mailbox, kind, written, key)}@{domain}"


def read_signed(address: str, *, kind: str, key: bytes) -> int | None:
    """The number in a signed address of this kind; None for every other address and for a forged one."""
    local, _at, domain = address.strip().strip("<>").rpartition("@")
    found = _SIGNED.fullmatch(local)
    if not found or found["kind"].lower() != kind:
        return None
    number = found["number"].lower()
    expected = _signature(f"{found['local']}@{domain}", kind, number, key)
    if not hmac.compare_digest(expected, found["signature"].lower()):
        return None
    return int(number, 36)


def conversation_claimed(address: str) -> int | None:
    """The conversation named by an address of the form of a signed reply address, whoever wrote it."""
    found = _SIGNED.fullmatch(address.strip().strip("<>").rpartition("@")[0])
    return int(found["number"], 36) if found and found["kind"].lower() == CONVERSATION else None


def looks_signed(address: str) -> bool:
    """Whether the address has the form of a signed one, of whatever kind; the signature is not looked at."""
    return _SIGNED.fullmatch(address.strip().strip("<>").rpartition("@")[0]) is not None


def mailbox_address(address: str) -> str:
    """`address` in lower case and without what stands after a plus sign: the mailbox it belongs to."""
    local, _at, domain = address.strip().strip("<>").casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def message_id(*, domain: str, seed: str | None = None) -> str:
    """A Message-ID of this house; the same `seed` gives the same one for ever."""
    number = uuid.uuid5(_NAMESPACE, f"{seed}@{domain}") if seed is not None else uuid.uuid4()
    return f"<{number}@{domain}>"


def reply_all(mail: ParsedMail, *, house: Collection[str]) -> Recipients:
    """Whom an answer to `mail` goes to.

    `house` are the addresses of our mailboxes and agents: none of them is ever written to, in whatever
    form. The sender gets the answer at the address they asked for; everybody else the mail was sent to gets
    a copy. A machine's mail has nobody to answer, and a mailing list's members get no copy.
    """
    own = {mailbox_address(address) for address in house}
    if mail.auto in {AutoKind.BOUNCE, AutoKind.AUTO_REPLY, AutoKind.RECEIPT}:
        return Recipients((), ())
    asked = _reachable(mail.reply_to, own)
    senders = _reachable((mail.from_,) if mail.from_ else (), own)
    if went_to_many(mail, house=own):
        return Recipients(senders or asked, ())
    to = asked or senders
    if not to and mail.from_ and mailbox_address(mail.from_.email) in own:
        # We wrote it ourselves: the answer goes on to those we wrote to.
        to, rest = _reachable(mail.to, own), mail.cc
    else:
        # With a Reply-To, the sender asked for the answer to go there instead: their own address gets no
        # copy.
        rest = (*mail.to, *mail.cc)
    taken = {address.key for address in (*to, *senders)}
    return Recipients(to, tuple(address for address in _reachable(rest, own) if address.key not in taken))


def automatic_answer(
    sender: Address | None, *, asked: Iterable[Address], house: Collection[str]
) -> Address | None:
    """Whom a mail that a machine of ours writes goes to: one, and nobody else; never one of the `house`.

    That is the one address at which the mail `asked` to be answered, such as that of whoever filled in a
    form; where it asked for several or for none, its sender.
    """
    own = {mailbox_address(address) for address in house}
    wanted = _reachable(asked, own)
    found = wanted if len(wanted) == 1 else _reachable((sender,) if sender else (), own)
    return found[0] if found else None


def went_to_many(mail: ParsedMail, *, house: Collection[str]) -> bool:
    """Whether a list sent it. Providers write List-Unsubscribe and Precedence under single mails, too, so
    that these alone say nothing of a mail that is addressed to the `house`.
    """
    if mail.auto is not AutoKind.LIST:
        return False
    fields = table("automatic")["headers"]
    only_weak = any(name in mail.headers for name in fields["list_weak"]) and not any(
        name in mail.headers for name in fields["list"]
    )
    own = {mailbox_address(address) for address in house}
    return not only_weak or not any(mailbox_address(one.email) in own for one in (*mail.to, *mail.cc))


def is_of_our_list(mail: ParsedMail, *, house: Collection[str]) -> bool:
    """Whether what made `mail` a mailing list's is a list of the house, such as a group that hands its mail
    on to us: one with the address of a mailbox, or in the domain of one.
    """
    named = mail.headers.get("list-id", "").rpartition("<")[2].partition(">")[0].strip().casefold()
    found = re.search(r"mailto:([^>?\s]+)", mail.headers.get("list-post", ""), re.IGNORECASE)
    posts = found[1].casefold().rpartition("@")[2] if found else ""
    domains = {address.casefold().rpartition("@")[2] for address in house}
    return posts in domains or any(named.endswith(f".{domain}") for domain in domains)


def _reachable(people: Iterable[Address], own: Collection[str]) -> tuple[Address, ...]:
    found: dict[str, Address] = {}
    for person in people:
        if (
            plausible(person.email)
            and mailbox_address(person.email) not in own
            and not reads_no_answer(person.email)
        ):
            found.setdefault(person.key, person)
    return tuple(found.values())


def _signature(mailbox: str, kind: str, number: str, key: bytes) -> str:
    # The mailbox is signed too, so that an address of one team never opens the conversation of another. The
    # kind stands before it, where no part of a conversation's address can stand: the line of conversations,
    # signed since the first release, has none.
    lines = [mailbox.casefold(), number] if kind == CONVERSATION else [kind, mailbox.casefold(), number]
    digest = hmac.new(key, "\n".join(lines).encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode("ascii").lower()[:SIGNATURE_LENGTH]


def _in_base36(number: int) -> str:
    if number < 0:
        raise ValueError(f"The number of a signed address is not negative, as {number} is.")
    digits = ""
    while True:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
        if not number:
            return digits
