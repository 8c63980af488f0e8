"""Settings of routing: rules and their dry run, levels of escalation, and how much anybody is given."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goodword.inbox import actions, escalations
from goodword.inbox.errors import NotPossible
from goodword.inbox.models import Conversation, EscalationLevel, RoutingRule
from goodword.inbox.routing import rules
from goodword.inbox.routing.giving import rules_on
from goodword.inbox.routing.trying import Trial, dry_run
from goodword.staff import work
from goodword.staff.access import require_lead

from ..forms import conditions
from ..forms.routing import EscalationLevelForm, LimitsForm, RuleForm
from ..pages import AgentRequest, SeeOther, agent_page, page

TAB = "routing"


@require_GET
@agent_page
def routing(request: AgentRequest) -> HttpResponseBase:
    """The rules in their order, how many wait, the levels and the house's limits."""
    require_lead(request.user)
    return _routing_page(request, LimitsForm(agent=None))


@require_POST
@agent_page
def routing_limits(request: AgentRequest) -> HttpResponseBase:
    """How many open conversations anybody is given, where nothing else is said of them."""
    form = LimitsForm(request.POST, agent=None)
    if not form.is_valid():
        return _routing_page(request, form)
    work.set_capacities(by=request.user, agent=None, most=form.most())
    messages.success(request, _("Saved."))
    return SeeOther(reverse("routing"))


@require_http_methods(["GET", "POST"])
@agent_page
def routing_rule(request: AgentRequest, pk: int | None = None) -> HttpResponseBase:
    """Make a rule or change one; 'Try it' shows where the newest conversations would have gone."""
    require_lead(request.user)
    rule = RoutingRule.objects.get(pk=pk) if pk else None
    if request.method == "GET":
        form = RuleForm.of(rule) if rule else RuleForm()
        return _rule_page(request, rule, form, conditions.shown(rule.conditions if rule else {}))
    form, rows = RuleForm(request.POST), conditions.sent(request.POST)
    if form.is_valid():
        try:
            given = form.new_rule(conditions.read(request.POST))
            if "try" in request.POST:
                return _rule_page(request, rule, form, rows, trials=_tried(request, given, rule))
            saved = rules.save_rule(by=request.user, given=given, rule=rule)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The rule %(name)s is saved.") % {"name": saved.name})
            return SeeOther(reverse("routing"))
    return _rule_page(request, rule, form, rows)


@require_POST
@agent_page
def routing_rule_removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Take a rule away."""
    rules.remove_rule(by=request.user, rule=RoutingRule.objects.get(pk=pk))
    messages.success(request, _("The rule is gone."))
    return SeeOther(reverse("routing"))


@require_POST
@agent_page
def routing_order(request: AgentRequest) -> HttpResponseBase:
    """Move one rule a place up or down (`up` or `down`: its number)."""
    ids = list(RoutingRule.objects.values_list("pk", flat=True))
    moved = next((name for name in ("up", "down") if request.POST.get(name, "").isdigit()), None)
    pk = int(request.POST[moved]) if moved else 0
    if pk in ids:
        place = ids.index(pk)
        other = max(0, place - 1) if moved == "up" else min(len(ids) - 1, place + 1)
        ids[place], ids[other] = ids[other], ids[place]
        rules.order_rules(by=request.user, ids=ids)
    return SeeOther(reverse("routing"))


@require_GET
@agent_page
def routing_trial(request: AgentRequest) -> HttpResponseBase:
    """Where the newest conversations would go by the rules in force."""
    require_lead(request.user)
    context = {"trials": dry_run(request.user, rules_on()), "tab": TAB}
    return page(request, "desk/routing_trial.html", context, section="settings")


@require_http_methods(["GET", "POST"])
@agent_page
def escalation_level(request: AgentRequest, pk: int | None = None) -> HttpResponseBase:
    """Set a level up, or change whom it asks."""
    require_lead(request.user)
    level = EscalationLevel.objects.get(pk=pk) if pk else None
    form = EscalationLevelForm(request.POST) if request.method == "POST" else _level_form(level)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_escalation_level(by=request.user, **form.cleaned_data)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The level is saved."))
            return SeeOther(reverse("routing"))
    context = {"form": form, "level": level, "tab": TAB}
    status = 422 if form.errors else 200
    return page(request, "desk/escalation_level.html", context, section="settings", status=status)


@require_POST
@agent_page
def escalation_level_removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Take a level away."""
    actions.remove_escalation_level(by=request.user, level=EscalationLevel.objects.get(pk=pk))
    messages.success(request, _("The level is gone; what was raised to it falls to the leads."))
    return SeeOther(reverse("routing"))


def _level_form(level: EscalationLevel | None) -> EscalationLevelForm:
    if level is not None:
        return EscalationLevelForm.of(level)
    return EscalationLevelForm(initial={"rank": EscalationLevel.objects.count() + 1})


def _routing_page(request: AgentRequest, limits: LimitsForm) -> HttpResponseBase:
    waiting = Conversation.objects.filter(state=Conversation.State.OPEN, assignee=None)
    shown = RoutingRule.objects.select_related("team", "skill", "agent")
    levels = EscalationLevel.objects.select_related("team").prefetch_related("agents")
    context = {
        "rules": [{"rule": rule, "words": conditions.in_words(rule.conditions)} for rule in shown],
        "waiting": waiting.filter(routing=Conversation.Routing.WAITING).exclude(routing="").count(),
        "levels": levels,
        "steps": escalations.steps(),
        "limits": limits,
        "tab": TAB,
    }
    status = 422 if limits.errors else 200
    return page(request, "desk/routing.html", context, section="settings", status=status)


def _rule_page(
    request: AgentRequest,
    rule: RoutingRule | None,
    form: RuleForm,
    rows: conditions.ConditionRows,
    *,
    trials: "Iterable[Trial] | None" = None,
) -> HttpResponseBase:
    context: dict[str, Any] = {"rule": rule, "form": form, "conditions": rows, "trials": trials, "tab": TAB}
    return page(
        request, "desk/routing_rule.html", context, section="settings", status=422 if form.errors else 200
    )


def _tried(request: AgentRequest, given: rules.NewRule, rule: RoutingRule | None) -> list[Trial]:
    """The dry run with the rule as it was typed, in its place among the others."""
    order = rule.order if rule else None
    typed = rules.rule_of(given, RoutingRule(pk=rule.pk, order=rule.order) if rule else None)
    others = [one for one in rules_on() if rule is None or one.pk != rule.pk]
    if not typed.is_on:
        return dry_run(request.user, others)
    before = [one for one in others if order is None or (one.order, one.pk) < (order, typed.pk or 0)]
    return dry_run(request.user, [*before, typed, *(one for one in others if one not in before)])
