"""Files of customers, purchases and subscriptions: upload, look, take in."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from goodword.customers import importing
from goodword.customers.actions import CustomerError
from goodword.customers.forms import ImportForm
from goodword.customers.models import Import
from goodword.staff.access import require_lead

from ...pages import AgentRequest, SeeOther, agent_page, page

SHOWN = 200
LATEST = 10


@require_http_methods(["GET", "POST"])
@agent_page
def imports(request: AgentRequest) -> HttpResponseBase:
    """Upload a file; what was taken in before."""
    require_lead(request.user)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (upload := _begun(request, form)):
        return SeeOther(reverse("customer_import", args=[upload.pk]))
    columns = [(label, importing.columns(kind)) for kind, label in Import.Kind.choices]
    latest = Import.objects.exclude(done_at=None).select_related("by").order_by("-id")[:LATEST]
    context = {"form": form, "columns": columns, "latest": latest}
    status = 422 if form.errors else 200
    return page(request, "desk/customer_imports.html", context, section="customers", status=status)


def _begun(request: AgentRequest, form: ImportForm) -> Import | None:
    given = form.cleaned_data
    try:
        return importing.begin(
            agent=request.user,
            kind=given["kind"],
            source=given["source"],
            filename=given["file"].name,
            data=given["file"].read(),
        )
    except CustomerError as error:
        form.add_error("file", str(error))
        return None


@require_http_methods(["GET", "POST"])
@agent_page
def one_import(request: AgentRequest, pk: int) -> HttpResponseBase:
    """What will happen row by row; then it happens, all of it or nothing."""
    require_lead(request.user)
    upload = Import.objects.select_related("by").get(pk=pk)
    if request.method == "POST" and upload.done_at is None:
        leave_out = request.POST.get("leave_out") == "yes"
        done = importing.carry_out(upload, agent=request.user, leave_out=leave_out)
        taken = done.count("new") + done.count("changed")
        said = ngettext("%(n)d row was taken in.", "%(n)d rows were taken in.", taken)
        messages.success(request, said % {"n": taken})
        return SeeOther(request.path)
    report = None if upload.done_at else importing.preview(upload)
    lines = report.refused + [line for line in report.lines if not line.error] if report else []
    counts = (
        [(label, report.count(outcome)) for outcome, label in _outcomes() if report.count(outcome)]
        if report
        else []
    )
    context = {
        "upload": upload,
        "report": report,
        "lines": lines[:SHOWN],
        "all": len(lines),
        "counts": counts,
    }
    return page(request, "desk/customer_import.html", context, section="customers")


def _outcomes() -> list[tuple[str, str]]:
    return [
        ("new", _("new")),
        ("changed", _("changed")),
        ("same", _("known already")),
        ("refused", _("with a mistake")),
    ]
