"""What several mails that are turned into messages one after the other need to know, looked up at once."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

from goodword.customers.holding import hold_off
from goodword.customers.models import Customer, CustomerAddress
from goodword.kit import rows
from goodword.mail.addressing import conversation_claimed, conversation_of, looks_signed, mailbox_address
from goodword.mail.models import Mailbox, OutgoingMail, RawMail
from goodword.mail.parsing import ParsedMail
from goodword.staff.models import Agent

from ..access import LARGEST
from ..actions.sending import reply_key
from ..models import Conversation, Message

REFERENCES_READ = 50
CLAIMS_READ = 5


@dataclass
class Ahead:
    """`done` are the raw mails that have messages, `ours` the senders of those of our own mails that these
    may be, by Message-ID; `house` and `agents` are the house's addresses, `customers` who writes, by address.
    `referred` are the Message-IDs of messages that these mails name, `added` the conversations that got one,
    `written` its Message-ID.
    """

    done: set[int]
    ours: dict[str, str]
    house: frozenset[str]
    agents: frozenset[str]
    customers: dict[str, Customer]
    referred: set[str]
    added: set[int] = field(default_factory=set)
    written: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, mails: Sequence[tuple[RawMail, ParsedMail]]) -> Self:
        """What is to be known of these mails; holds for the transaction that is open."""
        ids = [parsed.message_id for _raw, parsed in mails if parsed.message_id]
        named = {one for _raw, parsed in mails for one in parsed.thread_ids[:REFERENCES_READ]}
        sent = OutgoingMail.objects.filter(message_id__in=ids).values_list("message_id", "sender")
        messages = Message.objects.order_by()
        known = messages.filter(header_id__in=named).values_list("header_id", "conversation_id")
        referred = list(known) if named else []
        if len(mails) > 1:
            # Those who write stand in no order; whoever joins two of them waits for the end of the batch.
            hold_off()
        _hold_places(
            {
                *(place for _header, place in referred),
                *(one for mail in mails for one in conversations_named(*mail)),
            }
        )
        return cls(
            done=set(
                messages.filter(raw_mail__in=[raw.pk for raw, _parsed in mails]).values_list(
                    "raw_mail_id", flat=True
                )
            ),
            ours=dict(sent),
            house=frozenset(map(mailbox_address, Mailbox.objects.values_list("address", flat=True))),
            agents=frozenset(Agent.objects.values_list("email", flat=True)),
            customers=_customers([parsed.from_.email for _raw, parsed in mails if parsed.from_]),
            referred={header for header, _place in referred},
        )

    def add(self, message: Message) -> None:
        """Know of a message that was made of one of these mails."""
        self.added.add(message.conversation_id)
        if message.header_id:
            self.referred.add(message.header_id)
            self.written.add(message.header_id)

    def about_to_read(self, conversations: Collection[int | None]) -> None:
        """See to it that what these mails added to these conversations can be read."""
        if not self.added.isdisjoint(conversations):
            rows.write_now()

    def about_to_read_messages(self, header_ids: Collection[str]) -> None:
        """See to it that those that were made of these mails can be found by their Message-IDs."""
        if not self.written.isdisjoint(header_ids):
            rows.write_now()


def signed_addresses(raw: RawMail, mail: ParsedMail) -> list[str]:
    """The addresses a mail was sent to that have the form of one that we signed, for whatever room."""
    written = [person.email for person in (*mail.to, *mail.cc, *mail.delivered_to)]
    return [address for address in dict.fromkeys([*written, *raw.envelope_to]) if looks_signed(address)]


def conversations_named(raw: RawMail, mail: ParsedMail) -> Iterator[int]:
    """The conversations that a mail is sent to by reply addresses that we signed."""
    key = reply_key()
    for address in signed_addresses(raw, mail):
        number = conversation_of(address, key=key)
        if number:
            yield number


def conversations_claimed(raw: RawMail, mail: ParsedMail) -> list[int]:
    """The first few conversations that a mail is sent to by addresses of that form which nobody here signed.

    Anybody can write any number of them, so none is locked for it.
    """
    key = reply_key()
    claimed: dict[int, None] = {}
    for address in signed_addresses(raw, mail):
        number = conversation_claimed(address)
        if number and number <= LARGEST and conversation_of(address, key=key) is None:
            claimed[number] = None
        if len(claimed) == CLAIMS_READ:
            break
    return list(claimed)


def _hold_places(numbers: Collection[int]) -> None:
    """Lock where these mails may go on, in the order of ids in which all do who lock several."""
    if numbers:
        places = Conversation.objects.filter(pk__in=numbers).order_by("pk").select_for_update(of=("self",))
        list(places.values_list("pk", flat=True))


def _customers(addresses: Sequence[str]) -> dict[str, Customer]:
    held = CustomerAddress.objects.filter(address__in={address.lower() for address in addresses})
    return {row.address: row.customer for row in held.select_related("customer")}
