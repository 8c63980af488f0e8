"""Conversations of the sample as rows: messages, mails, promises, and who did what when."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from goodword.inbox.markdown import as_html
from goodword.inbox.models import (
    Assignment,
    Attachment,
    Closure,
    Conversation,
    ConversationTag,
    Draft,
    Mention,
    Message,
    Participant,
    Presence,
    Snooze,
)
from goodword.mail.composing import Letter, compose, reply_subject
from goodword.mail.models import Blob, Delivery, OutgoingMail, RawMail
from goodword.mail.parsing import Address
from goodword.staff.models import Agent

from . import days, script
from .company import Case
from .house import House
from .ledger import Happening, Ledger
from .story import Said

TABLES = (
    Blob,
    RawMail,
    Delivery,
    OutgoingMail,
    Conversation,
    Participant,
    Message,
    Draft,
    Attachment,
    Mention,
    Assignment,
    Closure,
    Snooze,
    ConversationTag,
    Presence,
)
PREVIEW = 200
KEEP_RAW = timedelta(days=30)  # older letters of the sample come without their original
FAILED = (OutgoingMail.State.FAILED, OutgoingMail.State.UNKNOWN)
Read = Callable[[str, datetime], dict[str, Any] | None]


@dataclass(slots=True)
class Filed:
    """A conversation's rows while they are gathered."""

    case: Case
    place: Conversation
    owner: Agent
    address: Address
    messages: list[Message] = field(default_factory=list)

    @property
    def chain(self) -> list[str]:
        """Message-IDs of the letters so far, oldest first."""
        return [message.header_id for message in self.messages if message.header_id]


class Filing:
    """Turns cases into rows."""

    def __init__(self, house: House, ledger: Ledger, *, read: Read, now: datetime) -> None:
        self.house, self.ledger, self.read = house, ledger, read
        self.domain: str = script.table("company")["domain"]
        self.keep_since = now - KEEP_RAW
        self.chance = Random(91)  # noqa: S311 nothing secret is drawn

    def file(self, case: Case) -> Filed:
        """Note down a case and everything that hangs on it."""
        filed = self._opened(case)
        for said in case.story.said:
            {"customer": self._heard, "agent": self._answered, "note": self._noted}[said.by](filed, said)
        for tag in case.tags:
            self._tagged(filed, tag)
        self._settled(filed)
        sum_up(filed)
        return filed

    def _opened(self, case: Case) -> Filed:
        first = case.story.said[0]
        clerk = case.owner
        place = self.ledger.add(
            Conversation(
                customer=self.house.customers[case.writer.number],
                mailbox=self.house.mailbox_of(case.story.scenario.team),
                subject=case.story.subject,
                opened_at=first.at,
                state=case.state,
                assignee=self.house.agents[clerk.key] if clerk else None,
                snoozed_until=case.snoozed_until,
                feeling=case.story.scenario.feeling,
                feeling_strength=0 if case.story.scenario.feeling == "calm" else 2,
            )
        )
        self.ledger.add(Participant(conversation=place, address=case.address, since=first.at))
        owner = self.house.agents[clerk.key] if clerk else self.house.agents["ben"]
        filed = Filed(case, place, owner, Address(case.writer.name, case.address))
        self.tell(filed, first.at, "conversation.opened")
        if clerk:
            at = first.at + timedelta(minutes=2)
            self.ledger.add(Assignment(conversation=place, agent=owner, by=owner, at=at))
            self.tell(filed, at, "conversation.assigned", owner, to=owner, before=None)
        return filed

    def _heard(self, filed: Filed, said: Said) -> None:
        reading = self.read(said.text, said.at)
        before = [message for message in filed.messages if message.kind == Message.Kind.REPLY]
        subject = reply_subject(filed.place.subject) if before else filed.place.subject
        identity = self._identity(filed.address.email.split("@")[1])
        quoted = _quoted(before[-1]) if before and self.chance.random() < 0.6 else ""
        message = self._message(
            filed,
            Message.Kind.CUSTOMER,
            said,
            customer=filed.place.customer,
            sender_name=filed.address.name,
            sender_address=filed.address.email,
            to=[{"name": "", "email": filed.place.mailbox.address if filed.place.mailbox else ""}],
            answer_to=[{"name": filed.address.name, "email": filed.address.email}],
            subject=subject,
            quoted=quoted,
            header_id=identity,
            references=filed.chain,
            raw_mail=self._kept(
                filed, said.at, identity, subject, "\n\n".join(filter(None, [said.text, quoted]))
            ),
            reading=reading,
        )
        self.tell(filed, said.at, "message.received", message=message)

    def _answered(self, filed: Filed, said: Said) -> None:
        identity = self._identity(self.domain)
        subject = reply_subject(filed.place.subject)
        html = as_html(said.text)
        sender = self._sender(filed)
        outgoing = self.ledger.add(
            OutgoingMail(
                message_id=identity,
                sender=f'"{sender.name}" <{sender.email}>',
                recipients=[filed.address.email],
                subject=subject,
                raw=self._mail(filed, said.at, identity, subject, text=said.text, html=html),
                state=OutgoingMail.State.SENT,
                created_at=said.at,
                not_before=said.at,
                attempts=1,
                settled_at=said.at + timedelta(seconds=14),
            )
        )
        message = self._message(
            filed,
            Message.Kind.REPLY,
            said,
            agent=filed.owner,
            sender_name=sender.name,
            sender_address=sender.email,
            to=[{"name": filed.address.name, "email": filed.address.email}],
            subject=subject,
            html=html,
            markdown=said.text,
            header_id=identity,
            references=filed.chain,
            outgoing=outgoing,
        )
        self.tell(filed, said.at, "reply.queued", filed.owner, message=message)
        told: dict[str, Any] = {"message": message, "author": filed.owner, "state": "sent", "error": ""}
        self.tell(filed, said.at + timedelta(seconds=14), "reply.sent", **told)

    def _noted(self, filed: Filed, said: Said) -> None:
        message = self._message(
            filed,
            Message.Kind.NOTE,
            said,
            agent=filed.owner,
            sender_name=filed.owner.name,
            html=as_html(said.text),
            markdown=said.text,
        )
        named = self.house.agents[said.mentions]
        old = filed.case.state == "closed"
        seen = said.at + timedelta(hours=1) if old else None
        self.ledger.add(Mention(message=message, agent=named, seen_at=seen))
        self.tell(filed, said.at, "note.added", filed.owner, message=message)
        self.tell(filed, said.at, "agent.mentioned", filed.owner, message=message, to=named)

    def _settled(self, filed: Filed) -> None:
        case, last = filed.case, filed.case.story.said[-1].at
        if case.closed_at:
            self.ledger.add(Closure(conversation=filed.place, by=filed.owner, at=case.closed_at))
            self.tell(filed, case.closed_at, "conversation.closed", filed.owner)
        if case.snoozed_until:
            at, until = last + timedelta(minutes=3), case.snoozed_until
            self.ledger.add(Snooze(conversation=filed.place, by=filed.owner, at=at, until=until))
            self.tell(filed, at, "conversation.snoozed", filed.owner, until=until.isoformat())

    def _tagged(self, filed: Filed, tag: str) -> None:
        at = filed.place.opened_at + timedelta(minutes=3)
        self.ledger.add(
            ConversationTag(conversation=filed.place, tag=self.house.tags[tag], by=filed.owner, at=at)
        )
        self.tell(filed, at, "conversation.tagged", filed.owner, tag=tag)

    def _message(self, filed: Filed, kind: Message.Kind, said: Said, **fields: Any) -> Message:
        message = self.ledger.add(
            Message(
                conversation=filed.place,
                kind=kind,
                at=said.at,
                text=said.text,
                revision=len(filed.messages) + 1,
                **fields,
            )
        )
        filed.messages.append(message)
        return message

    def tell(self, filed: Filed, at: datetime, kind: str, agent: Agent | None = None, **facts: Any) -> None:
        """Note down what happened in a conversation."""
        self.ledger.tell(Happening(at, kind, agent=agent, conversation=filed.place, facts=facts))

    def _identity(self, domain: str) -> str:
        return f"<{uuid.UUID(int=self.chance.getrandbits(128), version=4)}@{domain}>"

    def _sender(self, filed: Filed) -> Address:
        mailbox = filed.place.mailbox
        assert mailbox is not None
        return Address(filed.owner.name, mailbox.address)

    def _mail(
        self,
        filed: Filed,
        at: datetime,
        identity: str,
        subject: str,
        *,
        text: str,
        html: str | None = None,
        incoming: bool = False,
    ) -> bytes:
        mailbox = filed.place.mailbox
        assert mailbox is not None
        house = Address(mailbox.name, mailbox.address)
        return compose(
            Letter(
                message_id=identity,
                sender=filed.address if incoming else self._sender(filed),
                to=[house if incoming else filed.address],
                subject=subject,
                text=text,
                html=html,
                at=at,
                in_reply_to=filed.chain[-1] if filed.chain else None,
                references=filed.chain,
            )
        )

    def _kept(self, filed: Filed, at: datetime, identity: str, subject: str, text: str) -> RawMail | None:
        if at < self.keep_since:
            return None
        raw = self._mail(filed, at, identity, subject, text=text, incoming=True)
        kept = self.ledger.add(
            RawMail(
                mailbox=filed.place.mailbox,
                identity=identity,
                raw=raw,
                size=len(raw),
                source="sample",
                envelope_from=filed.address.email,
                envelope_to=[filed.place.mailbox.address if filed.place.mailbox else ""],
                received_at=at,
                state=RawMail.State.DONE,
                attempts=1,
            )
        )
        self.ledger.add(Delivery(mailbox=kept.mailbox, raw_mail=kept, source=kept.source, at=at))
        return kept


def sum_up(filed: Filed) -> None:
    """Set what the conversation repeats of its messages, as `inbox.actions` would."""
    place, kind = filed.place, Message.Kind
    spoken = [message for message in filed.messages if message.kind in {kind.CUSTOMER, kind.REPLY}]
    news = [
        message for message in filed.messages if message.kind in {*(kind.CUSTOMER, kind.REPLY), kind.NOTE}
    ]
    arrived = [
        message.at
        for message in spoken
        if message.kind == kind.REPLY and message.outgoing and message.outgoing.state not in FAILED
    ]
    waiting = [
        message.at
        for message in spoken
        if message.kind == kind.CUSTOMER and (not arrived or message.at > arrived[-1])
    ]
    replies = [message for message in spoken if message.kind == kind.REPLY]
    place.last_at = news[-1].at
    place.preview = " ".join(spoken[-1].text[:1000].split())[:PREVIEW]
    place.message_count = place.revision = len(filed.messages)
    place.waiting_since = waiting[0] if waiting and place.state != Conversation.State.CLOSED else None
    place.send_failed = bool(replies and replies[-1].outgoing and replies[-1].outgoing.state in FAILED)
    heard = [message.reading for message in spoken if message.kind == kind.CUSTOMER and message.reading]
    if heard and heard[-1].get("language") == "en":
        place.feeling = heard[-1].get("feeling") or ""
        place.feeling_strength = heard[-1].get("strength") or 0
        place.urgency = heard[-1].get("urgency") or 0


def _quoted(reply: Message) -> str:
    head = f"On {days.said(reply.at.date(), 'en')} at {reply.at:%H:%M}, {reply.sender_name} wrote:"
    return "\n".join([head, *(f"> {line}".rstrip() for line in reply.text.splitlines())])
