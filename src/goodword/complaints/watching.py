"""Warns of stages that come due and tells of those that are late: each once, however many workers run.

A row is locked, marked and told of in one transaction; another worker skips what is locked, and a worker that
is killed leaves it unmarked for the next one.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from .models import Complaint, Prevention, Question, StageKey, StageRecord
from .telling import tell

AT_ONCE = 100
# Of a final response so long before.
FINAL_AHEAD = timedelta(days=7)


def watch(now: datetime | None = None) -> int:
    """Tell of everything whose moment has come; returns how much this call told."""
    now = now or timezone.now()
    steps = (_breach_stages, _warn_stages, _breach_final, _warn_final, _late_questions, _late_preventions)
    return sum(_all_of(step, now) for step in steps)


def _all_of(step: Callable[[datetime], int], now: datetime) -> int:
    told = 0
    while True:
        with transaction.atomic():
            done = step(now)
        told += done
        if done < AT_ONCE:
            return told


def _running() -> "QuerySet[StageRecord]":
    """The stages that complaints are in now, locked as they are taken."""
    return (
        StageRecord.objects.filter(left_at=None, breached_at=None)
        .select_related("complaint__conversation")
        .select_for_update(skip_locked=True, of=("self",))
    )


def _breach_stages(now: datetime) -> int:
    late = list(_running().filter(due_at__lte=now).order_by("due_at", "id")[:AT_ONCE])
    for record in late:
        _breach_stage(record, now)
    return len(late)


def breach_if_late(record: StageRecord, at: datetime) -> None:
    """A stage, with its row locked, is left at this moment: tell when it was late and nobody told so yet."""
    if record.breached_at is None and record.due_at is not None and record.due_at <= at:
        _breach_stage(record, at)


def _breach_stage(record: StageRecord, at: datetime) -> None:
    record.breached_at = at
    record.save(update_fields=["breached_at"])
    _tell_of_stage("complaint.breached", record)


def _warn_stages(now: datetime) -> int:
    soon = list(
        _running()
        .filter(warned_at=None, warn_at__lte=now, due_at__gt=now)
        .order_by("warn_at", "id")[:AT_ONCE]
    )
    for record in soon:
        record.warned_at = now
        record.save(update_fields=["warned_at"])
        _tell_of_stage("complaint.due_soon", record)
    return len(soon)


def _tell_of_stage(kind: str, record: StageRecord) -> None:
    tell(
        kind,
        record.complaint,
        agent=None,
        stage=record.stage,
        due_at=record.due_at.isoformat() if record.due_at else None,
        owner=record.complaint.owner_id,
    )


def _final() -> "QuerySet[Complaint]":
    return (
        Complaint.objects.filter(closed_at=None, final_response_at=None, final_breached_at=None)
        .exclude(stage=StageKey.CLOSED)
        .select_related("conversation")
        .select_for_update(skip_locked=True, of=("self",))
    )


def _breach_final(now: datetime) -> int:
    late = list(_final().filter(final_due_at__lte=now).order_by("final_due_at", "id")[:AT_ONCE])
    for complaint in late:
        _breach_final_of(complaint, now)
    return len(late)


def breach_final_if_late(complaint: Complaint, at: datetime) -> None:
    """A final response is given at this moment, or none any more: as `breach_if_late`."""
    due = complaint.final_due_at
    if complaint.final_response_at is None and complaint.final_breached_at is None and due and due <= at:
        _breach_final_of(complaint, at)


def _breach_final_of(complaint: Complaint, at: datetime) -> None:
    complaint.final_breached_at = at
    complaint.save(update_fields=["final_breached_at"])
    _tell_of_final("complaint.final_breached", complaint)


def _warn_final(now: datetime) -> int:
    soon = list(
        _final()
        .filter(final_warned_at=None, final_due_at__lte=now + FINAL_AHEAD, final_due_at__gt=now)
        .order_by("final_due_at", "id")[:AT_ONCE]
    )
    for complaint in soon:
        complaint.final_warned_at = now
        complaint.save(update_fields=["final_warned_at"])
        _tell_of_final("complaint.final_due_soon", complaint)
    return len(soon)


def _tell_of_final(kind: str, complaint: Complaint) -> None:
    due = complaint.final_due_at
    tell(kind, complaint, agent=None, due_at=due.isoformat() if due else None, owner=complaint.owner_id)


def _late_questions(now: datetime) -> int:
    late = list(
        Question.objects.filter(
            answered_at=None, reminded_at=None, due_at__lte=now, complaint__closed_at=None
        )
        .select_related("complaint__conversation")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("due_at", "id")[:AT_ONCE]
    )
    for question in late:
        question.reminded_at = now
        question.save(update_fields=["reminded_at"])
        tell(
            "complaint.question_late",
            question.complaint,
            agent=None,
            question=question.pk,
            address=question.address,
            asked_by=question.asked_by_id,
        )
    return len(late)


def _late_preventions(now: datetime) -> int:
    today = timezone.localtime(now, timezone.get_default_timezone()).date()
    late = list(
        Prevention.objects.filter(done_at=None, reminded_at=None, due_on__lt=today)
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("due_on", "id")[:AT_ONCE]
    )
    for prevention in late:
        prevention.reminded_at = now
        prevention.save(update_fields=["reminded_at"])
        complaint = prevention.complaints.select_related("conversation").order_by("-id").first()
        if complaint is not None:
            tell(
                "complaint.prevention_late",
                complaint,
                agent=None,
                prevention=prevention.pk,
                what=prevention.action[:300],
                owner=prevention.owner_id,
            )
    return len(late)
