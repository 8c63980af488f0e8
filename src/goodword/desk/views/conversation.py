"""A conversation: its messages, its customer, and the place to answer."""

from typing import Any
from urllib.parse import urlencode

from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from goodword.complaints.queries import beside as complaints_beside
from goodword.events import queries as event_log
from goodword.inbox import access, actions, holds, queries
from goodword.inbox.models import Conversation, Merge
from goodword.inbox.queries import Aside, Row, as_row, with_head, with_row
from goodword.promises.models import Promise
from goodword.staff.looking import looked
from goodword.staff.models import Agent

from .. import promise_help, rows, snooze_times
from .. import thread as shown_thread
from ..composer import composer_context
from ..feelings import URGENT, feeling_of
from ..jsons import answer, body_of
from ..looks import how_opened
from ..pages import AgentRequest, agent_page, page, part
from ..promise_words import look
from ..raised import raised
from ..service_words import service_context
from . import inbox

State = Conversation.State
LARGEST = 2**63 - 1
SETTLED = 3


@require_GET
def conversation(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A conversation; with `?pictures=<message>` that message may load its pictures from elsewhere."""

    def show(asked: HttpRequest) -> HttpResponseBase:
        return _show(asked, pk)

    if request.GET.get("pictures"):
        # For this answer only: the agent asked to see them, which their sender will notice.
        return csp_update({"img-src": ["https:", "http:"]})(show)(request)
    return show(request)


@agent_page
def _show(request: AgentRequest, pk: int) -> HttpResponseBase:
    # Taken first: what happens while the page is put together is then told by the live stream.
    cursor = "" if request.htmx else str(event_log.now())
    try:
        opened = _open(request.user, pk)
    except Conversation.DoesNotExist:
        return _gone(request, pk)
    found = opened.conversation
    if found.state == State.MERGED and (target := access.merged_into(found)) is not None:
        messages.info(request, _("#%(number)s was merged into this conversation.") % {"number": pk})
        return redirect("conversation", target.pk)
    context = _context(request, opened)
    if request.htmx and not request.htmx.history_restore_request:
        # A click in the list replaces the panes beside it; a verb replaces the conversation itself.
        into = "desk/panes.html" if request.htmx.target == "main" else "desk/conversation_part.html"
        made = part(request, into, context | _rows(request, opened))
    else:
        around = context | _beside(request, found)
        made = page(request, "desk/conversation.html", around, section="inbox", cursor=cursor)
    looked(request.user, how_opened(request), customer_id=found.customer_id, conversation_id=found.pk)
    return made


@require_GET
@agent_page
def thread(request: AgentRequest, pk: int) -> HttpResponseBase:
    """The messages alone, fetched again when something happened; and the line above them."""
    try:
        opened = _open(request.user, pk)
    except Conversation.DoesNotExist:
        return _gone(request, pk)
    target = access.merged_into(opened.conversation)
    if target is not None:
        # Somebody merged it away while it was open here: go on where it went.
        return HttpResponseClientRedirect(reverse("conversation", args=[target.pk]))
    return part(request, "desk/thread_part.html", _talk(request, opened))


@require_GET
@agent_page
def aside(request: AgentRequest, pk: int) -> HttpResponseBase:
    """What stands beside the messages; parts of it are fetched again when something happened to them."""
    found = access.get_conversation(request.user, pk)
    beside = queries.aside(request.user, found)
    context = beside_context(beside) | {"conversation": found}
    return part(request, "desk/side.html", context)


@require_GET
@agent_page
def message(request: AgentRequest, pk: int) -> HttpResponseBase:
    """The body of one message with its pictures from elsewhere."""
    found = access.get_message(request.user, pk)
    item = shown_thread.item_of(queries.shown(request.user, found, pictures=True))
    return part(request, "desk/message.html", {"item": item})


@require_POST
@agent_page
def presence(request: AgentRequest, pk: int) -> HttpResponseBase:
    """The agent says what they are doing here, and hears who else is."""
    found = access.get_conversation(request.user, pk)
    state = str(body_of(request).get("state", ""))
    if state == "gone":
        actions.leave(conversation=found, agent=request.user)
    else:
        actions.arrive(conversation=found, agent=request.user, doing=state)
        actions.see_mentions(conversation=found, agent=request.user)
    return answer({"people": people_here(found, request.user)})


def people_here(found: Conversation, agent: Agent) -> list[dict[str, Any]]:
    """Who else has the conversation open."""
    return [
        {"id": one.agent_id, "name": one.agent.name.split()[0], "state": str(one.doing)}
        for one in queries.who_is_here(found)
        if one.agent_id != agent.pk
    ]


def _open(agent: Agent, pk: int) -> Row:
    """The conversation with what its line in a list shows, all in one query."""
    if pk > LARGEST:
        raise Conversation.DoesNotExist
    seen = with_head(with_row(access.conversations(agent), agent))
    seen = seen.select_related("customer", "assignee", "mailbox", "team")
    return as_row(seen.get(pk=pk))


def _gone(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Back to the list with a word when a lead deleted it, perhaps while it was open here."""
    if pk > LARGEST or not queries.was_removed(request.user, pk):
        raise Conversation.DoesNotExist
    messages.info(request, _("#%(number)s was deleted for good.") % {"number": pk})
    where = reverse("inbox")
    return HttpResponseClientRedirect(where) if request.htmx else redirect(where)


def _talk(request: AgentRequest, opened: Row) -> dict[str, Any]:
    """The messages, what happened between them, and the customer beside."""
    found = opened.conversation
    given = request.GET.get("pictures", "")
    before = request.GET.get("before", "")
    pictures = [int(given)] if given.isascii() and given.isdigit() and len(given) < 19 else []
    talk = queries.thread(
        request.user,
        found,
        pictures=pictures,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
    )
    aside = queries.aside(request.user, found)
    return beside_context(aside) | {
        "conversation": found,
        "talk": talk,
        "complaints_beside": complaints_beside(found, [one.message for one in talk], agent=request.user),
        "is_older": bool(before),
        "items": shown_thread.items(talk, aside.timeline, found),
        "seen": shown_thread.newest_id(talk),
        "feeling": feeling_of(found.feeling),
        "urgent": found.urgency >= URGENT,
        "own_tags": opened.tags,
        **service_context(found),
        "merges": _merges(found, aside),
        "may_belong_to": _may_belong_to(request.user, found),
    }


def _may_belong_to(agent: Agent, found: Conversation) -> int | None:
    """The other conversation that its mail named, for those who may look there."""
    number = found.may_belong_to_id
    return number if number and access.conversations(agent).filter(pk=number).exists() else None


def _context(request: AgentRequest, opened: Row) -> dict[str, Any]:
    talk = _talk(request, opened)
    people = talk["aside"].people
    still_open = [
        promise
        for promise in talk["aside"].promises
        if promise.is_open and promise.place.conversation_id == opened.conversation.pk
    ]
    return talk | {
        "composer": composer_context(
            request.user, opened.conversation, talk["talk"], people, has_draft=opened.has_draft
        ),
        "open_promises": still_open,
        **promise_help.beside(opened.conversation.customer, talk["aside"].promises, still_open),
        "snooze_times": snooze_times.offered(),
        "holds": holds.holds_of(opened.conversation) if getattr(opened.conversation, "is_held", True) else [],
        "asks_to_close": request.GET.get("close") == "ask",
        **raised(request.user, opened.conversation),
        "list_url": list_url(request),
        "list_query": list_query(request),
    }


def _beside(request: AgentRequest, found: Conversation) -> dict[str, Any]:
    """The list beside the conversation, when the address says which one it was opened from."""
    view = request.GET.get("view", "")
    if not inbox.known(view):
        return {"pane": "conversation", "view": "open", "tag": ""}
    shown = inbox.list_context(request, view=view, tag=request.GET.get("tag", ""), current=found.pk)
    return shown | {"pane": "conversation"}


def _rows(request: AgentRequest, opened: Row) -> dict[str, Any]:
    """The rows of the list that change their look: the one just opened, and the one that was open before."""
    found = opened.conversation
    was = _number_in(request.htmx.current_url_abs_path or "")
    view = request.GET.get("view", "")
    if not inbox.known(view) or request.htmx.target != "main":
        return {"changed": []}
    changed = inbox.some_lines(request, {was} - {found.pk}, current=found.pk) if was else []
    return {
        "changed": [rows.line(opened, inbox.place_of(request, found.pk), timezone.now()), *changed],
        "view": view,
    }


def _number_in(path: str) -> int | None:
    """The conversation an address of ours is about."""
    pieces = path.partition("?")[0].strip("/").split("/")
    about = len(pieces) == 2 and pieces[0] == "conversations" and pieces[1].isascii() and pieces[1].isdigit()
    return int(pieces[1]) if about and len(pieces[1]) < 19 else None


def beside_context(aside: Aside) -> dict[str, Any]:
    """The customer's open promises and the newest that were kept or broken; whether there are more."""
    still = [promise for promise in aside.promises if promise.is_open]
    settled = [
        promise for promise in aside.promises if promise.state in (Promise.State.KEPT, Promise.State.BROKEN)
    ]
    shown = [(promise, look(promise)) for promise in [*still, *settled[:SETTLED]]]
    return {"aside": aside, "promises": shown, "promises_more": len(settled) > SETTLED}


def _merges(found: Conversation, aside: Aside) -> list[Merge]:
    """Merges into this conversation that can be undone; looked up only where the timeline tells of one."""
    if not any(line.kind == "conversation.merged" for line in aside.timeline):
        return []
    return list(
        Merge.objects.filter(target=found, undone_at=None).select_related("source", "by").order_by("-id")
    )


def list_query(request: AgentRequest) -> str:
    """What an address carries of the list, to be handed on by the verbs."""
    given = {name: request.GET[name] for name in ("view", "tag") if request.GET.get(name)}
    return urlencode(given)


def list_url(request: AgentRequest) -> str:
    """Back to the list this conversation was opened from."""
    view = request.GET.get("view", "")
    return reverse("inbox_view", args=[view]) if inbox.known(view) else reverse("inbox")
