"""Finding out what happened: the checklist, the evidence, colleagues, fault and cause."""

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goodword.complaints import access, actions
from goodword.complaints.forms import (
    CauseForm,
    CostForm,
    EvidenceForm,
    FaultForm,
    OrderForm,
    PreventionForm,
    QuestionForm,
)
from goodword.complaints.models import Complaint
from goodword.inbox import access as inbox
from goodword.staff.looking import looked
from goodword.staff.models import Look

from ...files import file_response
from ...pages import AgentRequest, Refused, agent_page, go_back, page
from .asked import case_url, done, on_case, valid


@require_POST
@agent_page
def tick(request: AgentRequest, pk: int) -> HttpResponseBase:
    """A line was looked at, or was not after all."""
    item = access.get_check_item(request.user, pk)
    actions.tick(item=item, agent=request.user, done=request.POST.get("done") == "1")
    return done(request, item.complaint_id, anchor="checklist")


@require_POST
@agent_page
def check_item(request: AgentRequest, pk: int) -> HttpResponseBase:
    """A line of this case alone."""
    text = request.POST.get("text", "")
    return on_case(
        request,
        pk,
        lambda found: actions.add_check_item(complaint=found, agent=request.user, text=text),
        anchor="checklist",
    )


@require_POST
@agent_page
def evidence(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Words, a file, or a message of the conversation."""
    return on_case(request, pk, lambda found: _keep(request, found), _("Added."), "evidence")


def _keep(request: AgentRequest, found: Complaint) -> None:
    number = request.POST.get("message", "")
    if number.isascii() and number.isdigit() and len(number) < 19:
        message = inbox.get_message(request.user, int(number))
        actions.add_message(complaint=found, agent=request.user, message=message)
        return
    given = valid(EvidenceForm(request.POST, request.FILES)).cleaned_data
    file = given["file"]
    if isinstance(file, UploadedFile):
        actions.add_file(
            complaint=found,
            agent=request.user,
            filename=file.name or "",
            content_type=file.content_type or "",
            data=file.read(),
        )
    if given["text"]:
        actions.add_words(complaint=found, agent=request.user, title=given["title"], text=given["text"])
    elif not file:
        raise Refused(_("Nothing arrived. Write what was seen, or choose a file."))


@require_POST
@agent_page
def order(request: AgentRequest, pk: int) -> HttpResponseBase:
    """What the shop knows of the order."""
    form = valid(OrderForm(request.POST))
    number, facts = form.cleaned_data["order_number"], form.facts()
    return on_case(
        request,
        pk,
        lambda found: actions.add_order(complaint=found, agent=request.user, order_number=number, data=facts),
        _("Added."),
        "evidence",
    )


@require_POST
@agent_page
def evidence_removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """It shows nothing after all."""
    found = access.get_evidence(request.user, pk)
    actions.take_away(evidence=found, agent=request.user)
    return done(request, found.complaint_id, _("Taken out."), "evidence")


@require_GET
@agent_page
def evidence_file(request: AgentRequest, pk: int) -> HttpResponseBase:
    """The file of a piece of evidence."""
    found = access.get_evidence(request.user, pk)
    if found.blob is None:
        raise Refused(_("'%(title)s' has no file.") % {"title": found.title})
    made = file_response(
        bytes(found.blob.data), filename=found.title, content_type=found.content_type, show=True
    )
    about = found.complaint
    looked(request.user, Look.How.FILE, customer_id=about.customer_id, conversation_id=about.conversation_id)
    return made


@require_POST
@agent_page
def ask(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Ask a colleague by mail."""
    form = valid(QuestionForm(request.POST))
    given = form.cleaned_data
    return on_case(
        request,
        pk,
        lambda found: actions.ask(
            complaint=found,
            agent=request.user,
            text=given["text"],
            colleague=given["colleague"],
            address=given["address"],
            due_at=form.due_at(found.team),
        ),
        _("Asked. The answer comes back here."),
        "questions",
    )


@require_http_methods(["GET", "POST"])
@agent_page
def question(request: AgentRequest, pk: int) -> HttpResponseBase:
    """One question, for the colleague who is asked; answered here or by mail."""
    found = access.get_question(request.user, pk)
    if request.method == "POST":
        actions.answer(question=found, agent=request.user, text=request.POST.get("text", ""))
        seen = access.complaints(request.user).filter(pk=found.complaint_id).exists()
        return go_back(request, case_url(found.complaint_id, "questions") if seen else request.path)
    context = {"question": found, "answers": found.answers.select_related("by").order_by("id")}
    made = page(request, "desk/complaints/question.html", context, section="for_you")
    about = found.complaint
    looked(request.user, customer_id=about.customer_id, conversation_id=about.conversation_id)
    return made


@require_POST
@agent_page
def fault(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Whose fault it was."""
    given = valid(FaultForm(request.POST)).cleaned_data
    return on_case(
        request,
        pk,
        lambda found: actions.find_fault(complaint=found, agent=request.user, **given),
        _("Saved. The coach now looks at apologies with this in mind."),
        "finding",
    )


@require_POST
@agent_page
def cause(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Why it happened."""
    form = valid(CauseForm(request.POST, agent=request.user))
    return on_case(
        request,
        pk,
        lambda found: actions.name_cause(complaint=found, agent=request.user, cause=form.chosen()),
        _("Saved."),
        "finding",
    )


@require_POST
@agent_page
def cost(request: AgentRequest, pk: int) -> HttpResponseBase:
    """What it cost beside its remedies."""
    given = valid(CostForm(request.POST)).cleaned_data["cost"]
    return on_case(
        request,
        pk,
        lambda found: actions.change(complaint=found, agent=request.user, cost=given),
        _("Saved."),
        "finding",
    )


@require_POST
@agent_page
def prevention_new(request: AgentRequest, pk: int) -> HttpResponseBase:
    """A change so that it does not happen again."""
    given = valid(PreventionForm(request.POST)).cleaned_data
    return on_case(
        request,
        pk,
        lambda found: actions.plan(agent=request.user, complaints=[found], **given),
        _("Planned."),
        "prevention",
    )
