"""Rules that do what always has to be done: kept, tried on what was, and told of."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goodword.inbox.errors import NotPossible
from goodword.staff.access import require_lead
from goodword.workflows import access, actions, doing, queries
from goodword.workflows.errors import RuleError
from goodword.workflows.kinds import EVENTS
from goodword.workflows.models import Rule

from ..forms import conditions
from ..forms.automation import RuleForm, action_rows, kept_actions, rule_initial, sent_actions
from ..pages import AgentRequest, SeeOther, agent_page, page
from ..paging import older_than

LOG_PAGE = 50


@require_GET
@agent_page
def automation(request: AgentRequest) -> HttpResponseBase:
    """Every rule in its order, in words."""
    require_lead(request.user)
    rows = [(rule, in_words(rule)) for rule in queries.rules()]
    return page(request, "desk/automation.html", {"rows": rows, "tab": "automation"}, section="settings")


@require_http_methods(["GET", "POST"])
@agent_page
def automation_rule(request: AgentRequest, pk: int | None = None) -> HttpResponseBase:
    """One rule; 'Try it' says what it would have done, and keeps nothing."""
    require_lead(request.user)
    rule = access.get_rule(request.user, pk) if pk else None
    if request.method == "GET":
        return _form(request, rule, RuleForm(initial=rule_initial(rule) if rule else None))
    form = RuleForm(request.POST)
    if not form.is_valid():
        return _form(request, rule, form)
    try:
        if "try" in request.POST:
            return _form(request, rule, form, tried=queries.dry_run(request.user, _not_kept(form)))
        kept = actions.keep_rule(by=request.user, given=form.given(), rule=rule)
    except (RuleError, NotPossible) as error:
        form.add_error(None, str(error))
        return _form(request, rule, form)
    messages.success(request, _("'%(name)s' is kept. It holds from now on.") % {"name": kept.name})
    return SeeOther(reverse("automation"))


@require_POST
@agent_page
def automation_switch(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Let a rule fire, or not any more."""
    rule = actions.switch(by=request.user, rule=access.get_rule(request.user, pk), on="on" in request.POST)
    said = _("'%(name)s' is on.") if rule.is_on else _("'%(name)s' is off.")
    messages.success(request, said % {"name": rule.name})
    return SeeOther(reverse("automation"))


@require_POST
@agent_page
def automation_move(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Ask a rule earlier or later."""
    actions.move(by=request.user, rule=access.get_rule(request.user, pk), up="up" in request.POST)
    return SeeOther(reverse("automation"))


@require_POST
@agent_page
def automation_removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Take a rule away."""
    rule = access.get_rule(request.user, pk)
    actions.remove(by=request.user, rule=rule)
    messages.success(request, _("'%(name)s' is gone.") % {"name": rule.name})
    return SeeOther(reverse("automation"))


@require_GET
@agent_page
def automation_log(request: AgentRequest) -> HttpResponseBase:
    """What fired, why, and what was done; of one rule with `?rule=`."""
    require_lead(request.user)
    asked = request.GET.get("rule", "")
    rule = access.get_rule(request.user, int(asked)) if asked.isascii() and asked.isdigit() else None
    rows = queries.log(request.user, rule=rule, before=older_than(request), limit=LOG_PAGE + 1)
    older = f"before={rows[LOG_PAGE - 1].pk}" if len(rows) > LOG_PAGE else ""
    context = {
        "rows": rows[:LOG_PAGE],
        "rule": rule,
        "older": f"?{older}{f'&rule={rule.pk}' if rule else ''}" if older else "",
        "tab": "automation",
    }
    return page(request, "desk/automation_log.html", context, section="settings")


def in_words(rule: Rule) -> dict[str, str]:
    """When, if and then, to be read."""
    if rule.event:
        when = str(EVENTS.get(rule.event, rule.event))
    else:
        state = Rule.State(rule.state).label
        when = _("For %(hours)d hours %(state)s") % {"hours": rule.hours or 0, "state": state}
    rows = kept_actions(rule.actions)
    then = "; ".join(
        " ".join(filter(None, [str(doing.ACTIONS[row.do].label), row.words[:80], row.number]))
        for row in rows
        if row.do in doing.ACTIONS
    )
    return {"when": when, "if": conditions.in_words(rule.conditions), "then": then}


def _not_kept(form: RuleForm) -> Rule:
    given = form.given()
    if given.state and given.hours is None:
        raise RuleError(_("Say after how many hours it should fire."))
    return Rule(event=given.event, state=given.state, hours=given.hours, conditions=given.conditions)


def _form(
    request: AgentRequest, rule: Rule | None, form: RuleForm, *, tried: queries.DryRun | None = None
) -> HttpResponseBase:
    if form.is_bound:
        shown, rows = conditions.sent(request.POST), sent_actions(request.POST)
    else:
        shown = conditions.shown(rule.conditions if rule else {})
        rows = kept_actions(rule.actions if rule else [])
    context: dict[str, Any] = {
        "form": form,
        "rule": rule,
        "conditions": shown,
        "actions": action_rows(rows),
        "tried": tried,
        "tab": "automation",
    }
    status = 422 if form.errors else 200
    return page(request, "desk/automation_rule.html", context, section="settings", status=status)
