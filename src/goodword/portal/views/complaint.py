"""The public form for complaints, and the page that says how far one is."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from goodword.complaints import actions
from goodword.complaints.errors import ComplaintError
from goodword.complaints.letters import COMPLAINT, COMPLAINT_DAYS, choice_link
from goodword.complaints.models import Complaint
from goodword.complaints.queries.choosing import case_page
from goodword.customers.errors import CustomerError
from goodword.kit import links

from ..forms import ComplaintForm
from ..pages import broken, linked, own_page, show


@own_page
def complaint_form(request: HttpRequest) -> HttpResponse:
    """What happened, what is wanted, and where to answer. Sent twice it is one complaint."""
    if not actions.form_is_open():
        return show(request, "portal/form_closed.html", {}, status=404)
    if request.method != "POST":
        return show(request, "portal/complaint_form.html", {"form": ComplaintForm()})
    form = ComplaintForm(request.POST)
    if not form.is_valid() or form.is_filled_by_a_program:
        return show(request, "portal/complaint_form.html", {"form": form}, status=422)
    try:
        made = actions.complain(told=form.told())
    except (ComplaintError, CustomerError) as error:
        form.add_error(None, str(error))
        return show(request, "portal/complaint_form.html", {"form": form}, status=422)
    token = links.sign(COMPLAINT, made.pk, days=COMPLAINT_DAYS)
    return HttpResponseRedirect(f"{reverse('portal:complaint', args=[token])}?new=1", status=303)


@linked(COMPLAINT)
def complaint(request: HttpRequest, number: int) -> HttpResponse:
    """The number, what was done so far, and what comes next and by when."""
    try:
        found = case_page(number)
    except Complaint.DoesNotExist:
        return broken(request)
    context = {
        "page": found,
        "complaint": found.complaint,
        "is_new": "new" in request.GET,
        "choice": choice_link(found.open_proposal) if found.open_proposal else "",
    }
    mailbox = found.complaint.conversation.mailbox
    return show(request, "portal/complaint.html", context, mailbox=mailbox)
