"""Answering the customer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from goodword.coaching import actions as coaching
from goodword.mail.addressing import Recipients
from goodword.promises import actions as promises_actions
from goodword.promises.actions import NewPromise
from goodword.promises.models import Promise
from goodword.staff.models import Agent

from ..clocks import follow
from ..clocks.history import SOON
from ..errors import ConversationMoved, NotPossible, PromisesOpen
from ..models import Conversation, ConversationPromise, Draft, Message
from .adding import NEWS, add_message, tell
from .assigning import set_assignee
from .drafting import save_draft
from .recipients import Written, chosen, kept, last_said, requester
from .sending import Letterhead, pack, send
from .states import set_closed, working
from .taking_part import take_part

UNDO_LIMIT = 120
LATEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class NewOverride:
    """A finding that asked to stop, and why the reply goes out all the same."""

    rule: str
    quote: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Everything an agent decided about a reply."""

    agent: Agent | None
    markdown: str
    revision: int | None
    promises: Sequence[NewPromise]
    to: Sequence[Written] | None
    cc: Sequence[Written] | None
    close: bool
    leave_promises: bool
    overrides: Sequence[NewOverride]
    undo_seconds: int
    send_at: datetime | None
    automatic: bool


def reply(
    *,
    conversation: Conversation,
    agent: Agent | None,
    markdown: str,
    revision: int | None = None,
    promises: Sequence[NewPromise] = (),
    to: Sequence[Written] | None = None,
    cc: Sequence[Written] | None = None,
    close: bool = False,
    leave_promises: bool = False,
    overrides: Sequence[NewOverride] = (),
    undo_seconds: int = 10,
    send_at: datetime | None = None,
    automatic: bool = False,
) -> Message:
    """Answer the customer: message, outgoing mail, promises and events in one transaction.

    `revision` is the conversation's when the agent began to write; when others added something since, nothing
    is sent, the text is kept in the draft, and ConversationMoved is raised. The files of the agent's draft go
    along. Sent once, however often it is asked for with the same revision and text. The mail leaves after
    `undo_seconds`, or at `send_at`; until then it can be taken back, and a customer who waits goes on waiting
    where that is more than a few minutes. What is `automatic`, the house writes by itself: its mail says so,
    and goes to whoever asked and nobody else, unless they get no more mail. Raises PromisesOpen when it
    should close a conversation with open promises, NotPossible with a sentence for everything else.
    """
    answer = Answer(
        agent=agent,
        markdown=markdown,
        revision=revision,
        promises=promises,
        to=to,
        cc=cc,
        close=close,
        leave_promises=leave_promises,
        overrides=overrides,
        undo_seconds=max(0, min(undo_seconds, UNDO_LIMIT)),
        send_at=send_at,
        automatic=automatic,
    )
    try:
        with transaction.atomic():
            return _reply(conversation, answer)
    except ConversationMoved:
        if agent is not None:
            save_draft(
                conversation=conversation,
                agent=agent,
                kind=Draft.Kind.REPLY,
                markdown=markdown,
                revision=revision,
            )
        raise


def _reply(conversation: Conversation, answer: Answer) -> Message:
    place = working(answer.agent, conversation.pk)
    if answer.revision is not None and place.revision > answer.revision:
        sent = _sent_before(place, answer)
        if sent is not None:
            return sent
        check_moved(place, agent=answer.agent, revision=answer.revision)
    now = timezone.now()
    leaves_at = _leaves_at(answer, now)
    said = last_said(place)
    people = _people(place, said, answer)
    head = Letterhead(
        place=place, agent=answer.agent, people=people, said=said, at=now, automatic=answer.automatic
    )
    draft = _draft(place, answer.agent)
    content = pack(head, markdown=answer.markdown, draft=draft)
    outgoing = send(head, content, not_before=leaves_at)
    message = add_message(
        place,
        kind=Message.Kind.REPLY,
        at=now,
        agent=answer.agent,
        sender_name=head.sender.name,
        sender_address=head.sender.email,
        to=kept(people.to),
        cc=kept(people.cc),
        subject=head.subject,
        text=content.text,
        html=content.html,
        quoted=content.quoted,
        markdown=answer.markdown,
        header_id=head.message_id,
        references=head.references,
        outgoing=outgoing,
    )
    content.keep(message)
    take_part(place, [person.email for person in (*people.to, *people.cc)])
    _settle(place, message, answer, now)
    if answer.agent is not None:
        for one in answer.overrides:
            coaching.override(
                agent=answer.agent,
                rule=one.rule,
                quote=one.quote,
                reason=one.reason,
                conversation_id=place.pk,
            )
    if draft is not None:
        draft.delete()
    tell(
        "reply.queued",
        place,
        agent=answer.agent,
        message=message.pk,
        not_before=outgoing.not_before.isoformat(),
    )
    follow(place)
    return message


def _people(place: Conversation, said: Message | None, answer: Answer) -> Recipients:
    """Whom its author chose; what the house writes by itself goes to whoever asked."""
    if answer.automatic:
        return requester(place, said)
    return chosen(place, said, to=answer.to, cc=answer.cc)


def _leaves_at(answer: Answer, now: datetime) -> datetime:
    """When the mail leaves: soon, or at the moment that was asked for."""
    soon = now + timedelta(seconds=answer.undo_seconds)
    if answer.send_at is None:
        return soon
    if answer.send_at <= now:
        raise NotPossible(gettext("That moment is past. Choose a later one, or send it now."))
    if answer.send_at > now + LATEST:
        raise NotPossible(gettext("A reply can wait for a year at most. Choose an earlier day."))
    return max(soon, answer.send_at)


def _settle(place: Conversation, message: Message, answer: Answer, now: datetime) -> None:
    """What else a reply changes: promises, whose conversation it is, the clock, and whether it is closed."""
    for promise in answer.promises:
        promise_made(place, promise=promise, agent=answer.agent, message=message, at=now)
    if message.outgoing is None or message.outgoing.not_before - now <= SOON:
        place.waiting_since = None
    place.send_failed = False
    if place.assignee_id is None and answer.agent is not None:
        set_assignee(place, agent=answer.agent, to=answer.agent)
    if answer.close and place.state != Conversation.State.CLOSED:
        waiting = list(
            Promise.objects.filter(place__conversation=place, state=Promise.State.OPEN).order_by("due_at")
        )
        if waiting and not answer.leave_promises:
            raise PromisesOpen(waiting)
        set_closed(place, agent=answer.agent)
    place.save()


def promise_made(
    place: Conversation,
    *,
    promise: NewPromise,
    agent: Agent | None,
    message: Message | None = None,
    at: datetime | None = None,
) -> Promise:
    """Write a promise down with where it was made; for a locked conversation."""
    in_reply = message is not None and message.kind == Message.Kind.REPLY
    said_in = Promise.Source.REPLY if in_reply else promise.source
    made = promises_actions.make(
        customer=place.customer,
        promise=replace(promise, source=said_in, team_id=promise.team_id or place.team_id),
        made_by=agent,
        at=at,
        conversation_id=place.pk,
        mailbox_id=place.mailbox_id,
    )
    ConversationPromise.objects.create(promise=made, conversation=place, message=message)
    return made


@transaction.atomic
def add_promise(
    *, conversation: Conversation, agent: Agent | None, promise: NewPromise, after: int | None = None
) -> Promise:
    """Write down a promise that was made outside a reply, such as on the phone.

    With `after`, the number of the newest promise that its author saw (0: none), it is written down once,
    however often the same is asked for.
    """
    place = working(agent, conversation.pk)
    if after is not None:
        mine = Promise.objects.filter(place__conversation=place, pk__gt=after, made_by=agent)
        written = mine.filter(promises_actions.same_as(promise)).order_by("-id").first()
        if written is not None:
            return written
    return promise_made(place, promise=promise, agent=agent)


def check_moved(place: Conversation, *, agent: Agent | None, revision: int) -> None:
    """Raise ConversationMoved when others added to the locked conversation after `revision`."""
    new = place.messages.filter(revision__gt=revision, kind__in=NEWS).defer("search")
    if agent is not None:
        new = new.exclude(agent=agent)
    added = list(new.order_by("at", "id"))
    if added:
        raise ConversationMoved(place, added)


def _sent_before(place: Conversation, answer: Answer) -> Message | None:
    """The reply that this same request made already: a second click is not a second mail."""
    mine = place.messages.filter(kind=Message.Kind.REPLY, agent=answer.agent, revision__gt=answer.revision)
    return mine.filter(markdown=answer.markdown).defer("search").order_by("-id").first()


def _draft(place: Conversation, agent: Agent | None) -> Draft | None:
    if agent is None:
        return None
    return Draft.objects.filter(conversation=place, agent=agent, kind=Draft.Kind.REPLY).first()
