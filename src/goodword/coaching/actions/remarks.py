"""What became of each finding: noted while a reply is written, settled when it is sent."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from goodword.staff.models import Agent

from ..models import Dispute, Remark

log = logging.getLogger(__name__)

# Shorter than this nobody reads a remark: it came with half a sentence and went with the rest of it.
READ_IN = timedelta(seconds=2)
Outcome = Remark.Outcome
Findings = dict[tuple[str, str], Mapping[str, Any]]


def note_remarks(
    *,
    agent: Agent,
    conversation_id: int,
    team_id: int | None,
    findings: Iterable[Mapping[str, Any]],
    at: datetime | None = None,
) -> None:
    """Note what stands beside the agent's draft now, and what no longer does.

    Numbers stop nobody from writing: what the database refuses here is logged, and that is all.
    """
    try:
        with transaction.atomic():
            _note(agent, conversation_id, team_id, _by_words(findings), at or timezone.now())
    except DatabaseError:
        log.exception("The remarks beside a draft were not noted; the rules' numbers lack them.")


def settle_remarks(
    *,
    agent: Agent,
    conversation_id: int,
    team_id: int | None,
    message_id: int,
    findings: Iterable[Mapping[str, Any]],
    at: datetime | None = None,
) -> None:
    """The reply is sent, with these findings still standing: say of each remark what became of it.

    Saying it again about the same message changes nothing. What the database refuses is logged: the reply is
    on its way already.
    """
    try:
        with transaction.atomic():
            _settle(agent, conversation_id, team_id, message_id, _by_words(findings), at or timezone.now())
    except DatabaseError:
        log.exception("What became of a reply's remarks was not kept; the rules' numbers lack it.")


def forget_sent(*, conversation_id: int, message_id: int) -> None:
    """A reply was taken back: nothing was sent, and its draft is read anew."""
    Remark.objects.filter(conversation_id=conversation_id, message_id=message_id).delete()


def mark_disputed(dispute: Dispute, *, conversation_id: int, team_id: int | None) -> None:
    """The remark that an agent disagrees with, noted now if it never was."""
    words = hash_of(dispute.quote)
    _row, _made = Remark.objects.update_or_create(
        conversation_id=conversation_id,
        agent=dispute.agent,
        rule=dispute.rule,
        words=words,
        message_id=None,
        defaults={"outcome": Outcome.DISPUTED, "dispute": dispute},
        create_defaults={
            "outcome": Outcome.DISPUTED,
            "dispute": dispute,
            "team_id": team_id,
            "severity": "",
        },
    )


def hash_of(quote: str) -> str:
    """A short name for quoted words from which they cannot be read."""
    return sha256(quote.strip().encode()).hexdigest()[:32]


def _note(agent: Agent, conversation_id: int, team_id: int | None, now: Findings, at: datetime) -> None:
    known = {(row.rule, row.words): row for row in _open(agent, conversation_id)}
    gone = [row for key, row in known.items() if key not in now and row.gone_at is None]
    unread = [row.pk for row in gone if row.outcome == Outcome.OPEN and at - row.at < READ_IN]
    back = [row.pk for key, row in known.items() if key in now and row.gone_at is not None]
    if unread:
        Remark.objects.filter(pk__in=unread).delete()
    if len(gone) > len(unread):
        Remark.objects.filter(pk__in={row.pk for row in gone} - set(unread)).update(gone_at=at)
    if back:
        Remark.objects.filter(pk__in=back).update(gone_at=None)
    new = [found for key, found in now.items() if key not in known]
    _add(new, agent=agent, conversation_id=conversation_id, team_id=team_id, at=at)


def _settle(
    agent: Agent, conversation_id: int, team_id: int | None, message_id: int, now: Findings, at: datetime
) -> None:
    if Remark.objects.filter(conversation_id=conversation_id, message_id=message_id).exists():
        return
    rows = list(_open(agent, conversation_id))
    for row in rows:
        row.message_id = message_id
        if row.outcome == Outcome.OPEN:
            row.outcome = Outcome.SENT if now.pop((row.rule, row.words), None) else Outcome.TAKEN
        else:
            now.pop((row.rule, row.words), None)
    Remark.objects.bulk_update(rows, ["message_id", "outcome"])
    sent = {"message_id": message_id, "outcome": Outcome.SENT}
    _add(now.values(), agent=agent, conversation_id=conversation_id, team_id=team_id, at=at, **sent)


def _open(agent: Agent, conversation_id: int) -> QuerySet[Remark]:
    """The remarks of a draft, locked in one order: two windows of an agent do not block each other."""
    rows = Remark.objects.filter(agent=agent, conversation_id=conversation_id, message_id=None)
    return rows.select_for_update().order_by("pk")


def _by_words(findings: Iterable[Mapping[str, Any]]) -> Findings:
    return {(found["rule"], hash_of(found["quote"])): found for found in findings}


def _add(findings: Iterable[Mapping[str, Any]], **known: Any) -> None:
    rows = [
        Remark(rule=found["rule"], severity=found["severity"], words=hash_of(found["quote"]), **known)
        for found in findings
    ]
    if rows:
        Remark.objects.bulk_create(rows, ignore_conflicts=True)
