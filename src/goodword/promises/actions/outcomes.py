"""Saying what became of a promise."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.staff.models import Agent

from ..models import Outcome, Promise
from .writing import PromiseError, clean, locked, one_line, write_event

NOTE_LENGTH = 20_000
EVIDENCE_LENGTH = 2_000
_LINKS = ("https://", "http://")


@dataclass(frozen=True)
class Evidence:
    """What shows that a promise was kept: a record of a room above by its id, an address, or words."""

    kind: str
    id: int | None = None
    text: str = ""

    @classmethod
    def of_text(cls, text: str) -> "Evidence | None":
        """What somebody typed: an address is a link, anything else stands for itself; None for nothing."""
        tidy = clean(text)[:EVIDENCE_LENGTH]
        if not tidy:
            return None
        is_link = tidy.startswith(_LINKS) and len(tidy.split()) == 1
        return cls(Outcome.Evidence.LINK if is_link else Outcome.Evidence.WORDS, text=tidy)


def keep(
    *, promise: Promise, agent: Agent | None, note: str = "", evidence: Evidence | None = None
) -> Promise:
    """It was done; the evidence shows how."""
    return _settle(promise, agent, Outcome.Kind.KEPT, Promise.State.KEPT, note, evidence)


def break_(*, promise: Promise, agent: Agent | None, note: str = "") -> Promise:
    """It was not done; the note says why."""
    return _settle(promise, agent, Outcome.Kind.BROKEN, Promise.State.BROKEN, note)


def withdraw(*, promise: Promise, agent: Agent | None, note: str = "") -> Promise:
    """It does not hold any more: the customer no longer needs it, or it never was a promise."""
    return _settle(promise, agent, Outcome.Kind.WITHDRAWN, Promise.State.WITHDRAWN, note)


def reopen(*, promise: Promise, agent: Agent | None, note: str = "") -> Promise:
    """It was settled by mistake, and holds still."""
    return _settle(promise, agent, Outcome.Kind.REOPENED, Promise.State.OPEN, note)


@transaction.atomic
def _settle(
    promise: Promise,
    agent: Agent | None,
    kind: Outcome.Kind,
    state: Promise.State,
    note: str,
    evidence: Evidence | None = None,
) -> Promise:
    promise = locked(promise)
    if promise.state == state:
        return promise
    promise.state, promise.watch_at = state, timezone.now()
    promise.save(update_fields=["state", "watch_at"])
    say(promise, agent, kind, note, evidence=evidence)
    return promise


def say(
    promise: Promise,
    agent: Agent | None,
    kind: Outcome.Kind,
    note: str,
    *,
    evidence: Evidence | None = None,
    due_before: datetime | None = None,
    due_after: datetime | None = None,
    told_at: datetime | None = None,
) -> Outcome:
    """Write down what became of a locked promise, and tell it."""
    note = clean(note)[:NOTE_LENGTH]
    if evidence is not None and len(evidence.kind) > 60:
        raise PromiseError(_("'%(kind)s' is no kind of evidence.") % {"kind": evidence.kind[:60]})
    said = Outcome.objects.create(
        promise=promise,
        kind=kind,
        by=agent,
        note=note,
        due_before=due_before,
        due_after=due_after,
        told_at=told_at,
        evidence_kind=one_line(evidence.kind) if evidence else "",
        evidence_id=evidence.id if evidence else None,
        evidence=clean(evidence.text)[:EVIDENCE_LENGTH] if evidence else "",
    )
    write_event(f"promise.{kind.value}", promise, agent=agent, note=note)
    return said
