"""Taking a reply back while it has not left, and sending one again that did not arrive."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from goodword.mail import actions as mail
from goodword.promises import actions as promises
from goodword.promises.models import Promise
from goodword.staff.models import Agent

from .. import access
from ..clocks import follow
from ..errors import NotPossible
from ..models import Attachment, Conversation, Draft, Message
from .adding import retell, tell
from .states import set_open


@transaction.atomic
def undo_reply(*, message: Message, agent: Agent) -> Draft:
    """Take back a reply that has not left; its text and files are in the draft again.

    What it promised is withdrawn, and a conversation it closed is open again. Raises NotPossible once the
    mail is on its way.
    """
    seen = access.conversations(agent).get(pk=message.conversation_id)
    reply = (
        Message.objects.select_related("outgoing")
        .defer("search", "outgoing__raw")
        .filter(pk=message.pk)
        .first()
    )
    if reply is None:
        draft = Draft.objects.filter(conversation=seen, agent=agent, kind=Draft.Kind.REPLY).first()
        if draft is not None:
            return draft
    if reply is None or reply.kind != Message.Kind.REPLY or reply.agent_id != agent.pk:
        raise NotPossible(gettext("Only whoever wrote a reply can take it back."))
    # The mail before the conversation: in this order the sender takes them, too.
    if reply.outgoing is None or not mail.withdraw(mail=reply.outgoing):
        raise NotPossible(gettext("The reply is on its way already and cannot be taken back."))
    place = access.locked(agent, reply.conversation_id)
    for promise in Promise.objects.filter(place__message=reply, state=Promise.State.OPEN):
        promises.withdraw(
            promise=promise, agent=agent, note=gettext("The reply was taken back before it left.")
        )
    draft = _draft_of(place, reply, agent)
    _open_what_it_closed(place, reply, agent)
    tell("reply.undone", place, agent=agent, message=reply.pk)
    reply.delete()
    retell(place)
    place.save()
    follow(place)
    return draft


def _draft_of(place: Conversation, reply: Message, agent: Agent) -> Draft:
    """The reply's text and files in the draft, before whatever was begun meanwhile."""
    draft, _made = Draft.objects.get_or_create(
        conversation=place, agent=agent, kind=Draft.Kind.REPLY, defaults={"revision": reply.revision}
    )
    draft.markdown = (
        f"{reply.markdown}\n\n{draft.markdown}".rstrip("\n") if draft.markdown else reply.markdown
    )
    draft.text = f"{reply.text}\n\n{draft.text}".rstrip("\n") if draft.text else reply.text
    draft.updated_at = timezone.now()
    draft.save()
    Attachment.objects.filter(message=reply).update(message=None, draft=draft)
    return draft


def _open_what_it_closed(place: Conversation, reply: Message, agent: Agent) -> None:
    closed_with = place.closures.filter(by=agent, at__gte=reply.at, reopened_at=None)
    if place.state == Conversation.State.CLOSED and closed_with.exists():
        set_open(place, agent=agent, reason="undone")


@transaction.atomic
def retry_reply(*, message: Message, agent: Agent | None) -> Message:
    """Send a reply again that failed, or of which nobody knows whether it left."""
    place = access.conversations(agent).get(pk=message.conversation_id)
    reply = Message.objects.select_related("outgoing").defer("search", "outgoing__raw").get(pk=message.pk)
    if reply.outgoing is None:
        raise NotPossible(gettext("This message is no reply that could be sent again."))
    if mail.send_again(mail=reply.outgoing):
        tell("reply.retried", place, agent=agent, message=reply.pk)
    return reply
