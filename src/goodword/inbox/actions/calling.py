"""Phone calls: on the same timeline as mail, with what was said, how it sounded, and what comes next."""

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from goodword.customers.holding import stay
from goodword.customers.models import Customer
from goodword.mail.models import Mailbox
from goodword.promises.actions import NewPromise
from goodword.promises.models import Promise
from goodword.staff.models import Agent

from ..clocks import follow
from ..errors import NotPossible
from ..markdown import as_html, as_text
from ..models import Call, Conversation, Message
from .adding import add_message, take_reading, tell, waiting_since
from .assigning import set_assignee
from .opening import SUBJECT_LENGTH
from .replying import promise_made
from .states import set_open, working
from .taking_part import take_part

TEXT_LENGTH = 50_000
STEP_LENGTH = 500
LONGEST = 24 * 60
ERASED_REFERENCE = "sha256:"
AHEAD = timedelta(minutes=5)  # clocks of telephone systems differ
Direction = Call.Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCall:
    """A call about to be written down; `said` is the agent's note of it, as Markdown.

    `next_due` is when the next step is due, `next_whole_day` whether that is a day. With a `reference`, what
    the telephone system calls it (or the form and the words that were typed into it), a call is written down
    once, and a second telling of it adds nothing.
    """

    direction: str
    answered: bool = True
    minutes: int | None = None
    tone: str = ""
    phone: str = ""
    said: str = ""
    at: datetime | None = None
    next_step: str = ""
    next_due: datetime | None = None
    next_whole_day: bool = False
    reference: str = ""


@transaction.atomic
def log_call(
    *,
    conversation: Conversation,
    agent: Agent | None,
    call: NewCall,
    promises: Sequence[NewPromise] = (),
) -> Message:
    """Write a call down in a conversation, with the promises made on it. Raises NotPossible or PromiseError.

    The next step becomes a promise, too. A call that was answered is an answer: the customer does not wait
    any more; one of theirs that nobody took makes them wait, and opens what was closed.
    """
    call = _checked(call)
    _take_turn(call)
    place = working(agent, conversation.pk)
    known = _known(call)
    if known is not None:
        return known
    message = _write(place, agent, call)
    _settle(place, agent, call, message, promises)
    return message


@transaction.atomic
def open_by_call(
    *,
    customer: Customer,
    agent: Agent | None,
    subject: str,
    call: NewCall,
    mailbox: Mailbox | None = None,
    promises: Sequence[NewPromise] = (),
) -> Message:
    """Open a conversation with a call; whoever wrote it down sees to it. `mailbox`: from which we answer.

    When the customer was joined into another meanwhile it is that one's.
    """
    call = _checked(call)
    _take_turn(call)
    known = _known(call)
    if known is not None:
        return known
    customer = stay(customer)
    at = call.at or timezone.now()
    place = Conversation(
        customer=customer,
        mailbox=mailbox,
        channel=Conversation.Channel.PHONE,
        subject=" ".join(subject.split())[:SUBJECT_LENGTH] or gettext("A call"),
        opened_at=at,
        last_at=at,
        routing="" if agent is not None else Conversation.Routing.NEW,
    )
    message = _write(place, agent, call)
    take_part(place, customer.addresses.order_by("id").values_list("address", flat=True)[:1])
    tell("conversation.opened", place, agent=agent, message=message.pk)
    if agent is not None:
        set_assignee(place, agent=agent, to=agent)
    _settle(place, agent, call, message, promises)
    return message


def _take_turn(call: NewCall) -> None:
    """Two tellings of one call come one after the other; before any row is locked."""
    if call.reference:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtext('goodword call'), hashtext(%s))",
                [call.reference[:200]],
            )


def _known(call: NewCall) -> Message | None:
    """The message of a call that was told of before."""
    if not call.reference:
        return None
    either = (call.reference[:200], erased_reference(call.reference[:200]))
    found = Call.objects.filter(reference__in=either).select_related("message").first()
    return found.message if found else None


def erased_reference(reference: str) -> str:
    """What stands for a call's reference once its words are erased: known again, and telling nothing."""
    if not reference or reference.startswith(ERASED_REFERENCE):
        return reference
    return ERASED_REFERENCE + hashlib.sha256(reference.encode()).hexdigest()


def _checked(call: NewCall) -> NewCall:
    """The call as it can be kept; raises NotPossible."""
    if call.direction not in Direction.values:
        raise NotPossible(gettext("Say who called: the customer, or we."))
    if call.tone and call.tone not in Call.Tone.values:
        raise NotPossible(
            gettext("'%(tone)s' is no tone. Choose one of the list.") % {"tone": call.tone[:40]}
        )
    if call.minutes is not None and not 0 <= call.minutes <= LONGEST:
        raise NotPossible(
            gettext("%(given)d minutes cannot be meant. Name 0 to %(most)d.")
            % {"given": call.minutes, "most": LONGEST}
        )
    if call.at is not None and call.at > timezone.now() + AHEAD:
        raise NotPossible(gettext("The call lies in the future. Say when it was."))
    said = call.said.replace("\x00", "").strip()[:TEXT_LENGTH]
    step = " ".join(call.next_step.replace("\x00", "").split())[:STEP_LENGTH]
    if call.answered and not said and not step:
        raise NotPossible(gettext("Nothing is written down of the call. Note what was said."))
    if call.next_due is not None and not step:
        raise NotPossible(gettext("Something is due, and nothing says what. Write the next step."))
    return replace(call, said=said, next_step=step, phone=call.phone.strip()[:40])


def _write(place: Conversation, agent: Agent | None, call: NewCall) -> Message:
    html = as_html(call.said) if call.said else ""
    reading = _reading(call)
    message = add_message(
        place,
        kind=Message.Kind.CALL,
        at=call.at or timezone.now(),
        agent=agent,
        customer=place.customer if call.direction == Direction.INCOMING else None,
        sender_name=agent.name if agent else place.customer.name,
        text=as_text(html) if html else _in_short(call),
        html=html,
        markdown=call.said,
        reading=reading,
    )
    Call.objects.create(
        message=message,
        direction=call.direction,
        phone=call.phone,
        answered=call.answered,
        minutes=call.minutes if call.answered else None,
        tone=call.tone,
        next_step=call.next_step,
        reference=call.reference[:200],
    )
    if reading is not None:
        take_reading(place, reading)
    return message


def _in_short(call: NewCall) -> str:
    if not call.answered:
        return gettext("Nobody picked up.")
    return call.next_step


def _settle(
    place: Conversation,
    agent: Agent | None,
    call: NewCall,
    message: Message,
    promises: Sequence[NewPromise],
) -> None:
    """What else a call changes: promises, whether the customer waits, and whether it is open."""
    for promise in promises:
        said = replace(promise, source=Promise.Source.CALL)
        promise_made(place, promise=said, agent=agent, message=message, at=message.at)
    if call.next_step:
        promise_made(place, promise=_next_step(call), agent=agent, message=message, at=message.at)
    if not call.answered and call.direction == Direction.INCOMING and place.state != Conversation.State.OPEN:
        set_open(place, reason="customer")
    if place.state != Conversation.State.CLOSED:
        place.waiting_since = waiting_since(place)
    place.save()
    tell(
        "call.logged",
        place,
        agent=agent,
        message=message.pk,
        direction=call.direction,
        answered=call.answered,
        minutes=call.minutes,
    )
    follow(place)


def _next_step(call: NewCall) -> NewPromise:
    return NewPromise(
        what=call.next_step,
        quote="",
        due_at=call.next_due,
        whole_day=call.next_whole_day,
        due_text="",
        kind=Promise.Kind.CALL,
        source=Promise.Source.CALL,
    )


def _reading(call: NewCall) -> dict[str, Any] | None:
    """The agent's note of the tone, in the form of what the coach reads."""
    if not call.tone:
        return None
    return {**_tones()[call.tone], "urgency": 0}


@cache
def _tones() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = tomllib.loads(
        (files("goodword.inbox") / "data" / "tones.toml").read_text("utf-8")
    )
    return found
