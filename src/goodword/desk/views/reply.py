"""Writing: the draft, its files, the reply, the note, and taking a reply back."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from goodword.coaching import actions as coaching
from goodword.coaching.access import team_answering
from goodword.coaching.model_door import ModelError
from goodword.inbox import access, actions
from goodword.inbox.actions import NewOverride
from goodword.inbox.errors import ConversationMoved, NotPossible, PromisesOpen
from goodword.inbox.markdown import pictures
from goodword.inbox.models import Attachment, Conversation, Draft, Message
from goodword.inbox.queries import url
from goodword.promises.actions import NewPromise
from goodword.staff.models import Agent

from .. import send_times
from ..composer import better, promises_in, review, version_of
from ..diffs import word_diff
from ..files import is_picture
from ..jsons import answer, body_of, listed, numbers, wants_json
from ..pages import AgentRequest, Refused, SeeOther, agent_page
from ..paging import number_in
from ..thread import added_last

KEPT_ANYWAY = "keep"
DROPPED = "drop"


@require_POST
@agent_page
def draft(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Keep what was written so far, and say what the coach thinks of it."""
    conversation = access.get_conversation(request.user, pk)
    given = body_of(request)
    if "markdown" not in given:
        raise Refused(
            _("The request holds no text. Load the page again; what was kept before is still there.")
        )
    kind, markdown, text = (str(given.get(name) or "") for name in ("kind", "markdown", "text"))
    kind = kind or Draft.Kind.REPLY
    stored = Draft.objects.filter(conversation=conversation, agent=request.user, kind=kind).first()
    version = given.get("revision")
    # Without words there is nothing to lose: such a draft was made to hold a file.
    other = stored if stored and stored.markdown not in ("", markdown) else None
    if other and isinstance(version, int) and version < version_of(other):
        said = _("This draft was changed in another window.")
        return answer({"revision": version_of(other), "markdown": other.markdown, "message": said}, 409)
    kept = actions.save_draft(
        conversation=conversation, agent=request.user, kind=kind, markdown=markdown, text=text
    )
    _one_draft(kept, request.user)
    _mark_pictures(kept, markdown)
    advice = None
    if kind == Draft.Kind.REPLY:
        files = len(listed(given.get("attachments")))
        advice = review(request.user, conversation, text=text, attachments=files)
        coaching.note_remarks(**_about(request, conversation), findings=advice["findings"])
    elif text.strip():
        advice = promises_in(request.user, text=text)
    return answer({"saved_at": kept.updated_at.isoformat(), "revision": version_of(kept), "review": advice})


@require_POST
@agent_page
def better_words(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Better words for the draft, to be looked at: nothing is kept or sent."""
    conversation = access.get_conversation(request.user, pk)
    given = body_of(request)
    text = str(given.get("text") or "")
    files = len(listed(given.get("attachments")))
    try:
        made = better(
            request.user, conversation, text=text, attachments=files, by_model=given.get("by") == "model"
        )
    except ModelError as error:
        return answer({"message": str(error)}, 502)
    return answer({**made, "diff": word_diff(text, made["text"]) if made["text"] else []})


@require_POST
@agent_page
def upload(request: AgentRequest, pk: int) -> HttpResponseBase:
    """A file for the draft; a picture may then stand in the text."""
    conversation = access.get_conversation(request.user, pk)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise Refused(_("No file arrived. Try it again."))
    kept = _attach(
        conversation, request.user, Draft.Kind.REPLY, file, inline=bool(request.POST.get("inline"))
    )
    return answer(
        {
            "id": kept.pk,
            "url": url(kept),
            "name": kept.filename,
            "size": file.size,
            "picture": is_picture(kept.content_type),
        }
    )


@require_POST
@agent_page
def reply(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Send the reply, or add the note; stopped with both texts kept when the conversation moved meanwhile."""
    conversation = access.get_conversation(request.user, pk)
    kind = request.POST.get("kind", Draft.Kind.REPLY)
    for file in request.FILES.getlist("files"):
        _attach(conversation, request.user, kind, file)
    if kind == Draft.Kind.NOTE:
        return _note(request, conversation)
    try:
        sent = _reply(request, conversation)
    except ConversationMoved as moved:
        return _moved(request, conversation, moved)
    stays = _close_after(request, conversation) if request.POST.get("close") == "1" else ""
    return _sent(request, conversation, sent, stays)


@require_POST
@agent_page
def undo(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Take a reply back; its words stand in the draft again."""
    try:
        message = access.get_message(request.user, pk)
    except Message.DoesNotExist as error:
        raise NotPossible(_("This reply was taken back already. Its words are in the draft.")) from error
    actions.undo_reply(message=message, agent=request.user)
    coaching.forget_sent(conversation_id=message.conversation_id, message_id=pk)
    back = reverse("conversation", args=[message.conversation_id])
    if wants_json(request):
        return answer({"ok": True, "redirect": back})
    messages.success(request, _("Taken back. Your words are in the draft."))
    return SeeOther(back)


@require_POST
@agent_page
def retry(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Send a reply again that did not arrive."""
    message = access.get_message(request.user, pk)
    actions.retry_reply(message=message, agent=request.user)
    messages.success(request, _("The reply is on its way again."))
    return SeeOther(f"{reverse('conversation', args=[message.conversation_id])}#m{pk}")


@require_POST
@agent_page
def dispute(request: AgentRequest) -> HttpResponseBase:
    """The agent disagrees with a remark of the coach."""
    given = body_of(request)
    rule, quote = str(given.get("rule") or ""), str(given.get("quote") or "")
    if not rule:
        raise Refused(_("Which remark? Load the page again, then say so once more."))
    where: dict[str, Any] = {"agent": request.user}
    if (number := number_in(request, "conversation")) is not None:
        where = _about(request, access.get_conversation(request.user, number))
    coaching.dispute(**where, rule=rule, quote=quote, reason=str(given.get("reason") or ""))
    return answer({"ok": True})


def _reply(request: AgentRequest, conversation: Conversation) -> Message:
    """Send what the form holds."""
    given = request.POST
    if wants_json(request):
        kept = Draft.objects.filter(
            conversation=conversation, agent=request.user, kind=Draft.Kind.REPLY
        ).first()
        if kept:
            _mark_pictures(kept, given.get("markdown", ""))
            # What is not named was taken off. Not before the send: an upload may just be on its way back.
            named = numbers(listed(given.get("attachments", "")))
            kept.attachments.filter(inline=False).exclude(pk__in=named).delete()
    # Before the reply is there: afterwards nothing would be left to answer.
    files = len(listed(given.get("attachments", "")))
    words = given.get("text") or given.get("markdown", "")
    found = review(request.user, conversation, text=words, attachments=files)["findings"]
    sent = actions.reply(
        conversation=conversation,
        agent=request.user,
        markdown=given.get("markdown", ""),
        send_at=send_times.asked(given.get("later", ""), given.get("later_at", "")),
        revision=_revision_seen(conversation, given.get("seen", "")),
        promises=[_promise(one) for one in listed(given.get("promises", "")) if _is_meant(one)],
        overrides=_overrides(request, found),
    )
    coaching.settle_remarks(**_about(request, conversation), message_id=sent.pk, findings=found)
    return sent


def _about(request: AgentRequest, conversation: Conversation) -> dict[str, Any]:
    """Whose remarks these are: the agent's, in this conversation, by the coach of the team that answers."""
    team_id = team_answering(request.user, conversation.mailbox_id)
    return {"agent": request.user, "conversation_id": conversation.pk, "team_id": team_id}


def _overrides(request: AgentRequest, findings: list[dict[str, Any]]) -> list[NewOverride]:
    """The findings that asked to stop, with the reason to send all the same.

    The coach is asked again, about the words that are sent: what a page says it found is not relied on.
    """
    reason = request.POST.get("reason", "").strip()
    if not reason:
        return []
    return [
        NewOverride(rule=found["rule"], quote=found["quote"], reason=reason)
        for found in findings
        if found["severity"] == "stop"
    ]


def _note(request: AgentRequest, conversation: Conversation) -> HttpResponseBase:
    """Add an internal note; '@Full Name' of the people it mentions becomes their handle."""
    markdown = request.POST.get("markdown", "")
    named = Agent.objects.filter(pk__in=numbers(listed(request.POST.get("mentions", ""))), is_active=True)
    for agent in sorted(named, key=lambda one: -len(one.name)):
        markdown = markdown.replace(f"@{agent.name}", f"@{agent.handle}")
    # A note talks of much that is no promise to the customer: only what was confirmed is kept.
    kept = [_promise(one) for one in listed(request.POST.get("promises", "")) if _is_kept(one)]
    note = actions.note(
        conversation=conversation,
        agent=request.user,
        markdown=markdown,
        promises=kept,
        revision=_revision_seen(conversation, request.POST.get("seen", "")),
    )
    if wants_json(request):
        return answer({"ok": True, "message_id": note.pk, "redirect": "", "revision": 0})
    messages.success(request, _("The note is added."))
    return SeeOther(f"{reverse('conversation', args=[conversation.pk])}#m{note.pk}")


def _sent(request: AgentRequest, conversation: Conversation, sent: Message, stays: str) -> HttpResponseBase:
    place = reverse("conversation", args=[conversation.pk])
    when = send_times.leaves(sent.outgoing)
    later = _("It %(when)s; until then you can take it back.") % {"when": when} if when else ""
    closes = request.POST.get("close") == "1"
    if stays:
        messages.info(request, stays)
    elif later and (closes or not wants_json(request)):
        messages.success(request, later)
    elif not wants_json(request):
        messages.success(request, _("Your reply leaves in ten seconds; until then it can be taken back."))
    if not wants_json(request):
        return SeeOther(f"{place}#m{sent.pk}")
    until = sent.outgoing.not_before.isoformat() if sent.outgoing else None
    return answer(
        {
            "ok": True,
            "message_id": sent.pk,
            "undo_until": until,
            # What leaves much later is taken back in the conversation: no word stands that long.
            "undo_url": "" if when else reverse("undo", args=[sent.pk]),
            "said": later,
            "redirect": place if closes else "",
            "revision": 0,
        }
    )


def _close_after(request: AgentRequest, conversation: Conversation) -> str:
    """Close after sending; a sentence when the conversation stays open for a promise."""
    try:
        actions.close(conversation=conversation, agent=request.user)
    except PromisesOpen as waiting:
        return ngettext(
            "Sent. The conversation stays open, because a promise is still to be kept.",
            "Sent. The conversation stays open, because %(n)s promises are still to be kept.",
            len(waiting.promises),
        ) % {"n": len(waiting.promises)}
    return ""


def _moved(request: AgentRequest, conversation: Conversation, moved: ConversationMoved) -> HttpResponseBase:
    if not wants_json(request):
        messages.error(request, str(moved))
        return SeeOther(reverse("conversation", args=[conversation.pk]))
    html = render_to_string("desk/moved.html", {"messages": moved.messages})
    seen = added_last(moved.messages)
    kept = Draft.objects.filter(conversation=conversation, agent=request.user, kind=Draft.Kind.REPLY).first()
    said = {"moved": True, "message": str(moved), "html": html, "seen": seen, "revision": version_of(kept)}
    return answer(said, 409)


def _revision_seen(conversation: Conversation, seen: str) -> int | None:
    """The conversation's revision when its author saw it last: that of the message added last of those shown.

    When that one is gone, because its author took it back, that of the newest before it.
    """
    if not (seen.isascii() and seen.isdigit() and len(seen) < 19):
        return None
    before = conversation.messages.filter(pk__lte=int(seen)).order_by("-pk")
    return before.values_list("revision", flat=True).first()


def _is_meant(found: Any) -> bool:
    """A promise the agent confirmed, or a firm one they did not drop."""
    if not isinstance(found, dict) or found.get("choice") == DROPPED:
        return False
    return found.get("choice") == KEPT_ANYWAY or bool(found.get("firm"))


def _is_kept(found: Any) -> bool:
    """A promise the agent confirmed."""
    return isinstance(found, dict) and found.get("choice") == KEPT_ANYWAY


def _promise(found: dict[str, Any]) -> NewPromise:
    try:
        return NewPromise.from_commitment(found)
    except ValueError as error:
        raise Refused(str(error)) from error


def _one_draft(kept: Draft, agent: Agent) -> None:
    """The composer holds one text: what was begun as the other kind is this same text."""
    for other in Draft.objects.filter(conversation_id=kept.conversation_id, agent=agent).exclude(pk=kept.pk):
        other.attachments.update(draft=kept)
        actions.discard_draft(conversation=other.conversation, agent=agent, kind=other.kind)


def _mark_pictures(kept: Draft, markdown: str) -> None:
    """Files that stand in the text as pictures are sent as such, and not listed beside it."""
    if shown := pictures(markdown):
        kept.attachments.filter(pk__in=shown, inline=False).update(inline=True)


def _attach(
    conversation: Conversation, agent: Agent, kind: str, file: "UploadedFile[bytes]", *, inline: bool = False
) -> Attachment:
    draft = Draft.objects.filter(conversation=conversation, agent=agent, kind=kind).first()
    if draft is None:
        draft = actions.save_draft(conversation=conversation, agent=agent, kind=kind, markdown="", text="")
    return actions.attach_to_draft(
        draft=draft,
        filename=file.name or "",
        content_type=file.content_type or "",
        data=file.read(),
        agent=agent,
        inline=inline,
    )
