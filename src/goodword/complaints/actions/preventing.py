"""What is changed so that a cause makes no more complaints: an action, an owner, a day."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from goodword.staff.models import Agent

from .. import access
from ..errors import ComplaintError
from ..models import Cause, Complaint, Prevention
from ..telling import clean, tell


@transaction.atomic
def plan(
    *,
    agent: Agent,
    action: str,
    owner: Agent | None,
    due_on: date | None,
    cause: Cause | None = None,
    complaints: Iterable[Complaint] = (),
) -> Prevention:
    """Plan a change because of complaints, or because of a cause that keeps coming back.

    The same planned for the same cause while it is open is one change.
    """
    words = _worded(action)
    places = [access.locked(agent, pk) for pk in sorted({one.pk for one in complaints})]
    named = cause or next((place.cause for place in places if place.cause), None)
    standing = Prevention.objects.filter(action=words, cause=named, done_at=None).first()
    made = standing or Prevention.objects.create(
        action=words, cause=named, owner=_at_work(owner), due_on=due_on, made_by=agent
    )
    known = set(made.complaints.values_list("pk", flat=True))
    for place in places:
        if place.pk not in known:
            made.complaints.add(place)
            tell("complaint.prevention", place, agent=agent, prevention=made.pk, what=words[:300])
    return made


@transaction.atomic
def change_plan(
    *, prevention: Prevention, agent: Agent, action: str, owner: Agent | None, due_on: date | None
) -> Prevention:
    """Another wording, owner or day; a later day is reminded of anew."""
    found = Prevention.objects.select_for_update().get(pk=prevention.pk)
    if found.due_on != due_on:
        found.reminded_at = None
    found.action, found.owner, found.due_on = _worded(action), _at_work(owner), due_on
    found.save(update_fields=["action", "owner", "due_on", "reminded_at"])
    return found


@transaction.atomic
def carry_out(*, prevention: Prevention, agent: Agent, result: str = "") -> Prevention:
    """It was done; the result says what came of it. Done twice, the words are set anew."""
    found = Prevention.objects.select_for_update().get(pk=prevention.pk)
    words = clean(result)
    first = found.done_at is None
    if first:
        found.done_at, found.done_by = timezone.now(), agent
    found.result = words or found.result
    found.save(update_fields=["done_at", "done_by", "result"])
    if first:
        for place in found.complaints.select_related("conversation"):
            tell(
                "complaint.prevention_done",
                place,
                agent=agent,
                prevention=found.pk,
                what=found.action[:300],
                note=words[:500],
            )
    return found


def _worded(action: str) -> str:
    words = clean(action, 5_000)
    if not words:
        raise ComplaintError(gettext("The change has no words. Say what is to be done differently."))
    return words


def _at_work(owner: Agent | None) -> Agent | None:
    if owner is not None and not owner.is_active:
        raise ComplaintError(
            gettext("%(name)s does not work here any more. Choose somebody else.") % {"name": owner.name}
        )
    return owner
