"""What an agent is writing: kept on the server from the first pause, with its files."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from goodword.mail.actions import keep_file
from goodword.staff.models import Agent

from .. import access
from ..errors import NotPossible
from ..models import Attachment, Conversation, Draft

FILE_LIMIT = 20 * 1024 * 1024
TEXT_LIMIT = 200_000


def save_draft(
    *,
    conversation: Conversation,
    agent: Agent,
    kind: str,
    markdown: str,
    text: str = "",
    revision: int | None = None,
) -> Draft:
    """Keep what the agent has written so far; one draft for each conversation, agent and kind.

    `revision` is the conversation's when the writing began; None leaves it as it stands.
    """
    if kind not in Draft.Kind.values:
        raise NotPossible(gettext("'%(kind)s' is no kind of draft. Use 'reply' or 'note'.") % {"kind": kind})
    if len(markdown) > TEXT_LIMIT:
        raise NotPossible(
            gettext("The text is longer than %(limit)d characters. Shorten it, or attach it as a file.")
            % {"limit": TEXT_LIMIT}
        )
    with transaction.atomic():
        place = access.conversations(agent).get(pk=conversation.pk)
        written = {"markdown": markdown, "text": text, "updated_at": timezone.now()}
        if revision is not None:
            written["revision"] = revision
        draft, _made = Draft.objects.update_or_create(
            conversation=place,
            agent=agent,
            kind=kind,
            defaults=written,
            create_defaults={"revision": place.revision, **written},
        )
    return draft


@transaction.atomic
def discard_draft(*, conversation: Conversation, agent: Agent, kind: str = Draft.Kind.REPLY) -> None:
    """Drop a draft and its files; without a draft nothing happens."""
    access.conversations(agent).get(pk=conversation.pk)
    Draft.objects.filter(conversation=conversation, agent=agent, kind=kind).delete()


@transaction.atomic
def attach_to_draft(
    *,
    draft: Draft,
    filename: str,
    content_type: str,
    data: bytes,
    agent: Agent | None = None,
    inline: bool = False,
) -> Attachment:
    """Put a file with a draft; `inline` for a picture in the text, sent only while the text shows it."""
    if agent is not None:
        access.get_draft(agent, draft.pk)
    if len(data) > FILE_LIMIT:
        raise NotPossible(
            gettext("'%(name)s' has %(size)d MB; a file may have up to %(limit)d MB. Send a link instead.")
            % {"name": filename[:100], "size": len(data) // 1024**2, "limit": FILE_LIMIT // 1024**2}
        )
    return Attachment.objects.create(
        draft=draft,
        blob=keep_file(data),
        filename=file_name(filename),
        content_type=content_type[:200] or "application/octet-stream",
        inline=inline,
    )


@transaction.atomic
def detach_from_draft(*, attachment: Attachment, agent: Agent) -> None:
    """Take a file off a draft of the agent's own."""
    found = access.get_attachment(agent, attachment.pk)
    if found.draft_id is None:
        raise NotPossible(
            gettext("'%(name)s' was sent and stays with its message.") % {"name": found.filename}
        )
    found.delete()


def file_name(name: str) -> str:
    """A file's bare name, fit to be shown and saved under."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(char for char in bare if char.isprintable()).strip()[:300] or "file"
