"""One conversation as its page shows it: a fixed number of queries, whatever its length."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from django.utils import timezone

from goodword.mail import html as mail_html
from goodword.mail import pacing
from goodword.mail.models import OutgoingMail, RawMail
from goodword.promises.models import Promise
from goodword.staff.models import Agent

from .. import access
from ..models import Attachment, Conversation, ConversationPromise, Message, Presence
from .elsewhere import Elsewhere, elsewhere

MESSAGES_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message ready to be shown.

    `html` and `quoted_html` are clean and may be put into a page as they are. `blocked` counts pictures
    from elsewhere that were left out. `delivery` is the state of a reply's mail, '' for everything else.
    `also` is where the same mail stands in other mailboxes that the agent may see, `checks` what our own
    servers found of its sender, as `RawMail.authentication` holds it.
    """

    message: Message
    html: str
    quoted_html: str
    blocked: int
    attachments: tuple[Attachment, ...]
    promises: tuple[Promise, ...]
    delivery: str
    delivery_error: str
    can_undo: bool
    can_retry: bool
    also: tuple[Elsewhere, ...] = ()
    checks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Thread:
    """The messages, oldest to newest; `earlier` is the id to ask for what came before, if anything."""

    messages: tuple[ShownMessage, ...]
    earlier: int | None

    def __iter__(self) -> Iterator[ShownMessage]:
        return iter(self.messages)

    def __len__(self) -> int:
        return len(self.messages)


def thread(
    agent: Agent | None,
    conversation: Conversation,
    *,
    pictures: Collection[int] = (),
    before: int | None = None,
    limit: int = MESSAGES_SHOWN,
) -> Thread:
    """The newest messages of a conversation; `pictures`: ids of those whose remote pictures are asked for."""
    seen = access.conversations(agent)
    # Where nothing is hidden from the agent there is nothing to look up.
    if seen.query.has_filters() and not seen.filter(pk=conversation.pk).exists():
        raise Conversation.DoesNotExist
    found = conversation.messages.select_related("agent", "outgoing", "call").defer(
        "search", "outgoing__raw", "references"
    )
    if before is not None:
        edge = conversation.messages.filter(pk=before).values("at", "id").first()
        if edge:
            found = found.filter(at__lte=edge["at"]).exclude(at=edge["at"], id__gte=edge["id"])
    newest = list(found.order_by("-at", "-id")[: limit + 1])
    shown, earlier = newest[:limit][::-1], newest[limit - 1].pk if len(newest) > limit else None
    return Thread(tuple(_shown(shown, agent, pictures)), earlier)


def shown(agent: Agent | None, message: Message, *, pictures: bool = False) -> ShownMessage:
    """One message as `thread` gives it, for a part of a page; get the message from `access.get_message`."""
    return next(iter(_shown([message], agent, [message.pk] if pictures else [])))


def _shown(messages: list[Message], agent: Agent | None, pictures: Collection[int]) -> Iterator[ShownMessage]:
    files: dict[int, list[Attachment]] = defaultdict(list)
    enclosed = Attachment.objects.filter(message__in=messages).select_related("blob").defer("blob__data")
    for file in enclosed.order_by("id"):
        files[file.message_id or 0].append(file)
    made: dict[int, list[Promise]] = defaultdict(list)
    for place in ConversationPromise.objects.filter(message__in=messages).select_related("promise__owner"):
        made[place.message_id or 0].append(place.promise)
    also = elsewhere(messages, agent)
    judged = [one.raw_mail_id for one in messages if one.sender_trust and one.raw_mail_id]
    checks = dict(RawMail.objects.filter(pk__in=judged).values_list("pk", "authentication")) if judged else {}
    for message in messages:
        one = _one(message, agent, files[message.pk], made[message.pk], pictures=message.pk in pictures)
        if message.pk in also or message.sender_trust:
            one = replace(one, also=also.get(message.pk, ()), checks=checks.get(message.raw_mail_id or 0, {}))
        yield one


def _one(
    message: Message, agent: Agent | None, files: list[Attachment], made: list[Promise], *, pictures: bool
) -> ShownMessage:
    urls = {file.content_id: url(file) for file in files if file.content_id}
    html = mail_html.clean(message.html, cid_urls=urls, pictures=pictures) if message.html else ""
    quoted = (
        mail_html.clean(message.quoted_html, cid_urls=urls, pictures=pictures) if message.quoted_html else ""
    )
    outgoing = message.outgoing
    state = outgoing.state if outgoing else ""
    return ShownMessage(
        message=message,
        html=html,
        quoted_html=quoted,
        blocked=mail_html.blocked_pictures(html) + mail_html.blocked_pictures(quoted),
        attachments=tuple(files),
        promises=tuple(made),
        delivery=state,
        delivery_error=_trouble(outgoing) if outgoing else "",
        can_undo=state == OutgoingMail.State.QUEUED and agent is not None and message.agent_id == agent.pk,
        can_retry=state in (OutgoingMail.State.FAILED, OutgoingMail.State.UNKNOWN),
    )


def _trouble(outgoing: OutgoingMail) -> str:
    """What went wrong with a mail, or what keeps one that is due from leaving."""
    due = outgoing.state == OutgoingMail.State.QUEUED and outgoing.not_before < timezone.now()
    return (pacing.held_because(outgoing.domain) if due else "") or outgoing.error


def url(file: Attachment) -> str:
    """Where the desk serves a file."""
    return f"/attachments/{file.pk}/{quote(file.filename, safe='')}"


def who_is_here(conversation: Conversation) -> list[Presence]:
    """The agents who have the conversation open now, each with what they are doing."""
    fresh = timezone.now() - Presence.FRESH
    here = Presence.objects.filter(conversation=conversation, seen_at__gt=fresh)
    return list(here.select_related("agent").order_by("agent__name", "id"))
