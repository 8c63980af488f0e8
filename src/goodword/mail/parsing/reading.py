"""From the bytes of a mail to what the house knows of it."""

from collections.abc import Mapping
from email.message import Message

from goodword.mail import html_quotes, quotes
from goodword.mail.parsing.addresses import addresses, first_address
from goodword.mail.parsing.authentication import claims
from goodword.mail.parsing.automatic import automatic
from goodword.mail.parsing.bounces import bounce
from goodword.mail.parsing.headers import (
    SUBJECT_LIMIT,
    chain,
    identifiers,
    moment,
    raw_field,
    raw_fields,
    text_field,
)
from goodword.mail.parsing.parts import body_of
from goodword.mail.parsing.records import NOBODY, Address, AutoKind, ParsedMail, Unreadable, Verdicts
from goodword.mail.parsing.tree import TOO_DEEP, message_tree
from goodword.mail.tables import table

_SENDER_FIELDS = ("From", "Sender", "Reply-To", "X-Original-From", "Return-Path")
_DELIVERY_FIELDS = ("Delivered-To", "X-Original-To", "X-Envelope-To", "Envelope-To", "X-Forwarded-To")


def parse(raw: bytes, *, envelope_from: str | None = None) -> ParsedMail:
    """The mail in `raw`, understood as far as it can be.

    `envelope_from` is the sender named on delivery, used when the mail itself names none; `NOBODY` is the
    empty one, by which machines ask for no answer, and None an unknown one. Raises Unreadable, with a
    sentence for people, for the few mails that cannot become a message; nothing else is raised for any bytes.
    """
    if not raw.strip():
        raise Unreadable("The mail is empty: it holds no line at all.")
    try:
        return _parsed(raw, envelope_from)
    except RecursionError:
        raise Unreadable(TOO_DEEP) from None


def _parsed(raw: bytes, envelope_from: str | None) -> ParsedMail:
    message = message_tree(raw)
    if envelope_from == NOBODY:
        # As the last server on its way notes it, where it notes the envelope at all (RFC 5321, 4.4).
        message["Return-Path"] = NOBODY
    body = body_of(message)
    failed = bounce(message, raw)
    text = body.text
    sender = _sender(message, envelope_from)
    divided = quotes.split(text, sender=sender.name if sender else "")
    machine = automatic(message, failed, divided.reply)
    if sender is None and (machine is None or machine.kind not in {AutoKind.BOUNCE, AutoKind.RECEIPT}):
        raise Unreadable(_senderless(message))
    html_reply, html_quote = html_quotes.split(body.html) if body.html else (None, None)
    return ParsedMail(
        message_id=next(iter(identifiers(raw_field(message, "Message-ID"))), None),
        in_reply_to=identifiers(raw_field(message, "In-Reply-To")),
        references=chain(raw_field(message, "References")),
        subject=text_field(message, "Subject")[:SUBJECT_LIMIT],
        from_=sender,
        reply_to=addresses(raw_field(message, "Reply-To")),
        to=_all(message, "To"),
        cc=_all(message, "Cc"),
        delivered_to=_all(message, *_DELIVERY_FIELDS),
        date=moment(raw_field(message, "Date")),
        text=text,
        html=body.html,
        reply_text=divided.reply,
        quoted_text=divided.quoted,
        signature=divided.signature,
        reply_html=html_reply,
        quoted_html=html_quote,
        attachments=tuple(body.attachments),
        automatic=machine,
        bounced=failed,
        headers=_kept(message),
        verdicts=_verdicts(message),
    )


def _sender(message: Message, envelope_from: str | None) -> Address | None:
    for name in _SENDER_FIELDS:
        for value in raw_fields(message, name):
            found = first_address(value)
            if found:
                return found
    return first_address(envelope_from or "")


def _senderless(message: Message) -> str:
    written = text_field(message, "From")[:100]
    if written:
        return f"The mail says it is from '{written}', which is no address that could be answered."
    return "The mail names no sender, so it cannot be answered or put with a customer."


def _all(message: Message, *names: str) -> tuple[Address, ...]:
    found: dict[str, Address] = {}
    for name in names:
        for value in raw_fields(message, name)[:20]:
            for address in addresses(value):
                found.setdefault(address.key, address)
    return tuple(found.values())


def _kept(message: Message) -> Mapping[str, str]:
    names = table("automatic")["headers"]["kept"]
    return {name: value[:1000] for name in names if (value := text_field(message, name))}


def _verdicts(message: Message) -> Verdicts:
    flagged = raw_field(message, "X-Spam-Flag").casefold() == "yes"
    return Verdicts(claims=claims(message), spam=flagged or raw_field(message, "X-Spam").casefold() == "yes")
