"""Whose a conversation is, when it comes back, whether it is closed, its tags and its merges."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Max
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from goodword.inbox import access, actions
from goodword.inbox.errors import PromisesOpen
from goodword.inbox.models import Conversation, Tag
from goodword.promises.forms import PromiseForm
from goodword.staff.models import Agent, Team
from goodword.staff.queries import at_work
from goodword.ui.times import say_moment

from .. import snooze_times
from ..pages import AgentRequest, Refused, SeeOther, agent_page, page, part

CANDIDATES = 10
TAGS_OFFERED = 200


def back(request: AgentRequest, pk: int, more: str = "") -> SeeOther:
    """To the conversation, with the list it was opened from still beside it."""
    kept = request.POST.get("list", "")
    query = "&".join(part for part in (more, kept) if part)
    return SeeOther(reverse("conversation", args=[pk]) + (f"?{query}" if query else ""))


@require_POST
@agent_page
def assign(request: AgentRequest, pk: int) -> HttpResponseBase:
    """To oneself (`to=me`), to somebody else, or to nobody (empty)."""
    conversation = access.get_conversation(request.user, pk)
    wanted = request.POST.get("to", "")
    if wanted == "me":
        to: Agent | None = request.user
    elif wanted == "":
        to = None
    else:
        to = Agent.objects.get(pk=int(wanted), is_active=True) if wanted.isdigit() else None
        if to is None:
            raise Refused(_("'%(who)s' is nobody here.") % {"who": wanted[:40]})
    actions.assign(conversation=conversation, agent=request.user, to=to)
    said = _("%(name)s sees to it now.") % {"name": to.name} if to else _("Nobody sees to it now.")
    messages.success(request, _("It is yours.") if to == request.user else said)
    return back(request, pk)


@require_POST
@agent_page
def snooze(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Put it away until a moment; a new message brings it back earlier."""
    conversation = access.get_conversation(request.user, pk)
    until = snooze_times.moment(request.POST.get("until", ""))
    actions.snooze(conversation=conversation, agent=request.user, until=until)
    messages.success(request, _("Put away until %(when)s.") % {"when": say_moment(until)})
    return back(request, pk)


@require_POST
@agent_page
def close(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Close it; with open promises the agent is asked first."""
    conversation = access.get_conversation(request.user, pk)
    leave = request.POST.get("leave_promises") == "1"
    try:
        actions.close(conversation=conversation, agent=request.user, leave_promises=leave)
    except PromisesOpen as waiting:
        messages.warning(request, str(waiting))
        return back(request, pk, "close=ask")
    messages.success(request, _("Closed."))
    return back(request, pk)


@require_POST
@agent_page
def reopen(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Open it again, or take it out of the snoozed ones."""
    actions.reopen(conversation=access.get_conversation(request.user, pk), agent=request.user)
    messages.success(request, _("Open again."))
    return back(request, pk)


@require_POST
@agent_page
def tags(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Put a tag on it (`add`), or take one off (`remove`)."""
    conversation = access.get_conversation(request.user, pk)
    if name := request.POST.get("remove", ""):
        actions.remove_tag(conversation=conversation, agent=request.user, name=name)
    else:
        actions.add_tag(conversation=conversation, agent=request.user, name=request.POST.get("add", ""))
    return back(request, pk)


@require_POST
@agent_page
def add_promise(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Write down a promise made by other ways, such as on the telephone."""
    conversation = access.get_conversation(request.user, pk)
    form = PromiseForm(request.POST)
    if not form.is_valid():
        raise Refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
    actions.add_promise(
        conversation=conversation,
        agent=request.user,
        promise=form.new_promise(),
        after=form.cleaned_data["after"],
    )
    messages.success(request, _("The promise stands in the ledger."))
    return back(request, pk)


@require_GET
@agent_page
def more(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Tags, assignment, another time or a promise: a page of its own, or the inside of a dialog."""
    show = request.GET.get("show", "")
    given = {name: request.GET[name] for name in ("view", "tag") if request.GET.get(name)}
    conversation = access.get_conversation(request.user, pk)
    context: dict[str, Any] = {"conversation": conversation, "show": show, "list_query": urlencode(given)}
    if show == "tags":
        context["tags"] = list(conversation.tags.order_by("name").values_list("name", flat=True))
        context["known_tags"] = list(
            Tag.objects.order_by("name").values_list("name", flat=True)[:TAGS_OFFERED]
        )
    elif show == "assign":
        context["agents"] = at_work()
        context["teams"] = Team.objects.order_by("name")
    else:
        newest = conversation.promise_places.aggregate(newest=Max("promise"))["newest"] or 0
        initial = {"owner": request.user, "after": newest}
        context["promise_form"] = PromiseForm(initial=initial, auto_id="id_promise_%s")
    if request.htmx:
        return part(request, "desk/more_part.html", context)
    return page(request, "desk/more.html", context, section="inbox")


@require_GET
@agent_page
def merge_page(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Choose the conversation that this one goes into: the customer's others, or one by number."""
    conversation = access.get_conversation(request.user, pk)
    seen = access.conversations(request.user).exclude(pk=pk).exclude(state=Conversation.State.MERGED)
    others = seen.filter(customer=conversation.customer).order_by("-last_at")[:CANDIDATES]
    return page(request, "desk/merge.html", {"conversation": conversation, "others": others}, section="inbox")


@require_POST
@agent_page
def merge(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Take this conversation into another one."""
    source = access.get_conversation(request.user, pk)
    number = request.POST.get("into", "").strip().lstrip("#")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Refused(
            _("'%(number)s' is no number of a conversation. It looks like 48213.") % {"number": number[:40]}
        )
    try:
        target = access.get_conversation(request.user, int(number))
    except Conversation.DoesNotExist as error:
        raise Refused(_("There is no conversation #%(number)s.") % {"number": number}) from error
    actions.merge(source=source, target=target, agent=request.user)
    messages.success(request, _("Merged. You can take it back here as long as you like."))
    return SeeOther(reverse("conversation", args=[target.pk]))


@require_POST
@agent_page
def undo_merge(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Take a merge back."""
    merge_ = access.get_merge(request.user, pk)
    actions.undo_merge(merge=merge_, agent=request.user)
    messages.success(request, _("They are two conversations again."))
    return SeeOther(reverse("conversation", args=[merge_.source_id]))
