"""Whose coach a page shows: everybody's, or a team's."""

from typing import Any

from django.forms import Form
from django.http import HttpResponse

from goodword.coaching import access
from goodword.staff.models import Agent, Team

from ...pages import AgentRequest, page

EVERYBODY = "everybody"


def team_of(agent: Agent, scope: str) -> Team | None:
    """The team that an address names, None for everybody. Raises Team.DoesNotExist for one not to be seen."""
    if scope == EVERYBODY:
        return None
    if not (scope.isascii() and scope.isdigit() and len(scope) < 19):
        raise Team.DoesNotExist
    return access.get_team(agent, int(scope))


def scope_of(team_id: int | None) -> str:
    """How addresses name a team, or everybody."""
    return EVERYBODY if team_id is None else str(team_id)


def coach_page(
    request: AgentRequest,
    template: str,
    team: Team | None,
    context: dict[str, Any],
    *,
    part: str,
) -> HttpResponse:
    """A page of the coach in the frame of the settings; a form with errors makes it a 422."""
    form = context.get("form")
    wrong = isinstance(form, Form) and form.is_bound and bool(form.errors)
    around = {
        "tab": "coach",
        "part": part,
        "part_url": f"coach_{part}",
        "team": team,
        "scope": scope_of(team.pk if team else None),
        "teams": list(access.teams(request.user)),
        "may_change": request.user.is_lead,
    }
    return page(request, template, around | context, section="settings", status=422 if wrong else 200)
