"""Working hours: of the house and of each team, with their holidays."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goodword.promises.reminding import delay_of
from goodword.staff import access, actions, working_time
from goodword.staff.access import require_lead
from goodword.staff.calendars import calendar_of
from goodword.staff.hours import import_holidays
from goodword.staff.models import Holiday, Shift, Team
from goodword.ui.times import say_moment

from ..forms.hours import HolidaysForm, HoursForm, delay_words
from ..pages import AgentRequest, SeeOther, agent_page, page

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Place:
    """The house or a team, with its hours in words."""

    name: str
    url: str
    now: str
    week: str
    zone: str
    delay: str
    own: bool


@require_GET
@agent_page
def hours(request: AgentRequest) -> HttpResponseBase:
    """Everybody's hours at a glance."""
    require_lead(request.user)
    with_own: set[int | None] = set(Shift.objects.values_list("team_id", flat=True))
    now = timezone.now()
    teams: list[Team | None] = [None, *Team.objects.order_by("name")]
    places = [_place(team, with_own, now) for team in teams]
    return page(request, "desk/hours.html", {"places": places, "tab": "hours"}, section="settings")


@require_http_methods(["GET", "POST"])
@agent_page
def hours_of(request: AgentRequest, pk: int | None = None) -> HttpResponseBase:
    """The week and the holidays of a team, or without one of the house."""
    require_lead(request.user)
    team = Team.objects.get(pk=pk) if pk else None
    form = HoursForm(request.POST if request.method == "POST" else None, team=team)
    if request.method == "POST" and form.is_valid() and form.save(by=request.user):
        messages.success(request, _("Saved. What is due by these hours is counted anew."))
        return SeeOther(reverse("hours"))
    return _page(request, team, form, HolidaysForm())


@require_POST
@agent_page
def hours_holidays(request: AgentRequest, pk: int | None = None) -> HttpResponseBase:
    """Add holidays of a team or the house, many at once."""
    require_lead(request.user)
    team = Team.objects.get(pk=pk) if pk else None
    form = HolidaysForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, team, HoursForm(team=team), form)
    new = import_holidays(by=request.user, team=team, days=form.found())
    known = len(form.found()) - new
    said = ngettext("%(n)s day was added.", "%(n)s days were added.", new) % {"n": new}
    if known:
        said += " " + ngettext("%(n)s was there already.", "%(n)s were there already.", known) % {"n": known}
    messages.success(request, said)
    return SeeOther(_address(team) + "#holidays")


@require_POST
@agent_page
def hours_holiday_removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """The house or the team works on that day after all."""
    holiday = access.get_holiday(request.user, pk)
    actions.remove_holiday(by=request.user, holiday=holiday)
    return SeeOther(_address(holiday.team) + "#holidays")


def _page(
    request: AgentRequest, team: Team | None, form: HoursForm, holidays: HolidaysForm
) -> HttpResponseBase:
    since = timezone.localdate().replace(month=1, day=1)
    context = {
        "form": form,
        "holidays_form": holidays,
        "team": team,
        "holidays": Holiday.objects.filter(team=team, day__gte=since).order_by("day"),
        "house_holidays": Holiday.objects.filter(team=None, day__gte=since).count() if team else 0,
        "now_words": _now_words(team, timezone.now()),
        "action": _address(team),
        "import_url": reverse("team_holidays", args=[team.pk]) if team else reverse("house_holidays"),
        "tab": "hours",
    }
    wrong = bool(form.errors or holidays.errors)
    return page(request, "desk/hours_of.html", context, section="settings", status=422 if wrong else 200)


def _address(team: Team | None) -> str:
    return reverse("team_hours", args=[team.pk]) if team else reverse("house_hours")


def _place(team: Team | None, with_own: set[int | None], now: datetime) -> Place:
    own = (team.pk if team else None) in with_own
    calendar = calendar_of(team)
    worked = working_time.between(calendar, now - WEEK, now)
    minutes = delay_of(team.pk if team else None)
    return Place(
        name=team.name if team else _("The whole house"),
        url=_address(team),
        now=_now_words(team, now),
        week=_("%(n)s h in the last seven days") % {"n": round(worked.total_seconds() / 3600)},
        zone=calendar.zone.key,
        delay=_("never") if minutes is None else delay_words(minutes),
        own=own,
    )


def _now_words(team: Team | None, now: datetime) -> str:
    """Whether somebody is at work now, and when that changes."""
    calendar = calendar_of(team)
    opens = working_time.next_open(calendar, now)
    if opens is None:
        return _("Nobody works within a year by these hours.")
    if opens > now:
        return _("Closed now; opens %(when)s.") % {"when": say_moment(opens)}
    closes = working_time.open_until(calendar, now)
    if closes is None:
        return _("Open round the clock.")
    return _("Open now, until %(when)s.") % {"when": say_moment(closes)}
