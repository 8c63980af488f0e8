"""People, teams, holidays and mailboxes; only administrators change them."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goodword.mail.models import Mailbox
from goodword.staff import actions, queries
from goodword.staff.access import require_administrator, require_lead
from goodword.staff.forms import AgentForm, ChangeAgentForm, HolidayForm, TeamForm
from goodword.staff.models import Agent, Holiday, Team

from ..forms.settings import MailboxForm
from ..pages import AgentRequest, SeeOther, agent_page, page


@require_GET
@agent_page
def settings(request: AgentRequest) -> HttpResponseBase:
    """Administrators begin with people, everybody else with their own profile."""
    return SeeOther(reverse("people" if request.user.is_administrator else "profile"))


@require_GET
@agent_page
def people(request: AgentRequest) -> HttpResponseBase:
    """Everybody who works here, and their teams."""
    require_administrator(request.user)
    context = {"agents": queries.people(), "teams": queries.teams(), "tab": "people"}
    return page(request, "desk/people.html", context, section="settings")


@require_http_methods(["GET", "POST"])
@agent_page
def person_new(request: AgentRequest) -> HttpResponseBase:
    """Make an account."""
    require_administrator(request.user)
    form = AgentForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (agent := form.save(by=request.user)):
        messages.success(request, _("%(name)s can work here now.") % {"name": agent.name})
        return SeeOther(reverse("people"))
    return _form_page(request, form, title=_("A new agent"), tab="people")


@require_http_methods(["GET", "POST"])
@agent_page
def person(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Change an account."""
    require_administrator(request.user)
    agent = Agent.objects.get(pk=pk)
    form = ChangeAgentForm(request.POST) if request.method == "POST" else ChangeAgentForm.of(agent)
    if request.method == "POST" and form.is_valid() and form.save(by=request.user, agent=agent):
        messages.success(request, _("%(name)s is saved.") % {"name": agent.name})
        return SeeOther(reverse("people"))
    return _form_page(request, form, title=agent.name, tab="people", work=reverse("abilities", args=[pk]))


@require_http_methods(["GET", "POST"])
@agent_page
def team(request: AgentRequest, pk: int | None = None) -> HttpResponseBase:
    """Make a team, or change one."""
    require_administrator(request.user)
    found = Team.objects.get(pk=pk) if pk else None
    form = TeamForm(request.POST or None) if request.method == "POST" or not found else TeamForm.of(found)
    if request.method == "POST" and form.is_valid() and (saved := form.save(by=request.user, team=found)):
        messages.success(request, _("Team %(name)s is saved.") % {"name": saved.name})
        return SeeOther(reverse("people"))
    title = found.name if found else _("A new team")
    removal = reverse("team_removal", args=[found.pk]) if found else ""
    return _form_page(request, form, title=title, tab="people", removal=removal)


@require_POST
@agent_page
def team_removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Take a team away; its members stay."""
    actions.remove_team(by=request.user, team=Team.objects.get(pk=pk))
    messages.success(request, _("The team is gone; its members stay."))
    return SeeOther(reverse("people"))


@require_http_methods(["GET", "POST"])
@agent_page
def holidays(request: AgentRequest) -> HttpResponseBase:
    """Days on which the house does not work; promises in working days step over them."""
    require_lead(request.user)
    form = HolidayForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and form.save(by=request.user):
        messages.success(request, _("Saved."))
        return SeeOther(request.path)
    context = {"form": form, "holidays": queries.holidays(), "tab": "holidays"}
    return page(
        request, "desk/holidays.html", context, section="settings", status=422 if form.errors else 200
    )


@require_POST
@agent_page
def holiday_removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """The house works on that day after all."""
    actions.remove_holiday(by=request.user, holiday=Holiday.objects.get(pk=pk))
    return SeeOther(reverse("holidays"))


@require_GET
@agent_page
def mailboxes(request: AgentRequest) -> HttpResponseBase:
    """The addresses customers write to."""
    require_administrator(request.user)
    found = Mailbox.objects.prefetch_related("teams").order_by("address")
    return page(request, "desk/mailboxes.html", {"mailboxes": found, "tab": "mailboxes"}, section="settings")


@require_http_methods(["GET", "POST"])
@agent_page
def mailbox(request: AgentRequest, pk: int | None = None) -> HttpResponseBase:
    """Add a mailbox, or change one."""
    require_administrator(request.user)
    found = Mailbox.objects.get(pk=pk) if pk else None
    initial = {"name": found.name, "address": found.address} if found else None
    form = MailboxForm(request.POST or None, mailbox=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        messages.success(request, _("%(address)s is saved.") % {"address": form.save().address})
        return SeeOther(reverse("mailboxes"))
    title = found.address if found else _("A new mailbox")
    return _form_page(request, form, title=title, tab="mailboxes")


def _form_page(
    request: AgentRequest, form: Form, *, title: str, tab: str, removal: str = "", work: str = ""
) -> HttpResponseBase:
    context = {
        "form": form,
        "title": title,
        "tab": tab,
        "back": reverse(tab),
        "removal": removal,
        "work": work,
    }
    return page(
        request, "desk/settings_form.html", context, section="settings", status=422 if form.errors else 200
    )
