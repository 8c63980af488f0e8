"""Mails that a machine wrote: known by their fields, so that no machine is ever answered by one of ours."""

import re
from email.message import Message

from goodword.mail.parsing.addresses import addresses, reads_no_answer
from goodword.mail.parsing.headers import raw_field, raw_fields, text_field
from goodword.mail.parsing.parts import content_type, parameter
from goodword.mail.parsing.records import AutoKind, Automatic, Bounce
from goodword.mail.tables import folded, table

ABSENCE_LIMIT = 800

_GREETING = re.compile(r"[^,.!?\uff0c]{0,30}[,!\uff0c]\s*")


def automatic(message: Message, bounce: Bounce | None, reply: str) -> Automatic | None:
    """The kind of machine that wrote `message` and the sign it was known by; None for a person.

    `reply` is what the mail says without what it quotes.
    """
    return _report(message, bounce) or _answer(message, reply) or _list(message)


def null_sender(message: Message) -> bool:
    """Whether the mail was sent with the empty return path, which asks for no answer."""
    return any(value.strip() in {"<>", "< >"} for value in raw_fields(message, "Return-Path"))


def from_daemon(message: Message) -> bool:
    """Whether a mail server itself is the sender."""
    written = raw_field(message, "From").casefold()
    if written in {"<>", "< >"}:
        return True
    found = addresses(raw_field(message, "From"))
    local = found[0].key.partition("@")[0] if found else written.strip('<>" ').partition("@")[0].split(" ")[0]
    daemons = table("automatic")["senders"]["daemons"]
    return local in daemons or any(name in written for name in ("mailer-daemon", "mail delivery subsystem"))


def subject_says(message: Message, kind: str) -> bool:
    """Whether the subject begins with words that mails of this `kind` begin with."""
    subject = text_field(message, "Subject").casefold()
    return subject.startswith(tuple(table("automatic")["subjects"][kind]))


def _report(message: Message, bounce: Bounce | None) -> Automatic | None:
    report = (parameter(message, "report-type") or "").casefold()
    if report == "disposition-notification":
        return Automatic(AutoKind.RECEIPT, "It is a read receipt.")
    if report == "feedback-report":
        return Automatic(AutoKind.RECEIPT, "It is a report about spam.")
    if bounce:
        return Automatic(AutoKind.BOUNCE, bounce.diagnostic or "It reports that a mail did not arrive.")
    if report == "delivery-status" or (subject_says(message, "delay") and from_daemon(message)):
        return Automatic(AutoKind.RECEIPT, "It is a mail server's report about a delivery.")
    if from_daemon(message):
        return Automatic(AutoKind.RECEIPT, "A mail server wrote it.")
    if content_type(message) == "multipart/report":
        return Automatic(AutoKind.RECEIPT, "It is a report by a mail program.")
    return None


def _answer(message: Message, reply: str) -> Automatic | None:
    words = table("automatic")["headers"]
    submitted = raw_field(message, "Auto-Submitted").casefold().partition(";")[0].strip()
    if submitted and submitted != "no":
        return Automatic(AutoKind.AUTO_REPLY, f"Its field Auto-Submitted says '{submitted[:60]}'.")
    for name in words["auto_reply"]:
        if raw_field(message, name).casefold() not in {"", "no", "false"}:
            return Automatic(AutoKind.AUTO_REPLY, f"It has the field {name}.")
    if raw_field(message, "Precedence").casefold() in words["precedence_reply"]:
        return Automatic(AutoKind.AUTO_REPLY, "Its field Precedence says it is an automatic answer.")
    if subject_says(message, "auto_reply"):
        return Automatic(AutoKind.AUTO_REPLY, "Its subject says it is an automatic answer.")
    if subject_says(message, "receipt") and null_sender(message) and not _forwarded(message):
        return Automatic(AutoKind.RECEIPT, "It is a receipt by a mail program.")
    if _asks_for_no_answer(message):
        return Automatic(AutoKind.AUTO_REPLY, "It was sent with an empty return path.")
    if _absent(message, reply):
        return Automatic(AutoKind.AUTO_REPLY, "It begins as notes of absence do.")
    return None


def _asks_for_no_answer(message: Message) -> bool:
    """Whether the empty return path tells of a machine. Some servers forward people's mail with it, so it
    does so only where no person can be answered, or another field speaks for a machine, too.
    """
    if not null_sender(message) or _forwarded(message):
        return False
    if any(raw_field(message, name) for name in table("automatic")["headers"]["suspect"]):
        return True
    people = [*addresses(raw_field(message, "From")), *addresses(raw_field(message, "Reply-To"))]
    return all(reads_no_answer(one.email) for one in people)


def _forwarded(message: Message) -> bool:
    return any(raw_field(message, name) for name in table("automatic")["headers"]["forwarded"])


def _absent(message: Message, reply: str) -> bool:
    """Whether a short answer that asks nothing begins like a note of absence; a longer one is a person's."""
    if len(reply) > ABSENCE_LIMIT or not (
        raw_field(message, "In-Reply-To") or raw_field(message, "References")
    ):
        return False
    words = " ".join(reply.split()).casefold()
    said = (words, _GREETING.sub("", words, count=1))
    asks = "?" in words or "\uff1f" in words
    return not asks and any(text.startswith(folded("automatic", "bodies", "auto_reply")) for text in said)


def _list(message: Message) -> Automatic | None:
    words = table("automatic")["headers"]
    for name in (*words["list"], "list-unsubscribe"):
        if raw_field(message, name):
            return Automatic(AutoKind.LIST, f"It has the field {name}.")
    if raw_field(message, "Precedence").casefold() in words["precedence_list"]:
        return Automatic(AutoKind.LIST, "Its field Precedence says it went to many.")
    return None
