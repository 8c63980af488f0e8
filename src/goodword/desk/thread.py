"""A conversation's messages and what happened between them, ready to be printed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import escape, linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from goodword.events.timeline import Line
from goodword.inbox.models import Attachment, Conversation, Message
from goodword.inbox.queries import ShownMessage, Thread, url
from goodword.mail import suppressions
from goodword.mail.models import OutgoingMail
from goodword.mail.queries import suppressed

from . import send_times
from .files import is_picture
from .plain import undressed
from .senders import Trust, trust_of
from .timeline import icon_of

# Kinds of events that stand between the messages; the rest of them the messages themselves tell.
BETWEEN = ("approval.", "voucher.", "conversation.", "promise.")
NOT_BETWEEN = frozenset(
    {
        "conversation.opened",
        "conversation.tagged",
        "conversation.untagged",
        "promise.made",
        "promise.due_soon",
        "promise.unlikely",
    }
)
NOTHING = SafeString("")
Kind = Message.Kind
State = OutgoingMail.State
LINKS = ("http", "www.", "@", ".com", ".net", ".org")  # without any of these there is nothing to link
BLOCKS = {Kind.CUSTOMER: "customer", Kind.REPLY: "reply", Kind.NOTE: "note", Kind.CALL: "call"}


@dataclass(frozen=True, slots=True)
class Delivery:
    """Whether a reply has reached the customer."""

    tone: str
    icon: str
    words: str


@dataclass(frozen=True, slots=True)
class File:
    """A file of a message."""

    name: str
    url: str
    size: int
    picture: bool


@dataclass(frozen=True, slots=True)
class Item:
    """A message, or a line about what happened; exactly one of `shown` and `happened` is there."""

    at: datetime
    shown: ShownMessage | None = None
    happened: Line | None = None
    icon: str = ""
    block: str = ""
    who: str = ""
    address: str = ""
    files: tuple[File, ...] = ()
    delivery: Delivery | None = None
    body: SafeString = NOTHING
    quoted: SafeString = NOTHING
    new: bool = False
    trust: Trust | None = None

    @property
    def look(self) -> str:
        """Its classes."""
        failed = self.delivery is not None and self.delivery.tone == "failed"
        return f"msg msg--{self.block}{' msg--failed' if failed else ''}"

    @property
    def has_more(self) -> bool:
        """Whether anything stands below the words, which is seldom so."""
        one = self.shown
        own = one is not None and (one.blocked or one.promises or one.also or one.can_undo or one.can_retry)
        return bool(self.quoted or self.files or own)


def items(thread: Thread, happened: Iterable[Line], conversation: Conversation) -> list[Item]:
    """Messages and happenings, oldest first; happenings from before the first message shown are left out."""
    shown = list(_messages(thread, conversation))
    since = shown[0].at if shown else None
    between = [
        Item(at=line.at, happened=line, icon=icon_of(line.kind))
        for line in happened
        if line.kind.startswith(BETWEEN)
        and line.kind not in NOT_BETWEEN
        and (since is None or line.at >= since)
    ]
    return sorted([*shown, *between], key=lambda item: item.at)


def newest_id(thread: Thread) -> int:
    """The message added last of those shown, which the composer gives back as what its author has seen.

    Not the one with the highest number: what a merge brought along has come later than that.
    """
    return added_last(shown.message for shown in thread)


def added_last(messages: Iterable[Message]) -> int:
    """The id of the message that was added last; 0 without any."""
    return max(((one.revision, one.pk) for one in messages), default=(0, 0))[1]


def item_of(shown: ShownMessage, *, new: bool = False) -> Item:
    """One message as an item."""
    message = shown.message
    return Item(
        at=message.at,
        shown=shown,
        block="auto" if message.kind not in BLOCKS else BLOCKS[Kind(message.kind)],
        who=(message.agent.name if message.agent else "") or message.sender_name or message.sender_address,
        address=message.sender_address if message.kind == Kind.CUSTOMER and message.sender_name else "",
        files=tuple(_files(shown)),
        delivery=_delivery(shown),
        body=_shown_html(shown.html, message.text),
        quoted=_shown_html(shown.quoted_html, message.quoted),
        new=new,
        trust=trust_of(shown),
    )


def _shown_html(html: str, text: str) -> SafeString:
    """Cleaned HTML in the desk's dress, or else the text with its paragraphs and addresses."""
    if html:
        return mark_safe(undressed(html))  # noqa: S308 cleaned by mail.html.clean
    if not text:
        return NOTHING
    links = any(sign in text for sign in LINKS)
    return mark_safe(linebreaks(urlize(text, autoescape=True) if links else escape(text)))  # noqa: S308 escaped


def _messages(thread: Thread, conversation: Conversation) -> Iterator[Item]:
    since, marked = conversation.waiting_since, len(thread) < 2
    for shown in thread:
        message = shown.message
        new = not marked and since is not None and message.kind == Kind.CUSTOMER and message.at >= since
        marked = marked or new
        yield item_of(shown, new=new)


def _files(shown: ShownMessage) -> Iterator[File]:
    """The files to list: not the pictures that stand in the text already."""
    body = shown.html + shown.quoted_html
    for file in shown.attachments:
        address = url(file)
        if not (file.inline and address in body):
            yield File(file.filename, address, size_of(file), is_picture(file.content_type))


def size_of(file: Attachment) -> int:
    """The file's size in bytes, when its blob was looked up with it."""
    return file.blob.size if "blob" in file._state.fields_cache else 0


def _delivery(shown: ShownMessage) -> Delivery | None:
    reason = shown.delivery_error
    if when := send_times.leaves(shown.message.outgoing):
        return Delivery("", "calendar-clock", when)
    words: dict[str, tuple[str, str, str]] = {
        State.QUEUED: (
            "",
            "clock",
            _("not sent yet: %(reason)s") % {"reason": reason} if reason else _("leaves in a moment"),
        ),
        State.SENDING: ("", "send", _("on its way")),
        State.SENT: (
            ("", "help-circle", _("sent. %(reason)s") % {"reason": reason})
            if reason
            else ("sent", "check-check", _("sent"))
        ),
        State.FAILED: (
            "failed",
            "alert-circle",
            _("not delivered: %(reason)s") % {"reason": reason} if reason else _("not delivered"),
        ),
        State.UNKNOWN: ("unknown", "help-circle", reason or _("perhaps sent; nobody can tell")),
        State.WITHDRAWN: ("", "undo-2", _("taken back")),
    }
    found = words.get(shown.delivery)
    return Delivery(*found) if found else None


def told_of(thread: Sequence[ShownMessage] | Thread) -> list[str]:
    """What a person should know before they write to these addresses, such as that one does not exist."""
    found = suppressed(_answered(thread))
    return [suppressions.told(one) for one in found.values()]


def _answered(thread: Sequence[ShownMessage] | Thread) -> list[str]:
    """The addresses an answer to the last message goes to."""
    heard = [shown.message for shown in thread if shown.message.kind == Kind.CUSTOMER]
    if not heard:
        return []
    last = heard[-1]
    people = [*last.answer_to, *last.answer_cc] or [{"email": last.sender_address}]
    return [person.get("email", "") for person in people if person.get("email")]


def recipients_in_words(thread: Sequence[ShownMessage] | Thread, conversation: Conversation) -> str:
    """Whom an answer goes to, as words beside the composer."""
    if not any(shown.message.kind == Kind.CUSTOMER for shown in thread):
        return _("to %(name)s") % {"name": conversation.customer}
    addresses = _answered(thread)
    return _("to %(addresses)s") % {"addresses": ", ".join(addresses)} if addresses else ""
