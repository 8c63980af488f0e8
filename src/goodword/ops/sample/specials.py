"""What happens now and then: mails that fail or bounce, machines that answer, a file, a draft, a merge."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from goodword.events.models import Event
from goodword.inbox.actions.merging import merge
from goodword.inbox.models import Attachment, Draft, Merge, Message, Presence
from goodword.mail.models import Blob, Delivery, OutgoingMail, RawMail

from . import script
from .desk import Filed, Filing, sum_up
from .ledger import Happening
from .picture import broken_pot

AUTOMATIC, BOUNCED, MERGES = 4, 2, 6
PHOTOS, PICTURES = 12, 4
DRAFTS = 3
# Colleagues who look at a conversation while the visitor does; a real one is seen for a minute at a time.
LOOKING = timedelta(minutes=45)


def happen(filed: list[Filed], filing: Filing, *, now: datetime) -> None:
    """Note down the specials among these conversations."""
    facts = script.table("specials")
    answered = _answered(filed)
    _failed(next(answered), OutgoingMail.State.FAILED, facts["failed"]["error"], filing)
    _failed(next(answered), OutgoingMail.State.UNKNOWN, facts["unknown"]["error"], filing)
    for _ in range(BOUNCED):
        _bounced(next(answered), facts["bounce"], filing, now)
    for _ in range(AUTOMATIC):
        _automatic(next(answered), facts["automatic"], filing, now)
    _needs_person(facts["broken_mail"], filing, now)
    _photos(filed, filing)
    _drafts(filed, facts["draft"], filing, now)


def join(filed: list[Filed], *, now: datetime) -> None:
    """Merge some conversations of one customer that are about the same; for rows that are written."""
    by_customer: dict[int, Filed] = {}
    done = 0
    for one in filed:
        other = by_customer.get(one.case.writer.number)
        by_customer[one.case.writer.number] = one
        if not other or done == MERGES or other.case.story.scenario.team != one.case.story.scenario.team:
            continue
        close = one.place.opened_at - other.place.opened_at < timedelta(days=6)
        if close and one.case.state == other.case.state == "closed":
            made = merge(source=other.place, target=one.place, agent=one.owner)
            at = min(now, one.messages[-1].at + timedelta(minutes=4))
            Merge.objects.filter(pk=made.pk).update(at=at)
            Event.objects.filter(kind="conversation.merged", data__merge=made.pk).update(at=at)
            by_customer.pop(one.case.writer.number)
            done += 1


def _answered(filed: list[Filed]) -> Iterator[Filed]:
    """Open conversations whose newest message is our reply, newest first."""
    for one in reversed(filed):
        last = one.messages[-1]
        if one.case.state == "open" and last.kind == Message.Kind.REPLY:
            yield one


def _failed(one: Filed, state: OutgoingMail.State, error: str, filing: Filing) -> None:
    reply = one.messages[-1]
    assert reply.outgoing is not None
    reply.outgoing.state = state
    reply.outgoing.error = error.format(address=one.address.email)
    at = reply.at + timedelta(seconds=40)
    reply.outgoing.settled_at = at
    filing.ledger.untell(one.place, "reply.sent")
    filing.tell(
        one, at, f"reply.{state}", message=reply, author=one.owner, state=state, error=reply.outgoing.error
    )
    sum_up(one)


def _bounced(one: Filed, facts: dict[str, Any], filing: Filing, now: datetime) -> None:
    reply = one.messages[-1]
    text = facts["text"].format(address=one.address.email).strip()
    _failed(one, OutgoingMail.State.FAILED, f"It came back: {facts['said']}", filing)
    _machine(
        one, Message.Kind.BOUNCE, min(now, reply.at + timedelta(minutes=3)), facts["subject"], text, filing
    )


def _automatic(one: Filed, facts: dict[str, Any], filing: Filing, now: datetime) -> None:
    at = min(now, one.messages[-1].at + timedelta(minutes=1))
    subject = facts["subject"].format(subject=one.place.subject)
    _machine(one, Message.Kind.AUTOMATIC, at, subject, facts["text"].strip(), filing)


def _machine(one: Filed, kind: Message.Kind, at: datetime, subject: str, text: str, filing: Filing) -> None:
    bounce = kind == Message.Kind.BOUNCE
    message = Message(
        conversation=one.place,
        kind=kind,
        at=at,
        customer=None if bounce else one.place.customer,
        sender_name="Mail delivery system" if bounce else one.address.name,
        sender_address="mailer-daemon@mx.example.net" if bounce else one.address.email,
        subject=subject,
        text=text,
        revision=len(one.messages) + 1,
    )
    one.messages.append(filing.ledger.add(message))
    filing.tell(one, at, "message.received", message=message)
    sum_up(one)


def _needs_person(facts: dict[str, str], filing: Filing, now: datetime) -> None:
    at = now - timedelta(hours=7)
    raw = facts["raw"].lstrip().format(date=format_datetime(at)).replace("\n", "\r\n").encode()
    mail = filing.ledger.add(
        RawMail(
            mailbox=filing.house.mailbox,
            identity="<broken-one@example.com>",
            raw=raw,
            size=len(raw),
            source="sample",
            envelope_to=[filing.house.mailbox.address],
            received_at=at,
            state=RawMail.State.NEEDS_PERSON,
            reason=facts["reason"],
            attempts=1,
        )
    )
    filing.ledger.add(Delivery(mailbox=mail.mailbox, raw_mail=mail, source=mail.source, at=at))
    facts_told = {"raw_mail": mail, "reason": facts["reason"]}
    filing.ledger.tell(Happening(at, "mail.needs_person", mailbox=filing.house.mailbox, facts=facts_told))


def _photos(filed: list[Filed], filing: Filing) -> None:
    pictures = [broken_pot(seed=seed) for seed in range(PICTURES)]
    blobs = [
        filing.ledger.add(Blob(sha256=hashlib.sha256(data).hexdigest(), size=len(data), data=data))
        for data in pictures
    ]
    broken = [one for one in reversed(filed) if one.case.story.scenario.id == "damaged"]
    for number, one in enumerate(broken[:PHOTOS]):
        filing.ledger.add(
            Attachment(
                message=one.messages[0],
                blob=blobs[number % PICTURES],
                filename=f"photo-{number + 1}.png",
                content_type="image/png",
            )
        )


def _drafts(filed: list[Filed], drafts: list[dict[str, str]], filing: Filing, now: datetime) -> None:
    """The visitor's half-written answers, each to a first letter that it fits; and colleagues at work."""
    house = filing.house
    first = house.agents["ada"]
    waiting = [
        one
        for one in reversed(filed)
        if one.case.state == "open" and one.place.waiting_since and not one.case.part
    ]
    own = [one for one in waiting if one.place.assignee is first] or waiting
    words = {draft["scenario"]: draft["text"].strip() for draft in drafts}
    asked = [one for one in (*own[1:], *waiting) if not one.case.answered]
    fitting: dict[str, Filed] = {}
    for one in asked:
        if one.case.story.scenario.id in words:
            fitting.setdefault(one.case.story.scenario.id, one)
    for scenario, one in list(fitting.items())[:DRAFTS]:
        filing.ledger.add(
            Draft(
                conversation=one.place,
                agent=first,
                markdown=words[scenario],
                text=words[scenario],
                revision=one.place.revision,
                updated_at=now - timedelta(minutes=35),
            )
        )
    doing = ((own[0], "carmen", Presence.Doing.VIEWING), (waiting[0], "ben", Presence.Doing.REPLYING))
    for one, handle, what in doing:
        filing.ledger.add(
            Presence(conversation=one.place, agent=house.agents[handle], doing=what, seen_at=now + LOOKING)
        )
