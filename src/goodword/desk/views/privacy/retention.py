"""How long conversations are kept: rules, what they would touch, and what went."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goodword.inbox import retention
from goodword.inbox.errors import NotPossible
from goodword.inbox.models import RetentionRule, RetentionRun
from goodword.inbox.retention import rules
from goodword.staff.access import require_administrator

from ...forms.retention import KeepingTimesForm, RetentionRuleForm, rule_initial
from ...pages import AgentRequest, SeeOther, agent_page, page
from ...paging import older_than

RUNS = 20


@require_GET
@agent_page
def keeping(request: AgentRequest) -> HttpResponseBase:
    """Every rule in words, how long leftovers are kept, and what went in the last nights."""
    return _keeping(request, KeepingTimesForm.of(rules.times()))


@require_POST
@agent_page
def keeping_times(request: AgentRequest) -> HttpResponseBase:
    """Say how long leftovers are kept."""
    require_administrator(request.user)
    form = KeepingTimesForm(request.POST)
    if not form.is_valid():
        return _keeping(request, form)
    chosen = form.cleaned_data
    rules.keep_times(by=request.user, looks_months=rules.times().looks_months, **chosen)
    messages.success(request, _("Saved. It holds from the next night on."))
    return SeeOther(reverse("keeping"))


@require_http_methods(["GET", "POST"])
@agent_page
def keeping_rule(request: AgentRequest, pk: int | None = None) -> HttpResponseBase:
    """One rule; kept, it is off, and its dry run comes next."""
    require_administrator(request.user)
    rule = rules.get_rule(request.user, pk) if pk else None
    form = RetentionRuleForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            kept = retention.save_rule(by=request.user, given=form.given(), rule=rule)
            return SeeOther(reverse("keeping_trial", args=[kept.pk]))
        except NotPossible as error:
            form.add_error(None, str(error))
    form = form or RetentionRuleForm(initial=rule_initial(rule))
    context = {"form": form, "rule": rule, "tab": "keeping"}
    status = 422 if form.errors else 200
    return page(request, "desk/privacy/rule.html", context, section="settings", status=status)


@require_GET
@agent_page
def keeping_trial(request: AgentRequest, pk: int) -> HttpResponseBase:
    """What the rule would do today; nothing is changed. Whoever saw it may switch the rule on."""
    rule = rules.get_rule(request.user, pk)
    begun = timezone.now()
    seen = retention.preview(rule, begun)
    retention.tried(by=request.user, rule=rule, at=begun)
    context = {
        "rule": rule,
        "words": in_words(rule),
        "seen": seen,
        "left_out": left_out(seen.left_out),
        "more": seen.count - len(seen.oldest),
        "tab": "keeping",
    }
    return page(request, "desk/privacy/trial.html", context, section="settings")


@require_POST
@agent_page
def keeping_switch(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Let a rule work every night, or not any more."""
    rule = rules.get_rule(request.user, pk)
    on = "on" in request.POST
    retention.switch_rule(by=request.user, rule=rule, on=on)
    said = _("'%(name)s' is on. It works at night, from the next one on.") if on else _("'%(name)s' is off.")
    messages.success(request, said % {"name": rule.name})
    return SeeOther(reverse("keeping"))


@require_POST
@agent_page
def keeping_removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Take a rule away."""
    rule = rules.get_rule(request.user, pk)
    retention.remove_rule(by=request.user, rule=rule)
    messages.success(
        request, _("'%(name)s' is gone. What it took away does not come back.") % {"name": rule.name}
    )
    return SeeOther(reverse("keeping"))


def _keeping(request: AgentRequest, form: KeepingTimesForm) -> HttpResponseBase:
    require_administrator(request.user)
    found = RetentionRule.objects.select_related("mailbox", "tag")
    before = older_than(request)
    runs = RetentionRun.objects.order_by("-id")
    runs_shown = list((runs.filter(pk__lt=before) if before else runs)[: RUNS + 1])
    context = {
        "rows": [(rule, in_words(rule)) for rule in found],
        "form": form,
        "runs": [(run, left_out(run.left_out)) for run in runs_shown[:RUNS]],
        "older": f"?before={runs_shown[RUNS - 1].pk}" if len(runs_shown) > RUNS else "",
        "tab": "keeping",
    }
    status = 422 if form.errors else 200
    return page(request, "desk/privacy/keeping.html", context, section="settings", status=status)


def in_words(rule: RetentionRule) -> dict[str, str]:
    """Which conversations, and what happens to them, to be read."""
    span = ngettext("one month", "%(n)d months", rule.months) % {"n": rule.months}
    pieces = [_("Closed and quiet for %(span)s") % {"span": span}]
    if rule.mailbox is not None:
        pieces.append(_("in %(mailbox)s") % {"mailbox": rule.mailbox})
    if rule.tag is not None:
        pieces.append(_("tagged '%(tag)s'") % {"tag": rule.tag})
    return {"which": ", ".join(pieces), "does": str(RetentionRule.Does(rule.does).label)}


def left_out(counts: dict[str, Any]) -> list[tuple[str, int]]:
    """Why and how many, the most first."""
    labels = retention.reasons()
    rows = [(str(labels.get(key, key)), int(count)) for key, count in counts.items()]
    return sorted(rows, key=lambda row: -row[1])
