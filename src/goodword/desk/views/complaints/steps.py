"""Bringing a complaint on: acknowledged, looked into, closed, reopened, given to somebody."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goodword.complaints import access, actions
from goodword.inbox import actions as inbox
from goodword.inbox.models import Draft
from goodword.promises.forms import OwnerForm

from ...pages import AgentRequest, Refused, SeeOther, agent_page
from .asked import done, on_case, valid


@require_POST
@agent_page
def acknowledge(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Send the acknowledgement, put it into the reply to go on writing, or say that it is done already."""
    found = access.get_complaint(request.user, pk)
    how, words = request.POST.get("how", ""), request.POST.get("words", "").strip()
    place = access.place_of(found)
    if how == "write":
        inbox.save_draft(
            conversation=place, agent=request.user, kind=Draft.Kind.REPLY, markdown=words, text=words
        )
        messages.info(
            request, _("The words stand in the reply. Send it, then say in the case that it is done.")
        )
        return SeeOther(reverse("conversation", args=[place.pk]))
    if how == "send":
        if not words:
            raise Refused(_("The acknowledgement is empty. Write a few words to the customer."))
        actions.acknowledge_in_words(complaint=found, agent=request.user, words=words)
    else:
        actions.acknowledge(complaint=found, agent=request.user)
    said = _("Sent, and acknowledged.") if how == "send" else _("Acknowledged.")
    return done(request, pk, said)


@require_POST
@agent_page
def move(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Into another stage of its procedure."""
    to, note = request.POST.get("to", ""), request.POST.get("note", "")
    return on_case(
        request, pk, lambda found: actions.move(complaint=found, agent=request.user, to=to, note=note)
    )


@require_POST
@agent_page
def close(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Nothing more is to be done."""
    note = request.POST.get("note", "")
    return on_case(
        request,
        pk,
        lambda found: actions.close(complaint=found, agent=request.user, note=note),
        _("Closed. Well done."),
    )


@require_POST
@agent_page
def reopen(request: AgentRequest, pk: int) -> HttpResponseBase:
    """All is not well."""
    words = request.POST.get("words", "")
    return on_case(
        request,
        pk,
        lambda found: actions.reopen(complaint=found, agent=request.user, words=words),
        _("Open again."),
    )


@require_POST
@agent_page
def owner(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Somebody else sees to it."""
    chosen = valid(OwnerForm(request.POST)).cleaned_data["owner"]
    return on_case(
        request,
        pk,
        lambda found: actions.give_to(complaint=found, agent=request.user, owner=chosen),
        _("Saved."),
    )
