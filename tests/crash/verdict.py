"""What became of every mail, counted in the house's own tables and at the sink."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from goodword.inbox.models import Message
from goodword.mail.identities import identity
from goodword.mail.models import OutgoingMail, RawMail

from .mails import Mail, address, token

State = OutgoingMail.State


class Verdict:
    """Counts and faults; a run is good when there is no fault."""

    def __init__(self) -> None:
        self.counts: list[tuple[str, int]] = []
        self.faults: list[str] = []

    def count(self, what: str, number: int) -> None:
        """A line of the table."""
        self.counts.append((what, number))

    def need(self, what: str, number: int, *, least: int = 1) -> None:
        """A line of the table that must not be less, or the run has shown nothing."""
        self.count(what, number)
        if number < least:
            self.faults.append(f"{what}: {number}, and there must be {least} at least")

    def fault(self, what: str, which: Iterable[object]) -> None:
        """A line that must be 0, with the first few that make it more."""
        found = list(which)
        self.counts.append((what, len(found)))
        self.faults += [f"{what}: {one}" for one in found[:10]]


def judge(sent: list[Mail], sink: Path) -> Verdict:
    """Hold what was sent against what is stored, and what left against what arrived."""
    verdict = Verdict()
    stored = _stored()
    messages = {message.raw_mail_id: message for message in Message.objects.exclude(raw_mail=None)}
    _nothing_lost_or_doubled(verdict, sent, stored)
    _each_became_something(verdict, stored, messages)
    _nothing_crossed(verdict, sent, stored, messages)
    _each_reply_left_once(verdict, sink)
    return verdict


def _stored() -> dict[tuple[str, str], list[RawMail]]:
    """The stored mails by mailbox and digest of their bytes, and by mailbox and identity."""
    found: dict[tuple[str, str], list[RawMail]] = defaultdict(list)
    for mail in RawMail.objects.select_related("mailbox").iterator(chunk_size=200):
        found[mail.mailbox.address, hashlib.sha256(bytes(mail.raw)).hexdigest()].append(mail)
        found[mail.mailbox.address, mail.identity].append(mail)
        del mail.raw
    return found


def _nothing_lost_or_doubled(
    verdict: Verdict, sent: list[Mail], stored: dict[tuple[str, str], list[RawMail]]
) -> None:
    lost, doubled, wanted = [], [], 0
    for mail in sent:
        known_by = mail.digest if mail.kind != "wild" else identity(mail.raw)
        for box in mail.mailboxes:
            wanted += 1
            rows = stored.get((box, known_by), [])
            if not rows:
                lost.append((mail.kind, box, mail.digest[:12]))
            if len(rows) > 1:
                doubled.append((mail.kind, box, mail.digest[:12], len(rows)))
    verdict.count("mails given to the house, each mailbox apart", wanted)
    verdict.fault("lost", lost)
    verdict.fault("doubled", doubled)


def _each_became_something(
    verdict: Verdict, stored: dict[tuple[str, str], list[RawMail]], messages: dict[int | None, Message]
) -> None:
    rows = {row.pk: row for found in stored.values() for row in found}
    states = Counter(row.state for row in rows.values())
    verdict.count("turned into messages", len(messages))
    verdict.count("under 'Needs a person', with a reason", states[RawMail.State.NEEDS_PERSON])
    verdict.fault("still waiting", [row.pk for row in rows.values() if row.state == RawMail.State.WAITING])
    needing = [row for row in rows.values() if row.state == RawMail.State.NEEDS_PERSON]
    verdict.fault("needs a person without a reason", [row.pk for row in needing if not row.reason])
    stumbled = [
        (row.pk, row.reason) for row in needing if "stumbled" in row.reason or "refused this" in row.reason
    ]
    verdict.fault("needs a person because the house stumbled", stumbled)
    done = [row.pk for row in rows.values() if row.state == RawMail.State.DONE and row.pk not in messages]
    verdict.fault("done without a message", done)


def _nothing_crossed(
    verdict: Verdict,
    sent: list[Mail],
    stored: dict[tuple[str, str], list[RawMail]],
    messages: dict[int | None, Message],
) -> None:
    crossed = []
    joined = 0
    replies = dict(
        Message.objects.filter(kind=Message.Kind.REPLY).values_list("header_id", "conversation_id")
    )
    customers: dict[int, set[int]] = defaultdict(set)
    for mail in sent:
        for box in mail.mailboxes:
            row = next(iter(stored.get((box, mail.digest), [])), None)
            message = messages.get(row.pk) if row else None
            if message is None or mail.kind == "wild":
                continue
            customers[message.conversation_id].add(mail.customer)
            joined += bool(mail.joins) and replies.get(mail.joins) == message.conversation_id
            if mail.joins and replies.get(mail.joins) != message.conversation_id:
                crossed.append((mail.kind, "stands in another conversation than", mail.joins))
    for place, who in customers.items():
        if len(who) > 1:
            crossed.append(("conversation", place, "holds mails of customers", sorted(who)))
    verdict.need("joined the conversation of the reply they answer", joined)
    verdict.fault("crossed", crossed)


def _each_reply_left_once(verdict: Verdict, sink: Path) -> None:
    lines = (
        [json.loads(line) for line in sink.read_text(encoding="utf-8").splitlines()] if sink.exists() else []
    )
    arrived = Counter(line["message_id"] for line in lines)
    states = dict(OutgoingMail.objects.values_list("message_id", "state"))
    counted = Counter(states.values())
    verdict.count("replies written", len(states))
    verdict.need("replies at the sink", len(arrived))
    verdict.count("replies of which a person decides (unknown)", counted[State.UNKNOWN])
    verdict.fault("replies at the sink more than once", [one for one, times in arrived.items() if times > 1])
    verdict.fault("at the sink, and not ours", [one for one in arrived if one not in states])
    gone = [one for one, state in states.items() if state == State.SENT and not arrived[one]]
    verdict.fault("said to be sent, and not at the sink", gone)
    unsettled = {State.QUEUED, State.SENDING}
    verdict.fault("neither sent nor given up", [one for one, state in states.items() if state in unsettled])
    verdict.fault("replies to somebody else", [line["to"] for line in lines if not _theirs(line)])


def _theirs(line: dict[str, object]) -> bool:
    customer = int(str(line["text"]).partition("account K-")[2][:6])
    return line["to"] == [address(customer)] and token(customer) in str(line["text"])
