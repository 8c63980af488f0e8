"""The customer's page for a proposal: choose, decline, or ask first. Looking changes nothing."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from goodword.complaints import actions
from goodword.complaints.errors import ComplaintError
from goodword.complaints.letters import CHOICE
from goodword.complaints.models import Proposal
from goodword.complaints.queries.choosing import ChoicePage, OnOffer, choice_page

from ..pages import broken, linked, show

NONE, ASK = "none", "ask"
WORDS_LENGTH = 5_000


@linked(CHOICE)
def choice(request: HttpRequest, number: int) -> HttpResponse:
    """All of it stands behind one address: the list, the step that confirms, and what became of it."""
    try:
        found = choice_page(number)
    except Proposal.DoesNotExist:
        return broken(request)
    if request.method == "POST":
        return _answer(request, found)
    picked = request.GET.get("pick", "")
    if picked == ASK or (picked == NONE and found.state == "open"):
        return _words(request, found, picked)
    option = _option(found, picked)
    if option is not None and found.state == "open":
        return _show(request, "portal/choice_confirm.html", found, {"picked": option})
    wrong = _("Choose one of them first, then go on.") if "pick" in request.GET else ""
    return _page(request, found, wrong=wrong if found.state == "open" else "")


def _answer(request: HttpRequest, found: ChoicePage) -> HttpResponse:
    """Write down what the customer said, then show the page with it."""
    picked, words = request.POST.get("pick", ""), request.POST.get("words", "")[:WORDS_LENGTH]
    option = _option(found, picked)
    try:
        if picked == ASK:
            actions.ask_back(proposal=found.proposal, words=words)
        elif picked == NONE:
            actions.decline(proposal=found.proposal, words=words)
        elif option is not None:
            actions.choose(proposal=found.proposal, option=option.option)
        else:
            return _page(request, found, wrong=_("Choose one of them first, then go on."), status=422)
    except actions.NotOnOffer:
        return _page(request, choice_page(found.proposal.pk), late=True, status=409)
    except ComplaintError as error:
        return _words(request, found, picked, wrong=str(error), status=422)
    return HttpResponseRedirect(f"{request.path}{'?asked=1' if picked == ASK else ''}", status=303)


def _page(
    request: HttpRequest, found: ChoicePage, *, wrong: str = "", late: bool = False, status: int = 200
) -> HttpResponse:
    template = "portal/choice.html" if found.state == "open" else "portal/choice_state.html"
    context = {"wrong": wrong, "late": late, "asked": "asked" in request.GET}
    return _show(request, template, found, context, status=status)


def _words(
    request: HttpRequest, found: ChoicePage, picked: str, *, wrong: str = "", status: int = 200
) -> HttpResponse:
    context = {"picked": picked, "wrong": wrong, "declines": picked == NONE}
    return _show(request, "portal/choice_words.html", found, context, status=status)


def _show(
    request: HttpRequest, template: str, found: ChoicePage, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    mailbox = found.proposal.complaint.conversation.mailbox
    around = {"page": found, "complaint": found.proposal.complaint}
    return show(request, template, around | context, mailbox=mailbox, status=status)


def _option(found: ChoicePage, picked: str) -> OnOffer | None:
    return next((one for one in found.options if str(one.option.pk) == picked), None)
