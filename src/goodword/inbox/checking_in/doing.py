"""Doing the check-ins whose time has come: each once, however many workers run.

The row is locked while its mail is written or its call noted, in one transaction; whoever finds it locked
passes it over. It is not done when the customer wrote meanwhile or the conversation was taken up again: they
have said how it is. It waits for the customer's good hours and for the rule of contacts.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.customers import contact
from goodword.promises.actions import NewPromise
from goodword.promises.models import Promise

from .. import access
from ..actions.adding import tell
from ..actions.confirming import confirm
from ..actions.replying import add_promise
from ..errors import NotPossible
from ..models import CheckIn, Conversation, Message

log = logging.getLogger(__name__)
State = CheckIn.State
AT_ONCE = 200
CALL_WITHIN = timedelta(days=1)
WHY_LENGTH = 300
# A purpose of contacts and a topic of mail: who unsubscribes from it is asked no more.
ABOUT = "surveys"


def do_due(now: datetime | None = None) -> int:
    """Do every check-in whose time has come; returns how many mails were written and calls noted."""
    now = now or timezone.now()
    done, passed = 0, set[int]()
    while len(passed) < AT_ONCE:
        tried = len(passed)
        try:
            with transaction.atomic():
                done += _do_next(now, passed)
        except Exception:
            if len(passed) == tried:
                raise
            # What one of them cannot have must not keep the others waiting; the next run tries it again.
            log.exception("A check-in could not be done.")
        if len(passed) == tried:
            break
    return done


def _do_next(now: datetime, passed: set[int]) -> int:
    """Do the next check-in that was not passed yet, and note that it was."""
    due = CheckIn.objects.filter(state=State.PLANNED, due_at__lte=now).exclude(pk__in=passed)
    locked = due.select_for_update(skip_locked=True, no_key=True, of=("self",))
    one = locked.select_related("closure").order_by("due_at", "id").first()
    if one is None:
        return 0
    passed.add(one.pk)
    return _do(one, now)


def _do(one: CheckIn, now: datetime) -> int:
    place = access.locked(None, one.conversation_id)
    why = _not_needed(one, place)
    if why:
        return _skip(one, place, why, now)
    try:
        leave = _ask(one, place, now)
    except NotPossible as error:
        return _skip(one, place, str(error), now)
    if not leave.allowed and leave.not_before is None:
        return _skip(one, place, leave.why, now)
    if not leave.allowed and leave.not_before is not None:
        one.due_at, one.why = leave.not_before, leave.why[:WHY_LENGTH]
        one.save(update_fields=["due_at", "why"])
        return 0
    _settle(one, State.DONE, "", now)
    tell("check_in.done", place, way=one.way)
    return 1


@transaction.atomic
def _ask(one: CheckIn, place: Conversation, now: datetime) -> contact.Leave:
    """Ask, which counts as a contact; nothing is done where they may not be contacted now.

    Raises NotPossible where it cannot be done, and then nothing counts.
    """
    leave = contact.claim(place.customer, about=ABOUT, what=_("Check-in"), at=now)
    if leave.allowed:
        _call(one, place, now) if one.way == "call" else _write(one, place)
    return leave


def _not_needed(one: CheckIn, place: Conversation) -> str:
    """Why asking would be out of place now, or ''."""
    if place.state != Conversation.State.CLOSED or one.closure.reopened_at is not None:
        return _("The conversation was taken up again.")
    wrote = place.messages.filter(kind=Message.Kind.CUSTOMER, at__gt=one.closure.at)
    elsewhere = Message.objects.filter(
        conversation__customer=place.customer_id, kind=Message.Kind.CUSTOMER, at__gt=one.closure.at
    )
    if wrote.exists() or elsewhere.exists():
        return _("The customer wrote meanwhile.")
    return ""


def _write(one: CheckIn, place: Conversation) -> None:
    words = one.text.replace("{{customer}}", place.customer.name or _("there"))
    words = words.replace("{{agent}}", place.assignee.name if place.assignee else _("your care team"))
    one.message = confirm(conversation=place, markdown=words, topic=ABOUT)


def _call(one: CheckIn, place: Conversation, now: datetime) -> None:
    promise = NewPromise(
        what=_("Call and ask how it went: %(text)s") % {"text": one.text},
        quote="",
        due_at=now + CALL_WITHIN,
        whole_day=False,
        due_text="",
        owner_id=place.assignee_id if place.assignee and place.assignee.is_active else None,
        kind=Promise.Kind.CALL,
        source=Promise.Source.SYSTEM,
    )
    one.promise = add_promise(conversation=place, agent=None, promise=promise)


def _skip(one: CheckIn, place: Conversation, why: str, now: datetime) -> int:
    _settle(one, State.SKIPPED, why, now)
    tell("check_in.skipped", place, why=why)
    return 0


def _settle(one: CheckIn, state: CheckIn.State, why: str, now: datetime) -> None:
    one.state, one.why, one.settled_at = state, why[:WHY_LENGTH], now
    one.save()
