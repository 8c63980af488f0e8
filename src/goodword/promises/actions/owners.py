"""Who answers for a promise, and how soon the leads hear of one that is late."""

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.events.actions import record
from goodword.staff.access import require_lead
from goodword.staff.models import Agent, Team

from ..answering import answering
from ..models import OWNERLESS, LeadDelay, Promise, Reminder
from .writing import PromiseError, at_work, locked, write_event


@transaction.atomic
def reassign(*, promise: Promise, agent: Agent | None, owner: Agent | None) -> Promise:
    """Make somebody else answer for it, or nobody. Raises PromiseError for an agent who has left."""
    promise = locked(promise)
    if promise.owner_id == (owner.pk if owner else None):
        return promise
    promise.owner = at_work(owner.pk) if owner else None
    promise.save(update_fields=["owner"])
    _leave_others_alone(promise)
    if owner is None:
        tell_team(promise)
    write_event("promise.reassigned", promise, agent=agent, owner=promise.owner_id)
    return promise


@transaction.atomic
def take_up(*, promises: QuerySet[Promise], agent: Agent | None, owner: Agent) -> None:
    """Of these, make somebody answer for the open ones of their teams that no agent at work answers for."""
    waiting = promises.filter(OWNERLESS, state=Promise.State.OPEN, team__members=owner)
    for promise in waiting.order_by("id"):
        reassign(promise=promise, agent=agent, owner=owner)


@transaction.atomic
def give_to_team(*, promise: Promise, agent: Agent | None, team: Team | None) -> Promise:
    """Make another team answer for it; its hours and leads count from now on."""
    promise = locked(promise)
    if promise.team_id == (team.pk if team else None):
        return promise
    promise.team, promise.watch_at = team, timezone.now()
    promise.save(update_fields=["team", "watch_at"])
    if promise.owner is None or not promise.owner.is_active:
        _leave_others_alone(promise)
        tell_team(promise)
    write_event("promise.given_to_team", promise, agent=agent, team=team.name if team else "")
    return promise


def tell_team(promise: Promise) -> None:
    """What was told last of a locked promise that is its team's now, its members hear too, once.

    Who had it heard of it; what goes to the leads, they heard.
    """
    if promise.due_at is None or not promise.is_open:
        return
    given = promise.reminders.filter(due_at=promise.due_at).exclude(kind=Reminder.Kind.ESCALATED)
    newest = given.order_by("-id").first()
    if newest is None:
        return
    newly = [
        Reminder(promise=promise, kind=newest.kind, due_at=newest.due_at, agent_id=agent)
        for agent in answering(promise)
    ]
    Reminder.objects.bulk_create(newly, ignore_conflicts=True)


@transaction.atomic
def leave(*, agent: Agent) -> None:
    """The agent has left: what was told of their open promises, their teams hear."""
    theirs = Promise.objects.filter(owner=agent, state=Promise.State.OPEN, reminders__due_at=F("due_at"))
    numbers = sorted(set(theirs.values_list("pk", flat=True)))
    for promise in Promise.objects.select_for_update(no_key=True).filter(pk__in=numbers).order_by("id"):
        tell_team(promise)


@transaction.atomic
def set_lead_delay(*, by: Agent, team: Team | None, minutes: int | None) -> None:
    """How much working time an overdue promise of the team has before its leads hear of it; None: never.

    Without a team it is for every team that has none of its own. Raises NotAllowed or PromiseError.
    """
    require_lead(by)
    if minutes is not None and not 0 <= minutes <= LeadDelay.LONGEST:
        raise PromiseError(
            _("%(minutes)s minutes cannot be meant. Write 0 to %(most)s.")
            % {"minutes": minutes, "most": LeadDelay.LONGEST}
        )
    delay, new = LeadDelay.objects.get_or_create(team=team, defaults={"minutes": minutes})
    if not new and delay.minutes == minutes:
        return
    delay.minutes = minutes
    delay.save(update_fields=["minutes"])
    look_again()
    record(
        "promise.lead_delay_set",
        agent_id=by.pk,
        data={"team": team.name if team else "", "minutes": minutes},
    )


@transaction.atomic
def drop_lead_delay(*, by: Agent, team: Team) -> None:
    """The team has the house's delay again."""
    require_lead(by)
    if LeadDelay.objects.filter(team=team).delete()[0]:
        look_again()
        record("promise.lead_delay_set", agent_id=by.pk, data={"team": team.name, "minutes": "house"})


def _leave_others_alone(promise: Promise) -> None:
    """What reminded others of it has been seen to; the leads still see that it is late."""
    others = Reminder.objects.filter(promise=promise, seen_at=None).exclude(agent__in=answering(promise))
    others.exclude(kind=Reminder.Kind.ESCALATED).update(seen_at=timezone.now())


def look_again() -> None:
    """Have the watcher count anew when the leads hear of what is late: hours or their delay changed."""
    late = Promise.objects.filter(state=Promise.State.OPEN, due_at__lte=timezone.now())
    late.filter(watch_at__isnull=False).update(watch_at=timezone.now())
