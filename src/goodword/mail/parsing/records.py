"""What a parsed mail is made of: plain, immutable records."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

# The sender on the envelope of a mail that asks for no answer and no report.
NOBODY = "<>"


class Unreadable(Exception):
    """A mail that cannot become a message. `reason` is a sentence for the people at the desk."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AutoKind(enum.StrEnum):
    """Why nobody should get an automatic answer to this mail."""

    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    LIST = "list"
    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox of somebody: `name` may be empty, `email` is `local@domain` with the domain in lower case."""

    name: str
    email: str

    @property
    def key(self) -> str:
        """What two spellings of one address share."""
        return self.email.casefold()

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the mail that is not its body. `data` is decoded and otherwise untouched."""

    filename: str
    content_type: str
    content_id: str | None
    disposition: str | None
    data: bytes = field(repr=False)
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Automatic:
    """A mail written by a machine: of what kind, and by which sign it was known."""

    kind: AutoKind
    reason: str


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report that a mail of ours did not arrive: whom it did not reach, and which mail it was.

    `reply_addresses` are those in it that look like signed reply addresses, for a report that names no mail.
    """

    addresses: tuple[str, ...]
    original_message_id: str | None
    status: str
    diagnostic: str
    reply_addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one check: `method` is spf, dkim or dmarc, `result` pass, fail, none, ..., and `domain`
    the one that was checked.
    """

    method: str
    result: str
    domain: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What a server says that it checked. `server` is the name it gives itself, '' for one that gives none;
    claims with one number of `block` stand right below one another.
    """

    server: str
    block: int
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What servers on its way wrote of the mail, the latest first, true or not; and whether one of them took
    it for spam.
    """

    claims: tuple[Claim, ...]
    spam: bool


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail as the rest of the house reads it. Text fields hold no control characters but line feeds and
    tabs.

    `text` is the whole plain body and `html` the whole HTML body as sent (never show it without
    `html.clean`). `reply_text`, `quoted_text` and `signature` divide `text`; `reply_html` and `quoted_html`
    divide `html`. `from_` is None only for a bounce whose sender has no address.
    """

    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    subject: str
    from_: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    delivered_to: tuple[Address, ...]
    date: datetime | None
    text: str
    html: str | None
    reply_text: str
    quoted_text: str
    signature: str
    reply_html: str | None
    quoted_html: str | None
    attachments: tuple[Part, ...]
    automatic: Automatic | None
    bounced: Bounce | None
    headers: Mapping[str, str]
    verdicts: Verdicts

    @property
    def auto(self) -> AutoKind | None:
        """The kind of machine that wrote it; None for a person."""
        return self.automatic.kind if self.automatic else None

    @property
    def thread_ids(self) -> tuple[str, ...]:
        """The Message-IDs this mail says it answers, the nearest first."""
        return tuple(dict.fromkeys((*self.in_reply_to, *reversed(self.references))))
