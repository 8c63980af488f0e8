"""Opening a complaint from a conversation."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goodword.complaints import access, actions
from goodword.complaints.errors import OpenAlready
from goodword.complaints.forms import ComplaintForm
from goodword.complaints.models import Complaint
from goodword.inbox import access as inbox
from goodword.inbox.models import Conversation, Message

from ...pages import AgentRequest, SeeOther, agent_page, go_back, page
from .asked import case_url, on_case, valid

LONGEST = 1_500


@require_http_methods(["GET", "POST"])
@agent_page
def complaint_new(request: AgentRequest, pk: int) -> HttpResponseBase:
    """What happened and what the customer wants, in a form that begins with their own words."""
    place = inbox.get_conversation(request.user, pk)
    standing = access.of_conversation(request.user, place).filter(closed_at=None).first()
    if standing is not None and request.method == "GET":
        messages.info(request, _("This complaint is open already."))
        return redirect("complaint", standing.pk)
    form = ComplaintForm(request.POST or None, initial={"what_happened": _first_words(place)})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_complaint(
                conversation=place,
                agent=request.user,
                source=_source(request),
                **form.cleaned_data,
            )
        except OpenAlready as other:
            messages.info(request, str(other))
            return SeeOther(case_url(other.complaint.pk))
        messages.success(request, _("%(number)s is open.") % {"number": made.number})
        return SeeOther(case_url(made.pk))
    context = {"form": form, "conversation": place, "source": _source(request)}
    status = 422 if form.errors else 200
    return page(request, "desk/complaints/new.html", context, section="inbox", status=status)


@require_POST
@agent_page
def no_complaint(request: AgentRequest, pk: int) -> HttpResponseBase:
    """The coach read a complaint where there is none."""
    actions.say_no_complaint(conversation=inbox.get_conversation(request.user, pk), agent=request.user)
    return go_back(request, reverse("conversation", args=[pk]))


@require_POST
@agent_page
def complaint_facts(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Set the facts anew."""
    form = valid(ComplaintForm(request.POST))
    return on_case(
        request,
        pk,
        lambda found: actions.change(complaint=found, agent=request.user, **form.cleaned_data),
        _("Saved."),
    )


@require_POST
@agent_page
def complaint_link(request: AgentRequest, pk: int) -> HttpResponseBase:
    """A further conversation belongs to it, too."""
    given = request.POST.get("conversation", "").strip().lstrip("#")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
    place = inbox.get_conversation(request.user, number)
    return on_case(
        request,
        pk,
        lambda found: actions.link(complaint=found, conversation=place, agent=request.user),
        _("Added."),
    )


def _first_words(place: Conversation) -> str:
    """What the customer said last, to be shortened by the agent."""
    heard = place.messages.filter(kind=Message.Kind.CUSTOMER).order_by("-at", "-id")
    return (heard.values_list("text", flat=True).first() or "")[:LONGEST].strip()


def _source(request: AgentRequest) -> str:
    """Whether the coach's suggestion led here."""
    given = request.POST.get("source") or request.GET.get("source") or ""
    return Complaint.Source.COACH if given == "coach" else Complaint.Source.AGENT
