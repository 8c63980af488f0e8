"""The list of complaints, and the register with its exports."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from goodword.complaints import queries
from goodword.complaints.export import as_csv, as_pdf
from goodword.complaints.forms import FilterForm
from goodword.complaints.queries import Filters

from ...pages import AgentRequest, agent_page, page
from ...paging import older_than

TABS = {
    "mine": lambda agent: Filters(state="open", owner=agent),
    "open": lambda agent: Filters(state="open"),
    "late": lambda agent: Filters(state="late"),
    "closed": lambda agent: Filters(state="closed"),
}
SHOWN = 100


@require_GET
@agent_page
def complaints(request: AgentRequest) -> HttpResponseBase:
    """Open complaints, one's own, those that are late, and those that are closed."""
    tab = request.GET.get("show", "open")
    tab = tab if tab in TABS else "open"
    counted = queries.counts(request.user)
    shown = queries.page(request.user, TABS[tab](request.user), before=older_than(request))
    context = {
        "page": shown,
        "tab": tab,
        "counts": counted,
        "tabs": [
            ("mine", _("Mine"), counted.mine),
            ("open", _("All open"), counted.open),
            ("late", _("Late"), counted.late),
            ("closed", _("Closed"), None),
        ],
        "now": timezone.now(),
    }
    return page(request, "desk/complaints/list.html", context, section="complaints")


@require_GET
@agent_page
def register(request: AgentRequest) -> HttpResponseBase:
    """The register: what fits the filters, what it sums up to, and the rows behind."""
    form = FilterForm(request.GET or None, agent=request.user)
    filters = form.filters()
    shown = queries.page(request.user, filters, before=older_than(request), limit=SHOWN)
    given = request.GET.copy()
    given.pop("before", None)
    context = {
        "form": form,
        "page": shown,
        "summary": queries.summary(request.user, filters),
        "asked": given.urlencode(),
        "now": timezone.now(),
        "tab": "register",
    }
    return page(request, "desk/complaints/register.html", context, section="complaints")


@require_GET
@agent_page
def register_csv(request: AgentRequest) -> HttpResponseBase:
    """The register as a table for other programs, written out as it is read."""
    lines = as_csv(queries.entries(request.user, _filters(request)))
    response = StreamingHttpResponse(_bytes(lines), content_type="text/csv; charset=utf-8")
    return _named(response, "csv")


@require_GET
@agent_page
def register_pdf(request: AgentRequest) -> HttpResponseBase:
    """The register as a document for auditors."""
    filters = _filters(request)
    data = as_pdf(
        queries.entries(request.user, filters), queries.summary(request.user, filters), asked=_asked(request)
    )
    return _named(HttpResponse(data, content_type="application/pdf"), "pdf")


def _filters(request: AgentRequest) -> Filters:
    return FilterForm(request.GET or None, agent=request.user).filters()


def _asked(request: AgentRequest) -> list[tuple[str, str]]:
    """The filters in words, for the head of the document."""
    form = FilterForm(request.GET or None, agent=request.user)
    form.is_valid()
    given = form.cleaned_data if form.is_bound else {}
    said: list[tuple[str, str]] = []
    for name, bound in form.fields.items():
        value = given.get(name)
        if value in (None, ""):
            continue
        choices: Iterable[Any] = getattr(bound, "choices", ())
        words = next((label for key, label in choices if str(key) == str(getattr(value, "pk", value))), value)
        said.append((str(bound.label), str(words)))
    return said


def _bytes(lines: Iterable[str]) -> Iterable[bytes]:
    for line in lines:
        yield line.encode()


def _named(response: Any, ending: str) -> HttpResponseBase:
    name = f"complaints-{timezone.localdate().isoformat()}.{ending}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    made: HttpResponseBase = response
    return made
