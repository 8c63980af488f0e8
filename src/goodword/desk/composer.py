"""What the composer is given: the draft, whom it goes to, and what the coach says so far."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from goodword.coaching import actions as coaching
from goodword.coaching import model_door
from goodword.coaching.access import team_answering
from goodword.complaints.queries import fault_of
from goodword.customers.models import Customer
from goodword.inbox.models import Conversation, Draft, SavedReply
from goodword.inbox.queries import Thread, url
from goodword.promises import track_record
from goodword.staff.models import Agent

from . import said, send_times
from .promise_help import PLACEHOLDER, customers_link
from .thread import newest_id, recipients_in_words, told_of

NOTHING: dict[str, Any] = {"findings": [], "questions": [], "commitments": [], "acts": [], "scores": {}}


def composer_context(
    agent: Agent,
    conversation: Conversation,
    talk: Thread,
    people: Sequence[tuple[int, str]],
    *,
    has_draft: bool,
) -> dict[str, Any]:
    """The `composer` of ui/composer.html, with the people to mention and the first review."""
    draft = newest_draft(agent, conversation) if has_draft else None
    address = [conversation.pk]
    name = conversation.customer.name.split(" ")[0]
    return {
        "action": reverse("reply", args=address),
        "draft_url": reverse("draft", args=address),
        "upload_url": reverse("upload", args=address),
        "better_url": reverse("better", args=address),
        "has_model": model_door.is_set_up(),
        "dispute_url": f"{reverse('dispute')}?conversation={conversation.pk}",
        "conversation": conversation.pk,
        "customer_name": name,
        "revision": version_of(draft),
        "markdown": draft.markdown if draft else "",
        "kind": draft.kind if draft else Draft.Kind.REPLY,
        "seen": newest_id(talk),
        "to": recipients_in_words(talk, conversation),
        "told": told_of(talk),
        "send_times": send_times.offered(),
        "placeholder": _("Write to %(name)s") % {"name": name} if name else _("Write an answer"),
        "saved_replies": saved_replies(agent, conversation.customer),
        "files": [
            {"id": file.pk, "name": file.filename, "url": url(file)}
            for file in (draft.attachments.all() if draft else [])
            if not file.inline
        ],
        "mentions_id": "people",
        "review_id": "first-review",
        "people": [{"id": pk, "name": name} for pk, name in people if pk != agent.pk],
        "review": _first_review(agent, conversation, talk, draft),
    }


def newest_draft(agent: Agent, conversation: Conversation) -> Draft | None:
    """What the agent wrote last here, a reply or a note."""
    drafts = Draft.objects.filter(conversation=conversation, agent=agent).prefetch_related("attachments")
    return drafts.order_by("-updated_at").first()


def version_of(draft: Draft | None) -> int:
    """A number that grows with each save, by which two windows notice each other; 0 without a draft."""
    return int(draft.updated_at.timestamp() * 1_000_000) if draft else 0


def saved_replies(agent: Agent, customer: Customer) -> list[dict[str, str]]:
    """The team's wordings with this agent's name and the customer's page of promises put in."""
    found = SavedReply.objects.order_by("name").values_list("name", "markdown")
    values = {"{{agent}}": agent.name, PLACEHOLDER: customers_link(customer)}
    filled: list[dict[str, str]] = []
    for name, markdown in found:
        for gap, value in values.items():
            markdown = markdown.replace(gap, value)
        filled.append({"name": name, "markdown": markdown})
    return filled


def review(agent: Agent, conversation: Conversation, *, text: str, attachments: int) -> dict[str, Any]:
    """What the coach says of a draft, in the light of what the customer wrote since our last reply."""
    return _review(agent, conversation, said.stored(conversation), text=text, attachments=attachments)


def promises_in(agent: Agent, *, text: str) -> dict[str, Any]:
    """What the coach takes for promises in a note; of the rest of a note it says nothing."""
    found = coaching.review_draft(draft=text, customer_message="", agent_name=agent.name)
    return NOTHING | {"commitments": found["commitments"]}


def _review(
    agent: Agent, conversation: Conversation, heard: said.Talk, *, text: str, attachments: int
) -> dict[str, Any]:
    return coaching.review_draft(draft=text, attachments=attachments, **_known(agent, conversation, heard))


def _known(agent: Agent, conversation: Conversation, heard: said.Talk) -> dict[str, Any]:
    """What the coach is told beside the draft."""
    return {
        "customer_message": heard.customer_message,
        "customer_name": conversation.customer.name,
        "agent_name": agent.name,
        "earlier_replies": heard.replies,
        "team_id": team_answering(agent, conversation.mailbox_id),
        "fault": fault_of(conversation),
        "kept": track_record.plain(),
    }


def better(
    agent: Agent, conversation: Conversation, *, text: str, attachments: int, by_model: bool
) -> dict[str, Any]:
    """Better words for a draft, the coach's or a model's. Raises `coaching.ModelError`."""
    ask = coaching.in_model_words if by_model else coaching.make_better
    return ask(draft=text, attachments=attachments, **_known(agent, conversation, said.stored(conversation)))


def _first_review(
    agent: Agent, conversation: Conversation, talk: Thread, draft: Draft | None
) -> dict[str, Any]:
    """With a draft the coach's review of it, else the questions it found when the messages came in."""
    heard = said.shown(one.message for one in talk)
    if draft and draft.kind == Draft.Kind.REPLY and draft.text:
        files = len(draft.attachments.all())
        return _review(agent, conversation, heard, text=draft.text, attachments=files)
    noted = promises_in(agent, text=draft.text) if draft and draft.text else NOTHING
    return noted | {"language": heard.language(), "questions": heard.questions()}
