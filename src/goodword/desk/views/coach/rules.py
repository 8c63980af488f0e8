"""The rules of the coach, what became of their remarks, and how a team changes them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goodword.coaching import access, actions, rulebook
from goodword.coaching.forms import RuleForm
from goodword.coaching.models import Remark
from goodword.inbox import access as inbox
from goodword.staff.access import require_lead

from ...pages import AgentRequest, Refused, SeeOther, agent_page, go_back
from ...paging import number_in, older_than
from .scope import coach_page, scope_of, team_of

PAGE = 25


@require_GET
@agent_page
def coach(request: AgentRequest) -> HttpResponseBase:
    """An agent begins with the coach of their own team, where there is one."""
    own = access.teams(request.user).filter(members=request.user).first()
    return SeeOther(reverse("coach_rules", args=[scope_of(own.pk if own else None)]))


@require_GET
@agent_page
def rules(request: AgentRequest, scope: str) -> HttpResponseBase:
    """Every rule with its numbers; those that the team often disputes at the top."""
    team, days = team_of(request.user, scope), _days(request)
    found = rulebook.practices(request.user, team, days=days)
    lines = [line for practice in found for line in practice.rules]
    show = request.GET.get("show", "")
    context = {
        "practices": _only(found, show),
        "show": show,
        "shows": [("", _("All")), ("changed", _("Changed")), ("off", _("Off")), ("fired", _("Fired"))],
        "disputed": [line for line in lines if line.lately.often_disputed and not line.off],
        "off": sum(line.off for line in lines),
        "changed": sum(line.is_changed for line in lines),
        "count": len(lines),
        "days": days,
        "periods": rulebook.PERIODS,
        "longest": max(rulebook.PERIODS),
    }
    return coach_page(request, "desk/coach/rules.html", team, context, part="rules")


@require_http_methods(["GET", "POST"])
@agent_page
def rule(request: AgentRequest, scope: str, rule: str) -> HttpResponseBase:
    """One rule: its lines, its numbers, who changed it and why; a lead changes it here."""
    team, days = team_of(request.user, scope), _days(request)
    line = rulebook.one_rule(request.user, team, rule=rule, days=days)
    form = RuleForm(request.POST if request.method == "POST" else None, line=line, change=line.change)
    if request.method == "POST":
        require_lead(request.user)
        if form.is_valid() and form.save(by=request.user, team=team, rule=rule):
            messages.success(request, _("Saved. It holds from the next word that is written."))
            return SeeOther(request.path)
    context = {
        "line": line,
        "form": form,
        "history": rulebook.history(request.user, team, rule=rule),
        "days": days,
        "periods": rulebook.PERIODS,
    }
    return coach_page(request, "desk/coach/rule.html", team, context, part="rules")


@require_POST
@agent_page
def rule_verb(request: AgentRequest, scope: str, rule: str, verb: str) -> HttpResponseBase:
    """One click: off, milder, or back to the standard."""
    team = team_of(request.user, scope)
    given: dict[str, Any] = {"by": request.user, "team": team, "rule": rule}
    reason = request.POST.get("reason", "").strip() or _("Changed with one click.")
    given["reason"] = reason[: actions.CHANGE_REASON_LENGTH]
    if verb == "off":
        actions.switch_off_rule(**given)
        messages.success(request, _("The rule is off. It says nothing from now on."))
    elif verb == "soften":
        actions.soften_rule(**given)
        messages.success(request, _("The rule is milder from now on."))
    elif verb == "standard":
        actions.standard_rule(**given)
        messages.success(request, _("The rule is back to the standard."))
    else:
        raise Refused(_("A rule cannot do that. Load the page again."))
    return go_back(request, reverse("coach_rule", args=[scope, rule]))


@require_GET
@agent_page
def remarks(request: AgentRequest, scope: str, rule: str) -> HttpResponseBase:
    """The rows behind a number: where the rule spoke, and what became of it."""
    team, days = team_of(request.user, scope), _days(request)
    outcome = request.GET.get("outcome", "")
    if outcome not in ("", *Remark.Outcome.values):
        raise Refused(_("There is no such outcome. Choose one of the list."))
    line = rulebook.one_rule(request.user, team, rule=rule, days=days)
    found = rulebook.remarks(
        request.user, team, rule=rule, days=days, outcome=outcome, before=older_than(request)
    )
    rows = list(found[: PAGE + 1])
    places = inbox.conversations(request.user).select_related("customer")
    seen = places.in_bulk([row.conversation_id for row in rows])
    shown = [{"remark": row, "place": seen.get(row.conversation_id)} for row in rows[:PAGE]]
    context = {
        "line": line,
        "rows": shown,
        "older": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "outcome": outcome,
        "outcomes": [("", _("All")), *Remark.Outcome.choices],
        "days": days,
    }
    return coach_page(request, "desk/coach/remarks.html", team, context, part="rules")


def _only(found: list[rulebook.Practice], show: str) -> list[rulebook.Practice]:
    """The practices with the rules that are changed, off, or have spoken lately; else with all of them."""
    wanted: dict[str, Callable[[rulebook.RuleLine], bool]] = {
        "changed": lambda line: line.is_changed or line.own is not None,
        "off": lambda line: line.off,
        "fired": lambda line: line.numbers.fired > 0,
    }
    if show not in wanted:
        return found
    kept = (replace(one, rules=tuple(filter(wanted[show], one.rules))) for one in found)
    return [practice for practice in kept if practice.rules]


def _days(request: AgentRequest) -> int:
    """The period asked for: 30 days, or 90."""
    given = number_in(request, "days")
    return given if given in rulebook.PERIODS else rulebook.PERIODS[0]
