"""What every page of the agents needs: who asks, in which time zone, and how errors are said."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import tzinfo
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from goodword.coaching.errors import CoachingError
from goodword.complaints.errors import ComplaintError
from goodword.customers.actions import CustomerError
from goodword.events import queries as event_log
from goodword.goodwill.errors import GoodwillError
from goodword.inbox.errors import BadCursor, NotPossible
from goodword.promises.actions import PromiseError
from goodword.staff.access import NotAllowed, asked_once
from goodword.staff.models import Agent
from goodword.ui.context import frame

from .mail_account_words import alarm_for

P = ParamSpec("P")


class AgentRequest(HttpRequest):
    """A request of somebody who is logged in."""

    user: Agent
    htmx: HtmxDetails


class SeeOther(HttpResponseRedirect):
    """After a POST: go and look there with a GET."""

    status_code = 303


class Refused(Exception):
    """What was asked cannot be done; the text is a sentence for the agent."""


SAID = (
    NotAllowed,
    NotPossible,
    CustomerError,
    PromiseError,
    GoodwillError,
    CoachingError,
    ComplaintError,
    BadCursor,
    Refused,
)

View = Callable[Concatenate[AgentRequest, P], HttpResponseBase]


def agent_page(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Only for agents: asks others to log in, speaks the agent's time, answers errors with sentences.

    What the agent may not see is not found; what the agent may not do is refused in a sentence.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _log_in_first(request)
        asked = cast(AgentRequest, request)
        # What is sent may change who sees what; what is read cannot.
        reading = asked_once() if request.method in ("GET", "HEAD") else nullcontext()
        with timezone.override(_zone_of(asked.user)), reading:
            try:
                _refuse_null(asked)
                return view(asked, *args, **kwargs)
            except ObjectDoesNotExist as error:
                raise Http404 from error
            except SAID as error:
                return _refuse(asked, error)

    return wrapped


def page(
    request: AgentRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    section: str = "",
    status: int = 200,
    cursor: str = "",
) -> HttpResponse:
    """A page of the desk in its frame; `section` marks the entry of the rail.

    `cursor` is the place in the event log as of which the page holds, when it was looked up already.
    """
    around = _around(request, section, cursor or str(event_log.now()))
    return render(request, template, around | (context or {}), status=status)


def part(request: AgentRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A piece of a page, for htmx to put in."""
    return render(request, template, context)


def go_back(request: AgentRequest, otherwise: str) -> SeeOther:
    """Back to the page named by `next` in the form if it is one of ours, else to `otherwise`."""
    wanted = request.POST.get("next", "")
    return SeeOther(wanted if _is_ours(request, wanted) else otherwise)


def came_from(request: AgentRequest, otherwise: str) -> str:
    """The page of ours that the request was sent from, as far as the browser says so."""
    referer = request.headers.get("Referer", "")
    return referer if _is_ours(request, referer) else otherwise


def _is_ours(request: HttpRequest, address: str) -> bool:
    return bool(address) and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def _around(request: AgentRequest, section: str, cursor: str) -> dict[str, Any]:
    """What the frame of every page shows: the rail, the agent, where live updates go on."""
    agent = request.user
    return frame(request) | {
        "ui_section": section,
        "ui_me_name": agent.name,
        "ui_me_links": [
            {"url": reverse("profile"), "icon": "user", "label": _("Your profile")},
            {"url": reverse("saved_replies"), "icon": "message-square-quote", "label": _("Saved replies")},
            {"url": reverse("needs_person"), "icon": "mail-x", "label": _("Mail that needs a person")},
        ],
        "ui_availability_url": reverse("availability"),
        "ui_theme": agent.theme,
        "ui_theme_url": reverse("theme"),
        "ui_logout_url": reverse("account_logout"),
        "ui_live_url": "/live/",
        "ui_live_cursor": cursor,
        "desk_alarm": alarm_for(agent),
    }


def _refuse_null(request: AgentRequest) -> None:
    """A null character comes only by malice or mishap, and the database takes none."""
    for given in (request.GET, request.POST):
        if any("\x00" in value for _name, values in given.lists() for value in values):
            raise Refused(_("The request has a character in it that cannot be kept. Type it anew."))


def _zone_of(agent: Agent) -> tzinfo:
    name = agent.time_zone
    return ZoneInfo(name) if name else timezone.get_default_timezone()


def _log_in_first(request: HttpRequest) -> HttpResponseBase:
    if not Agent.objects.exists():
        return redirect("welcome")
    if getattr(request, "htmx", None):
        return HttpResponseClientRedirect(reverse("account_login"))
    where = request.get_full_path() if request.method == "GET" else "/"
    return redirect_to_login(where)


def _refuse(request: AgentRequest, error: Exception) -> HttpResponse:
    """A refused POST goes back to where it came from with the sentence, a script gets it, a page shows it."""
    sentence = str(error) or _("This cannot be done.")
    forbidden = isinstance(error, NotAllowed)
    if "application/json" in request.headers.get("Accept", ""):
        value = {"message": sentence, "errors": [sentence]}
        return JsonResponse(value, status=403 if forbidden else 422)
    if request.method == "POST":
        messages.error(request, sentence)
        return go_back(request, came_from(request, "/"))
    context = {"sentence": sentence, "forbidden": forbidden}
    return page(request, "desk/refused.html", context, status=403 if forbidden else 422)
