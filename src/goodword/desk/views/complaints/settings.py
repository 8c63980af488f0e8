"""How the house deals with complaints: procedures and kinds, for leads to edit."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goodword.complaints import actions, furnishing
from goodword.complaints.actions import Rules, Stage
from goodword.complaints.errors import ComplaintError
from goodword.complaints.forms import ChecklistForm
from goodword.complaints.models import Checklist, Procedure, StageKey
from goodword.staff.access import require_lead
from goodword.staff.models import Team

from ...pages import AgentRequest, Refused, SeeOther, agent_page, page

NEW_ROWS = 2
LARGEST = 10_000


@require_GET
@agent_page
def complaint_settings(request: AgentRequest) -> HttpResponseBase:
    """Procedures, and the kinds of complaints with what is looked at."""
    require_lead(request.user)
    furnishing.default_procedure()
    procedures = (
        Procedure.objects.select_related("team").prefetch_related("stages").order_by("-is_default", "name")
    )
    context = {
        "procedures": procedures,
        "presets": furnishing.presets(),
        "checklists": Checklist.objects.all(),
        "tab": "complaint_settings",
        "part": "procedures",
    }
    return page(request, "desk/complaints/settings.html", context, section="settings")


@require_POST
@agent_page
def procedure_new(request: AgentRequest) -> HttpResponseBase:
    """A further procedure, from a preset."""
    made = actions.add_procedure(
        by=request.user, preset=request.POST.get("preset", ""), name=request.POST.get("name", "")
    )
    return SeeOther(reverse("procedure", args=[made.pk]))


@require_http_methods(["GET", "POST"])
@agent_page
def procedure(request: AgentRequest, pk: int) -> HttpResponseBase:
    """One procedure with its stages as rows."""
    require_lead(request.user)
    found = Procedure.objects.select_related("team").get(pk=pk)
    if request.method == "POST":
        actions.change_procedure(
            by=request.user,
            procedure=found,
            rules=_rules(request.POST, found),
            stages=list(_stages(request.POST)),
        )
        if request.POST.get("default"):
            actions.make_default(by=request.user, procedure=found)
        messages.success(request, _("Saved. Clocks that run keep the times they were given."))
        return SeeOther(request.path)
    stages = list(found.stages.all())
    context = {
        "procedure": found,
        "stages": [*stages[:-1], *([None] * NEW_ROWS), *stages[-1:]],
        "fixed": [StageKey.RECEIVED.value, StageKey.CLOSED.value],
        "teams": Team.objects.order_by("name"),
        "tab": "complaint_settings",
    }
    return page(request, "desk/complaints/procedure.html", context, section="settings")


@require_POST
@agent_page
def procedure_removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Take a procedure away that was never used."""
    actions.remove_procedure(by=request.user, procedure=Procedure.objects.get(pk=pk))
    messages.success(request, _("Removed."))
    return SeeOther(reverse("complaint_settings"))


@require_http_methods(["GET", "POST"])
@agent_page
def checklist(request: AgentRequest, pk: int | None = None) -> HttpResponseBase:
    """A kind of complaint and what is looked at for it."""
    require_lead(request.user)
    found = Checklist.objects.get(pk=pk) if pk else None
    known = {"name": found.name, "items": "\n".join(found.items)} if found else None
    form = ChecklistForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.set_checklist(
                by=request.user, name=given["name"], items=given["items"].splitlines(), checklist=found
            )
        except ComplaintError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. Open complaints keep their own lists."))
            return SeeOther(reverse("complaint_settings"))
    context = {
        "form": form,
        "title": found.name if found else _("A new kind of complaint"),
        "back": reverse("complaint_settings"),
        "removal": reverse("checklist_removal", args=[found.pk]) if found else "",
        "removal_ask": _("Remove this kind? Complaints of it keep their lists."),
        "tab": "complaint_settings",
    }
    status = 422 if form.errors else 200
    return page(request, "desk/complaints/settings_form.html", context, section="settings", status=status)


@require_POST
@agent_page
def checklist_removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """This kind is no longer offered."""
    actions.remove_checklist(by=request.user, checklist=Checklist.objects.get(pk=pk))
    messages.success(request, _("Removed."))
    return SeeOther(reverse("complaint_settings"))


def _rules(given: QueryDict, found: Procedure) -> Rules:
    team = given.get("team", "")
    return Rules(
        name=given.get("name", ""),
        team=Team.objects.filter(pk=_number(team, _("Team")) or 0).first() if team else None,
        final_response_days=_number(given.get("final_response_days", ""), _("Final response")),
        body_text=given.get("body_text", ""),
        follow_up_days=_number(given.get("follow_up_days", ""), _("Follow-up")) or 0,
        proposal_days=_number(given.get("proposal_days", ""), _("Proposals")) or 1,
        has_form=bool(given.get("has_form")) if found.is_default else found.has_form,
    )


def _stages(given: QueryDict) -> Iterable[Stage]:
    """The rows of the page in their order; a row without a name is none."""
    columns = ("key", "stage_name", "hours", "counts", "warn", "next_step")
    rows = zip(*(given.getlist(name) for name in columns), strict=False)
    for key, name, hours, counts, warn, next_step in rows:
        if not name.strip():
            continue
        yield Stage(
            key=key,
            name=name,
            limit_minutes=_minutes(hours, name),
            working_hours=counts != "all",
            warn_percent=_number(warn, name) or 75,
            next_step=next_step,
        )


def _minutes(hours: str, name: str) -> int | None:
    if not hours.strip():
        return None
    try:
        value = float(hours.replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0 <= value <= LARGEST:
        raise Refused(
            _("'%(given)s' hours for '%(stage)s' cannot be. Give a number, such as 8 or 0.5.")
            % {"given": hours[:20], "stage": name[:60]}
        )
    return round(value * 60) or None


def _number(given: str, what: str) -> int | None:
    text = given.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= LARGEST and len(text) < 9):
        raise Refused(
            _("%(what)s: '%(given)s' is no number that fits. Give a whole one.")
            % {"what": what, "given": text[:20]}
        )
    return int(text)
