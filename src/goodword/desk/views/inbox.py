"""The lists of the inbox."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from goodword.inbox import access, actions, queries
from goodword.inbox.models import Conversation, Tag
from goodword.inbox.queries.views import as_row, with_row
from goodword.staff.models import Agent, Team

from .. import rows, snooze_times
from ..pages import AgentRequest, Refused, agent_page, came_from, go_back, page, part
from ..service_words import priorities

TAGS_OFFERED = 100


@dataclass(frozen=True, slots=True)
class View:
    """How a list is called, and what to say when it is empty."""

    name: str
    label: Lazy | str
    icon: str
    empty: Lazy


VIEWS = {
    view.name: view
    for view in (
        View(
            "mine",
            gettext_lazy("Mine"),
            "user",
            gettext_lazy("Take one from 'Unassigned' when you are ready."),
        ),
        View(
            "unassigned",
            gettext_lazy("Unassigned"),
            "inbox",
            gettext_lazy("Everything has somebody who sees to it."),
        ),
        View("open", gettext_lazy("All open"), "mail-open", gettext_lazy("New mail appears here by itself.")),
        View(
            "waiting",
            gettext_lazy("Waiting"),
            "clock",
            gettext_lazy("No customer waits for an answer."),
        ),
        View(
            "due",
            gettext_lazy("Due soon"),
            "calendar-clock",
            gettext_lazy("No service level has a clock running here."),
        ),
        View(
            "promises",
            gettext_lazy("Promised"),
            "handshake",
            gettext_lazy("No promise with a time is open."),
        ),
        View(
            "snoozed",
            gettext_lazy("Snoozed"),
            "moon",
            gettext_lazy("What you put away comes back here in time."),
        ),
        View("closed", gettext_lazy("Closed"), "archive", gettext_lazy("Closed conversations rest here.")),
    )
}
TEAM_EMPTY = gettext_lazy("What comes to this team appears here.")
COUNTED = ("mine", "unassigned", "open", "waiting", "due", "promises", "snoozed")


@require_GET
@agent_page
def inbox(request: AgentRequest, view: str = "mine") -> HttpResponseBase:
    """A list and, where there is room, a place for the conversation beside it."""
    context = list_context(request, view=view, tag=request.GET.get("tag", ""))
    return page(
        request, "desk/inbox.html", context | {"pane": "list"}, section="inbox", cursor=context["newest"]
    )


@require_GET
@agent_page
def inbox_list(request: AgentRequest, view: str) -> HttpResponseBase:
    """The list alone, to stand beside a conversation that was opened by its address."""
    current = request.GET.get("current", "")
    number = int(current) if current.isascii() and current.isdigit() and len(current) < 19 else None
    return part(request, "desk/list.html", list_context(request, view=view, tag="", current=number))


@require_GET
@agent_page
def counters(request: AgentRequest, view: str) -> HttpResponseBase:
    """The views with how many conversations stand in each, fetched again when something changed."""
    return part(request, "desk/views.html", {"views": views_shown(request.user), "view": view})


@require_GET
@agent_page
def conversation_row(request: AgentRequest, pk: int) -> HttpResponseBase:
    """One line of a list, fetched again when something happened to it."""
    found = some_lines(request, {pk}, current=None)
    if not found:
        raise Conversation.DoesNotExist
    return part(request, "desk/row.html", {"line": found[0]})


@require_POST
@agent_page
def bulk(request: AgentRequest) -> HttpResponseBase:
    """The same verb for all selected rows."""
    chosen = request.POST.getlist("conversation")
    ids = [int(number) for number in chosen if number.isascii() and number.isdigit() and len(number) < 19]
    if not ids:
        raise Refused(_("Nothing was selected. Tick the conversations first."))
    verb, arguments = _bulk_verb(request)
    result = actions.bulk(agent=request.user, ids=ids, verb=verb, **arguments)
    if result.done:
        count = len(result.done)
        messages.success(
            request,
            ngettext("Done for one conversation.", "Done for %(n)s conversations.", count) % {"n": count},
        )
    for sentence in sorted(set(result.skipped.values()))[:3]:
        messages.error(request, sentence)
    return go_back(request, came_from(request, reverse("inbox")))


def _bulk_verb(request: AgentRequest) -> tuple[str, dict[str, Any]]:
    asked = request.POST.get("action", "")
    verb, _colon, value = asked.partition(":")
    if verb == "assign":
        to = (
            request.user
            if value == "me"
            else Agent.objects.filter(pk=value, is_active=True).first()
            if value.isdigit()
            else None
        )
        return "assign", {"to": to}
    if verb == "snooze":
        return "snooze", {"until": snooze_times.moment(value)}
    if verb in {"close", "reopen"}:
        return verb, {}
    if verb == "priority":
        return "prioritise", {"priority": value}
    if verb == "tag":
        return "add_tag", {"name": request.POST.get("tag", "")}
    raise Refused(_("'%(verb)s' cannot be done to many at once.") % {"verb": asked[:40]})


def list_context(request: AgentRequest, *, view: str, tag: str, current: int | None = None) -> dict[str, Any]:
    """Everything a list and the views beside it show."""
    chosen = find(view)
    cursor = request.GET.get("cursor")
    found = queries.page(request.user, view, cursor=cursor, tag=tag or None)
    place = rows.Place(view, tag, current)
    base = reverse("inbox_view", args=[view])
    tagged = {"tag": tag} if tag else {}
    return {
        "view": view,
        "chosen": chosen,
        "tag": tag,
        "tags": list(Tag.objects.order_by("name").values_list("name", flat=True)[:TAGS_OFFERED]),
        "lines": rows.lines(found.rows, place),
        "older": f"{base}?{urlencode({'cursor': found.next_cursor} | tagged)}" if found.next_cursor else "",
        "newer": f"{base}?{urlencode(tagged)}" if cursor else "",
        "list_url": f"{base}?{urlencode(tagged)}" if tagged else base,
        "views": views_shown(request.user),
        "snooze_times": snooze_times.offered(),
        "priorities": priorities(),
        "newest": found.newest,
    }


def views_shown(agent: Agent) -> list[dict[str, Any]]:
    """The views in their order, with their counts."""
    counts, teams = queries.all_counters(agent)
    shown = [(view, counts[view.name] if view.name in COUNTED else 0) for view in VIEWS.values()]
    lists = [_list(view, count) for view, count in shown]
    of_teams = [_list(_team_view(queries.team_view(team.id), team.name), team.count) for team in teams]
    for first in of_teams[:1]:
        first["heading"] = _("Teams")
    return lists + of_teams


def _list(view: View, count: int) -> dict[str, Any]:
    return {"view": view, "url": reverse("inbox_view", args=[view.name]), "count": _count(count)}


def known(view: str) -> bool:
    """Whether an address may name this list."""
    return view in VIEWS or queries.team_of(view) is not None


def find(view: str) -> View:
    """The list of that name; raises Conversation.DoesNotExist or Team.DoesNotExist."""
    team = queries.team_of(view)
    if team is not None:
        return _team_view(view, Team.objects.get(pk=team).name)
    if view not in VIEWS:
        raise Conversation.DoesNotExist
    return VIEWS[view]


def _team_view(name: str, team: str) -> View:
    return View(name, team, "users", TEAM_EMPTY)


def some_lines(request: AgentRequest, ids: set[int], *, current: int | None) -> list[rows.Line]:
    """The lines of these conversations as the list of the address shows them."""
    place = place_of(request, current)
    found = with_row(access.conversations(request.user).filter(pk__in=ids), request.user)
    return [rows.line(as_row(conversation), place, timezone.now()) for conversation in found]


def place_of(request: AgentRequest, current: int | None) -> rows.Place:
    """The list that the address names."""
    view = request.GET.get("view", "")
    return rows.Place(view if known(view) else "open", request.GET.get("tag", ""), current)


def _count(number: int) -> str:
    if number >= queries.COUNT_LIMIT:
        return f"{queries.COUNT_LIMIT}+"
    return str(number) if number else ""
