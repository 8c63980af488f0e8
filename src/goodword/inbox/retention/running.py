"""The nightly work: each conversation in a transaction of its own, some at a time, until nothing is left.

A run keeps how far it has come. Whoever takes a conversation holds its lock and looks once more whether the
rule is still about it, so that several workers, and one that comes after a killed one, take each away once.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from goodword.customers.models import Customer
from goodword.kit.months import months_before
from goodword.mail.actions import tidying
from goodword.staff import looking

from ..actions.adding import tell
from ..actions.erasing_words import erase_words
from ..actions.parts import lock_mails, locked_places
from ..actions.removing import refuse_held, take_away
from ..errors import NotPossible
from ..models import Conversation, RetentionRule, RetentionRun
from . import finding
from .rules import times

log = logging.getLogger(__name__)

AT_ONCE = 200
# A file that nothing refers to may be one that somebody is about to use.
FILES_KEPT = timedelta(days=2)
Kind = RetentionRun.Kind


def begin(now: datetime | None = None) -> None:
    """Write down what is to be done this night, once for each day."""
    now = now or timezone.now()
    day = timezone.localdate(now)
    new = [
        RetentionRun(
            kind=Kind.RULE,
            day=day,
            rule=rule,
            name=rule.name,
            does=rule.does,
            before=finding.cutoff(rule, now),
        )
        for rule in RetentionRule.objects.filter(is_on=True)
    ]
    new += [RetentionRun(kind=kind, day=day, before=before) for kind, before in _leftovers(now)]
    RetentionRun.objects.bulk_create(new, ignore_conflicts=True)


def work_left() -> bool:
    """Whether a night's work is not done."""
    return RetentionRun.objects.filter(ended_at=None).exists()


def work(*, most: int = AT_ONCE) -> int:
    """Go on with every run that is not done, each by so many; returns how much went."""
    return sum(_step(run, most) for run in RetentionRun.objects.filter(ended_at=None).order_by("id"))


def _leftovers(now: datetime) -> Iterator[tuple[Kind, datetime]]:
    chosen = times()
    if chosen.recorded_days:
        yield Kind.RECORDED, now - timedelta(days=chosen.recorded_days)
    if chosen.aside_days:
        yield Kind.ASIDE, now - timedelta(days=chosen.aside_days)
    if chosen.looks_months:
        yield Kind.LOOKS, months_before(timezone.localtime(now), chosen.looks_months)
    yield Kind.FILES, now - FILES_KEPT


def _step(run: RetentionRun, most: int) -> int:
    return _step_of_rule(run, most) if run.kind == Kind.RULE else _step_of_leftovers(run, most)


def _step_of_leftovers(run: RetentionRun, most: int) -> int:
    with transaction.atomic():
        done = _dropped(Kind(run.kind), run.before or timezone.now(), most)
        ours = RetentionRun.objects.filter(pk=run.pk)
        ours.update(done=F("done") + done)
        if not done:
            ours.filter(ended_at=None).update(ended_at=timezone.now())
    return done


def _dropped(kind: Kind, before: datetime, most: int) -> int:
    match kind:
        case Kind.RECORDED:
            return tidying.drop_mails(tidying.recorded(before), most=most)
        case Kind.ASIDE:
            return tidying.drop_mails(tidying.set_aside(before), most=most)
        case Kind.LOOKS:
            return looking.drop_before(before, most=most)
    return tidying.drop_unclaimed(before, most=most)


def _step_of_rule(run: RetentionRun, most: int) -> int:
    rule = _rule_of(run)
    if rule is None or run.before is None:
        _end(run, {})
        return 0
    found = list(_next(run, rule).values_list("last_at", "pk")[:most])
    done = sum(_safely(run, pk) for _last, pk in found)
    if found:
        _come_to(run, *found[-1])
    if len(found) < most:
        left = finding.counted(rule, run.before)
        other = left.pop("", 0)
        _end(run, left | ({finding.OTHER: other} if other else {}))
    return done


def _rule_of(run: RetentionRun) -> RetentionRule | None:
    """The rule as it is now; None once it was switched off, taken away, or asks for less than this night."""
    if run.rule_id is None or run.before is None:
        return None
    rule = RetentionRule.objects.filter(pk=run.rule_id, is_on=True, does=run.does).first()
    # By some hours it may seem to, where months have fewer days.
    asks = rule is not None and finding.cutoff(rule) > run.before - timedelta(days=1)
    return rule if asks else None


def _next(run: RetentionRun, rule: RetentionRule) -> "QuerySet[Conversation]":
    assert run.before is not None
    found = finding.touched(rule, run.before)
    if run.after_at is None:
        return found
    return found.filter(Q(last_at__gt=run.after_at) | Q(last_at=run.after_at, pk__gt=run.after_id))


def _safely(run: RetentionRun, pk: int) -> int:
    """What cannot be done with one conversation keeps the others not; it counts as left out."""
    try:
        return _take(run, pk)
    except NotPossible as error:
        log.info("Conversation %s is left out: %s", pk, type(error).__name__)
    except Exception:
        log.exception("Conversation %s could not be taken away; the next night tries again.", pk)
    return 0


@transaction.atomic
def _take(run: RetentionRun, pk: int) -> int:
    """Take one conversation away if the rule still says so, and count it."""
    assert run.before is not None
    lock_mails([pk])
    places = locked_places([pk])
    place = places.get(pk)
    rule = _rule_of(run)
    if place is None or rule is None:
        return 0
    # Whoever puts a customer on hold has their row.
    Customer.objects.select_for_update(no_key=True).filter(pk=place.customer_id).first()
    if finding.any_kept(places) or not finding.old_enough(rule, run.before).filter(pk=pk).exists():
        return 0
    if rule.does == RetentionRule.Does.DELETE:
        take_away(number=pk, by=None, reason=rule.name)
    else:
        refuse_held(places)
        went = erase_words(conversation_ids=[pk])
        tell(
            "conversation.words_erased",
            place,
            rule=rule.name,
            messages=went.messages,
            files=went.files,
            mails=went.mails,
        )
    RetentionRun.objects.filter(pk=run.pk).update(done=F("done") + 1)
    return 1


def _come_to(run: RetentionRun, at: datetime, pk: int) -> None:
    """Never back: another worker may have come further."""
    behind = Q(after_at=None) | Q(after_at__lt=at) | Q(after_at=at, after_id__lt=pk)
    RetentionRun.objects.filter(behind, pk=run.pk).update(after_at=at, after_id=pk)


def _end(run: RetentionRun, left_out: dict[str, int]) -> None:
    RetentionRun.objects.filter(pk=run.pk, ended_at=None).update(ended_at=timezone.now(), left_out=left_out)
