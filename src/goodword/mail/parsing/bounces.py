"""Reports that a mail did not arrive: whom it did not reach, why, and which mail of ours it was."""

import logging
import re
from email import message_from_bytes
from email.message import Message
from itertools import islice

from flufl.bounce import all_failures

from goodword.mail.parsing.addresses import addresses, plausible
from goodword.mail.parsing.automatic import from_daemon, null_sender, subject_says
from goodword.mail.parsing.charsets import clean, decode
from goodword.mail.parsing.headers import decode_words, identifiers, raw_field
from goodword.mail.parsing.parts import content_type, leaves, parameter, payload
from goodword.mail.parsing.records import Bounce
from goodword.mail.tables import table

SCAN_LIMIT = 400_000
ADDRESS_LIMIT = 200
NO_FAILURE = {"delayed", "delivered", "relayed", "expanded"}

# It tells of each detector it tries, and of each that fails: neither is news to anybody.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)

_FIELD = re.compile(r"^([A-Za-z-]{3,40}):[ \t]*(.*(?:\n[ \t]+.*)*)", re.MULTILINE)
_ORIGINAL_ID = re.compile(
    r"^[ \t>|]*Message-I[Dd]:[ \t]*\n?[ \t]*(<[^<>\s]{3,300}>)", re.MULTILINE | re.IGNORECASE
)
_QUOTED_MAIL = re.compile(r"^(?:Received|Return-Path|From|Message-I[Dd]):", re.MULTILINE)
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_SIGNED = re.compile(
    r"[\w.-]{1,64}\+c[0-9a-z]{1,13}\.[a-z2-7]{16}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}", re.IGNORECASE
)
_STATUS = re.compile(r"\b([45]\.\d{1,3}\.\d{1,3})\b")


def bounce(message: Message, raw: bytes) -> Bounce | None:
    """What a report of failed delivery says; None when `message` is no such report."""
    report = (parameter(message, "report-type") or "").casefold()
    if report in {"disposition-notification", "feedback-report"} or subject_says(message, "delay"):
        return None
    statuses = _statuses(message)
    failed = [item for item in statuses if item.get("action", "").strip().casefold() not in NO_FAILURE]
    if statuses and not failed:
        return None
    named = _named(failed) or _header_named(message)
    looks_like_one = (
        bool(failed) or from_daemon(message) or null_sender(message) or subject_says(message, "bounce")
    )
    if not named and looks_like_one:
        named = _scanned(raw) or _spoken(message)
    sent_by_machine = from_daemon(message) or null_sender(message)
    if not (named and looks_like_one) and not (subject_says(message, "bounce") and sent_by_machine):
        return None
    first = failed[0] if failed else {}
    diagnostic = decode_words(first.get("diagnostic-code", "").partition(";")[2] or first.get("status", ""))
    text = "" if first.get("status") else _beginning(message)
    found = _STATUS.search(first.get("status", "") or text)
    return Bounce(
        addresses=tuple(named[:ADDRESS_LIMIT]),
        original_message_id=_original_id(message),
        status=found[1] if found else "",
        diagnostic=diagnostic[:500],
        reply_addresses=_reply_addresses(message),
    )


def _statuses(message: Message) -> list[dict[str, str]]:
    """The blocks of the machine-readable report, one for each recipient, with field names in lower case."""
    found: list[dict[str, str]] = []
    for part in leaves(message):
        if content_type(part) in {"message/delivery-status", "message/global-delivery-status"}:
            text = clean(decode(payload(part)[:SCAN_LIMIT], None))
            blocks = [
                {key.casefold(): value for key, value in _FIELD.findall(block)}
                for block in text.split("\n\n")
            ]
            found += [
                block for block in blocks if "final-recipient" in block or "original-recipient" in block
            ]
    return found


def _named(blocks: list[dict[str, str]]) -> list[str]:
    written = [block.get("original-recipient") or block.get("final-recipient", "") for block in blocks]
    emails = [plausible(value.partition(";")[2].strip().strip("<>")) for value in written]
    return list(dict.fromkeys(email for email in emails if email))


def _header_named(message: Message) -> list[str]:
    emails = [
        plausible(word.strip("<>"))
        for word in raw_field(message, "X-Failed-Recipients").replace(",", " ").split()
    ]
    return [email for email in emails if email]


def _scanned(raw: bytes) -> list[str]:
    """Addresses found by the detectors for mail servers that write reports of their own kind."""
    try:
        _delayed, failed = all_failures(message_from_bytes(raw[:SCAN_LIMIT]))
    except Exception:  # the detectors are another house's code, and a mail must never stop on them
        return []
    emails = [plausible(decode(address, None)) for address in failed]
    return sorted({email for email in emails if email})


def _spoken(message: Message) -> list[str]:
    """The first address that the words of a report name, before the mail it quotes, other than its own
    reader's.
    """
    if not subject_says(message, "bounce") or not (from_daemon(message) or null_sender(message)):
        return []  # a customer, too, may write about a parcel that was undeliverable
    words = _QUOTED_MAIL.split(_beginning(message), maxsplit=1)[0]
    readers = {
        person.key for name in ("To", "Delivered-To") for person in addresses(raw_field(message, name))
    }
    daemons = table("automatic")["senders"]["daemons"]
    for written in _EMAIL.findall(words):
        email = plausible(written.rstrip("."))
        if email and email.casefold() not in readers and email.partition("@")[0].casefold() not in daemons:
            return [email]
    return []


def _original_id(message: Message) -> str | None:
    """The Message-ID of the mail that did not arrive: from the enclosed mail or fields, else from the
    text.
    """
    for wanted in ("message/", "text/rfc822", ""):
        for part in leaves(message):
            if content_type(part).startswith(wanted) and content_type(part) != "message/delivery-status":
                found = _ORIGINAL_ID.search(clean(decode(payload(part)[:SCAN_LIMIT], None)))
                if found:
                    return next(iter(identifiers(found[1])), None)
    return None


def _reply_addresses(message: Message) -> tuple[str, ...]:
    """The addresses with a signature in what the report repeats of our mail."""
    texts = (clean(decode(payload(part)[:SCAN_LIMIT], None)) for part in leaves(message))
    found = dict.fromkeys(written for text in islice(texts, 20) for written in _SIGNED.findall(text))
    return tuple(found)[:20]


def _beginning(message: Message) -> str:
    first = next(leaves(message), None)
    return clean(decode(payload(first)[:20_000], None)) if first is not None else ""
