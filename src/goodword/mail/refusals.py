"""What a mail server's refusal means: in plain words, for whom, and for how long."""

import re
from collections.abc import Mapping

from goodword.mail.tables import table

_ENHANCED = re.compile(r"\b[245]\.(\d{1,3}\.\d{1,3})\b")

Refused = Mapping[str, tuple[int, bytes]]


def words(text: bytes | str) -> str:
    """What a server said, on one line."""
    said = text.decode("utf-8", errors="replace") if isinstance(text, bytes) else text
    return " ".join(said.split()).rstrip(".")[:300]


def enhanced(text: str) -> str:
    """The enhanced status code in a server's words or a report, without its first digit; '' without one."""
    found = _ENHANCED.search(text)
    return found[1] if found else ""


def meaning(code: int | None, text: str) -> str:
    """A sentence in plain words; '' when nothing is known of it."""
    known = table("refusals")
    sentence: str = known["meaning"].get(enhanced(text), "") or known["plain"].get(str(code or ""), "")
    return sentence


def explained(code: int, text: bytes | str) -> str:
    """The meaning in plain words, and the server's own words beside it."""
    said = words(text)
    return f"{meaning(code, said)} The mail server said: {code} {said}.".strip()


def each_explained(refused: Refused) -> str:
    """Of each recipient why they did not get it; '' when all got it."""
    return " ".join(
        f"{address} did not get it. {explained(code, text)}"
        for address, (code, text) in list(refused.items())[:5]
    )


def is_unknown_address(code: str) -> bool:
    """Whether an enhanced status code without its first digit says that nobody has this address."""
    return code in table("refusals")["codes"]["unknown_address"]


def unknown_addresses(refused: Refused) -> tuple[str, ...]:
    """The recipients of whom a server said for good that there is no such address."""
    return tuple(
        address
        for address, (code, text) in refused.items()
        if code >= 500 and is_unknown_address(enhanced(words(text)))
    )


def is_of_one_recipient(text: bytes | str) -> bool:
    """Whether a refusal is about a recipient, such as a full mailbox, and says nothing of their domain."""
    code = enhanced(words(text))
    return bool(code) and code.partition(".")[0] in table("refusals")["codes"]["one_recipient"]


def is_about_sender(code: int, text: bytes | str, *, mail_seen: bool = False) -> bool:
    """Whether a refusal for good may mean that we must not use this sender on an envelope.

    Without an enhanced code it may mean anything; of a server that has seen the mail (`mail_seen`) its words
    have to speak of the sender.
    """
    if code < 500:
        return False
    known, said = table("refusals"), words(text).casefold()
    if status := enhanced(said):
        return status in known["codes"]["sender"]
    return not mail_seen or any(word in said for word in known["words"]["sender"])
