"""A reply as a mail: its letterhead, its content, and its place in the outbox."""

import html
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from goodword.kit.ids import derived_key
from goodword.mail import actions as mail
from goodword.mail import addressing, composing, suppressions
from goodword.mail.addressing import Recipients
from goodword.mail.models import Mailbox, OutgoingMail
from goodword.mail.parsing import Address
from goodword.staff.models import Agent

from ..errors import NotPossible
from ..markdown import as_html, as_text, pictures, point_pictures
from ..models import Attachment, Conversation, Draft, Message

QUOTE_LENGTH = 20_000


def reply_key() -> bytes:
    """The key that signs reply addresses."""
    return derived_key("reply address", secret=settings.SECRET_KEY)


@dataclass(kw_only=True)
class Letterhead:
    """Who writes to whom about what; `said` is the customer's last message, which stands below the answer.

    With a `topic` it is a notice, from which they can unsubscribe; what is `automatic`, the house writes by
    itself.
    """

    place: Conversation
    agent: Agent | None
    people: Recipients
    said: Message | None
    at: datetime
    topic: str = ""
    automatic: bool = False

    @cached_property
    def mailbox(self) -> Mailbox:
        found = self.place.mailbox or Mailbox.objects.order_by("id").first()
        if found is None:
            raise NotPossible(gettext("There is no mailbox to answer from. Add one in the settings."))
        return found

    @cached_property
    def domain(self) -> str:
        return self.mailbox.address.rpartition("@")[2]

    @cached_property
    def sender(self) -> Address:
        return Address(self.agent.name if self.agent else self.mailbox.name, self.mailbox.address)

    @cached_property
    def reply_to(self) -> Address:
        signed = addressing.signed_reply_address(
            mailbox=self.mailbox.address, conversation_id=self.place.pk, key=reply_key()
        )
        return Address(self.mailbox.name, signed)

    @cached_property
    def message_id(self) -> str:
        return addressing.message_id(domain=self.domain)

    @cached_property
    def subject(self) -> str:
        return composing.reply_subject(self.place.subject)

    @cached_property
    def answered(self) -> Message | None:
        """The newest mail of the conversation."""
        spoken = self.place.messages.filter(kind__in=[Message.Kind.CUSTOMER, Message.Kind.REPLY])
        return (
            spoken.exclude(header_id="").defer("search", "html", "quoted_html").order_by("-at", "-id").first()
        )

    @cached_property
    def references(self) -> list[str]:
        return (
            composing.shown_references([*self.answered.references, self.answered.header_id])
            if self.answered
            else []
        )


@dataclass
class Content:
    """What a reply says, in the forms a mail and a message need it, and the files that go along."""

    text: str
    html: str
    quoted: str
    letter_text: str
    letter_html: str
    files: list[Attachment] = field(default_factory=list)
    dropped: list[Attachment] = field(default_factory=list)

    def keep(self, message: Message) -> None:
        """Put the files with the message; pictures that the text no longer shows are dropped."""
        for file in self.files:
            file.message, file.draft = message, None
            file.save()
        Attachment.objects.filter(pk__in=[file.pk for file in self.dropped]).delete()


def pack(head: Letterhead, *, markdown: str, draft: Draft | None) -> Content:
    """Render what the agent wrote, with the signature and the customer's last message below."""
    files, dropped, targets = _files(head, markdown, draft)
    if not markdown.strip() and not files:
        raise NotPossible(gettext("The reply is empty. Write something, then send it."))
    page = point_pictures(as_html(markdown), targets)
    text = as_text(page)
    signature = head.agent.signature.strip() if head.agent else ""
    quote = head.said if head.said and head.said.text.strip() else None
    quoted = _quoted_text(quote) if quote else ""
    below = [f"-- \n{signature}"] if signature else []
    below_html = [f"<p>-- <br>{_lines(signature)}</p>"] if signature else []
    return Content(
        text=text,
        html=page,
        quoted=quoted,
        letter_text="\n\n".join(piece for piece in (text, *below, quoted) if piece),
        letter_html="\n".join([page, *below_html, *([_quoted_html(quote)] if quote else [])]),
        files=files,
        dropped=dropped,
    )


def send(head: Letterhead, content: Content, *, not_before: datetime) -> OutgoingMail:
    """Put the mail into the outbox, in the caller's transaction.

    Raises NotPossible, for an automatic one also when its recipient gets no more mail.
    """
    letter = composing.Letter(
        message_id=head.message_id,
        sender=head.sender,
        to=head.people.to,
        cc=head.people.cc,
        subject=head.subject,
        text=content.letter_text,
        html=content.letter_html,
        at=timezone.localtime(head.at),
        reply_to=head.reply_to,
        in_reply_to=head.answered.header_id if head.answered else None,
        references=head.references,
        files=[_as_file(file) for file in content.files],
        automatic=head.automatic,
    )
    if not head.people.to and not head.people.cc:
        raise NotPossible(
            gettext("The customer has no mail address to answer to. Add a recipient, or write a note.")
        )
    why = suppressions.unwanted(composing.recipients(letter), head.topic) if head.automatic else ""
    if why:
        raise NotPossible(why)
    try:
        # To one person at an hour chosen for them, which they would miss behind a great many others.
        lane = OutgoingMail.Lane.PERSON
        return mail.queue(letter=letter, not_before=not_before, lane=lane, topic=head.topic)
    except composing.Unsendable as error:
        raise NotPossible(str(error)) from error


def _files(
    head: Letterhead, markdown: str, draft: Draft | None
) -> tuple[list[Attachment], list[Attachment], dict[int, str]]:
    """The files that go along, those that do not, and where each picture of the text is found in the mail."""
    shown = pictures(markdown)
    reach = Q(draft=draft) if draft else Q(pk__in=[])
    if shown:
        reach |= Q(pk__in=shown, message__conversation=head.place)
    sent: list[Attachment] = []
    dropped: list[Attachment] = []
    targets: dict[int, str] = {}
    for file in Attachment.objects.filter(reach).select_related("blob").order_by("id"):
        if file.pk in shown:
            source, file = file.pk, _as_picture(file, head.domain)
            targets[source] = f"cid:{file.content_id}"
        elif file.inline:
            dropped.append(file)
            continue
        sent.append(file)
    return sent, dropped, targets


def _as_picture(file: Attachment, domain: str) -> Attachment:
    """The file as a picture of this mail; one of an earlier message stays with that message, too."""
    if file.message_id is not None:
        file = Attachment(blob=file.blob, filename=file.filename, content_type=file.content_type)
    file.inline = True
    file.content_id = f"{uuid.uuid4()}@{domain}"
    return file


def _as_file(file: Attachment) -> composing.File:
    return composing.File(
        filename=file.filename,
        content_type=file.content_type,
        data=bytes(file.blob.data),
        content_id=file.content_id or None if file.inline else None,
    )


def _introduction(message: Message) -> str:
    when = timezone.localtime(message.at).strftime("%Y-%m-%d %H:%M")
    return gettext("On %(when)s, %(who)s wrote:") % {
        "when": when,
        "who": message.sender_name or message.sender_address,
    }


def _quoted_text(message: Message) -> str:
    lines = message.text[:QUOTE_LENGTH].strip().split("\n")
    return "\n".join([_introduction(message), *(f"> {line}".rstrip() for line in lines)])


def _quoted_html(message: Message) -> str:
    return (
        f'<p>{html.escape(_introduction(message))}</p>\n<blockquote type="cite">'
        f"{_lines(message.text[:QUOTE_LENGTH].strip())}</blockquote>"
    )


def _lines(text: str) -> str:
    return html.escape(text).replace("\n", "<br>\n")
