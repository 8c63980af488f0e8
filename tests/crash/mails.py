"""The mails of a run, each with what must become of it."""

import hashlib
import random
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

CARE, SALES = "care@house.example", "sales@house.example"
WORDS = [
    "The",
    "parcel",
    "came",
    "with",
    "a",
    "cracked",
    "lid",
    "and",
    "I",
    "would",
    "like",
    "to",
    "know",
    "whether",
    "a",
    "new",
    "one",
    "can",
    "be",
    "sent",
    "before",
    "the",
    "weekend,",
    "since",
    "the",
    "guests",
    "arrive",
    "on",
    "Saturday",
    "and",
    "there",
    "is",
    "nothing",
    "else",
    "to",
    "serve",
    "the",
    "soup",
    "from.",
]

BOUNCE = """\
From: MAILER-DAEMON@relay.example
To: {box}
Subject: Undelivered Mail Returned to Sender
Message-ID: {number}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="apart"

--apart
Content-Type: text/plain

Your mail to {lost} could not be delivered.
--apart
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; {lost}
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 mailbox full

--apart
Content-Type: text/rfc822-headers

Message-ID: {original}
To: {lost}

--apart--
"""


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply of ours as it arrived at the sink."""

    message_id: str
    to: tuple[str, ...]
    answer_to: str
    customer: int


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail on its way in: whose it is, for which mailboxes, and which reply of ours it must stand under."""

    raw: bytes
    sender: str
    customer: int
    mailboxes: tuple[str, ...] = (CARE,)
    written_to: tuple[str, ...] = ()
    kind: str = "new"
    joins: str = ""

    @property
    def recipients(self) -> tuple[str, ...]:
        """The addresses of the envelope."""
        return self.written_to or self.mailboxes

    @property
    def digest(self) -> str:
        """What its stored bytes are known by."""
        return hashlib.sha256(self.raw).hexdigest()


def address(customer: int) -> str:
    """Where a customer gets their mail."""
    return f"customer{customer}@c{customer % 40}.example"


def token(customer: int) -> str:
    """Words that stand in every mail of a customer and in every answer to them."""
    return f"account K-{customer:06d}"


class Maker:
    """Makes mails of every kind out of one source of chance."""

    def __init__(self, chance: random.Random, hostile: Path | None) -> None:
        self.chance = chance
        self.files = sorted(hostile.glob("**/*.eml")) if hostile else []
        chance.shuffle(self.files)
        self.customers = 0
        self.number = 0

    def new(self) -> Mail:
        """A new customer writes for the first time, now and then to two mailboxes at once."""
        self.customers += 1
        both = self.chance.random() < 0.05
        boxes = (CARE, SALES) if both else (self.chance.choice([CARE, SALES]),)
        mail = self._mail(self.customers, boxes)
        if self.chance.random() < 0.05:
            del mail["Message-ID"]
        return self._made(mail, self.customers, kind="new", mailboxes=boxes)

    def answer(self, reply: Reply) -> Mail:
        """The customer answers a reply of ours: to its signed address, or to the mailbox by References."""
        signed = self.chance.random() < 0.5 and reply.answer_to
        box = _mailbox_of(reply.answer_to)
        mail = self._mail(reply.customer, (reply.answer_to if signed else box,))
        mail["In-Reply-To"] = reply.message_id
        mail["References"] = reply.message_id
        return self._made(
            mail,
            reply.customer,
            kind="answer",
            mailboxes=(box,),
            written_to=(reply.answer_to,) if signed else (),
            joins=reply.message_id,
        )

    def forged(self, reply: Reply) -> Mail:
        """A stranger names a reply that went to somebody else; it must not join."""
        self.customers += 1
        box = _mailbox_of(reply.answer_to)
        mail = self._mail(self.customers, (box,))
        mail["References"] = reply.message_id
        mail.replace_header("Subject", "Re: the parcel")
        return self._made(mail, self.customers, kind="forged", mailboxes=(box,))

    def bounce(self, reply: Reply) -> Mail:
        """A mail server says that it could not deliver a reply of ours."""
        box = _mailbox_of(reply.answer_to)
        text = BOUNCE.format(
            number=self._identifier("relay.example"), box=box, lost=reply.to[0], original=reply.message_id
        )
        return Mail(
            raw=text.replace("\n", "\r\n").encode(), sender="", customer=reply.customer, mailboxes=(box,),
            kind="bounce", joins=reply.message_id,
        )  # fmt: skip

    def absent(self, reply: Reply) -> Mail:
        """The customer's absence note; it stands under the reply and nobody answers it."""
        box = _mailbox_of(reply.answer_to)
        mail = self._mail(reply.customer, (reply.answer_to,))
        mail["In-Reply-To"] = reply.message_id
        mail["Auto-Submitted"] = "auto-replied"
        return self._made(
            mail,
            reply.customer,
            kind="absence",
            mailboxes=(box,),
            written_to=(reply.answer_to,),
            joins=reply.message_id,
        )

    def wild(self) -> Mail:
        """A mail as the worst programs write them: broken bytes, or one of the given files."""
        self.customers += 1
        known = bool(self.files) and self.chance.random() < 0.8
        body = (
            self.files.pop().read_bytes() if known else self.chance.randbytes(self.chance.randrange(20, 5000))
        )
        head = f"X-Delivery: {self._identifier('wild.example')}\r\n".encode()
        raw = b"\r\n".join((head + body).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"))
        return Mail(raw=raw + b"\r\n", sender=address(self.customers), customer=0, kind="wild")

    def _mail(self, customer: int, to: tuple[str, ...]) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        mail["From"] = f"Customer {customer} <{address(customer)}>"
        mail["To"] = ", ".join(to)
        mail["Subject"] = "The parcel"
        mail["Message-ID"] = self._identifier(f"c{customer % 40}.example")
        said = " ".join(self.chance.choices(WORDS, k=self.chance.randrange(20, 120)))
        mail.set_content(f"Hello,\n\nthis is about {token(customer)}. {said}\n\nCustomer {customer}\n")
        if self.chance.random() < 0.2:
            data = self.chance.randbytes(self.chance.randrange(100, 60_000))
            mail.add_attachment(data, "application", "octet-stream", filename="photo.bin")
        return mail

    def _made(self, mail: EmailMessage, customer: int, *, kind: str, mailboxes: tuple[str, ...],
              written_to: tuple[str, ...] = (), joins: str = "") -> Mail:  # fmt: skip
        return Mail(
            raw=mail.as_bytes(), sender=address(customer), customer=customer, kind=kind,
            mailboxes=mailboxes, written_to=written_to, joins=joins,
        )  # fmt: skip

    def _identifier(self, domain: str) -> str:
        self.number += 1
        return f"<{self.number}.{self.chance.getrandbits(48):x}@{domain}>"


def _mailbox_of(signed: str) -> str:
    local, _at, domain = signed.partition("@")
    return f"{local.partition('+')[0]}@{domain}"
