"""Asking how it went: whom, when, and how often customers hear from us unasked."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.forms.models import model_to_dict
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goodword.customers import contact
from goodword.customers.errors import CustomerError
from goodword.inbox import access
from goodword.inbox.checking_in import keeping
from goodword.inbox.errors import NotPossible
from goodword.inbox.models import CheckIn, CheckInRule
from goodword.staff.access import require_lead

from ..forms import conditions
from ..forms.automation import CheckInRuleForm, ContactRuleForm
from ..pages import AgentRequest, SeeOther, agent_page, page

COMING = 25


@require_http_methods(["GET", "POST"])
@agent_page
def check_ins(request: AgentRequest) -> HttpResponseBase:
    """The rules, what is planned, and the one rule of contacts, which a POST sets."""
    require_lead(request.user)
    held = contact.rule()
    form = ContactRuleForm(request.POST or None, initial=model_to_dict(held))
    if request.method == "POST" and form.is_valid():
        try:
            contact.set_rule(by=request.user, **form.cleaned_data)
        except CustomerError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return SeeOther(request.path)
    coming = CheckIn.objects.filter(
        state=CheckIn.State.PLANNED, conversation__in=access.conversations(request.user)
    )
    context = {
        "rows": [(rule, conditions.in_words(rule.conditions)) for rule in CheckInRule.objects.all()],
        "coming": coming.select_related("conversation__customer").order_by("due_at", "id")[:COMING],
        "form": form,
        "tab": "check_ins",
    }
    status = 422 if form.errors else 200
    return page(request, "desk/check_ins.html", context, section="settings", status=status)


@require_http_methods(["GET", "POST"])
@agent_page
def check_in_rule(request: AgentRequest, pk: int | None = None) -> HttpResponseBase:
    """One rule of check-ins."""
    require_lead(request.user)
    rule = CheckInRule.objects.get(pk=pk) if pk else None
    if request.method == "GET":
        return _form(request, rule, CheckInRuleForm(initial=model_to_dict(rule) if rule else None))
    form = CheckInRuleForm(request.POST)
    if form.is_valid():
        try:
            kept = keeping.keep_rule(by=request.user, given=form.given(), rule=rule)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("'%(name)s' is kept.") % {"name": kept.name})
            return SeeOther(reverse("check_ins"))
    return _form(request, rule, form)


@require_POST
@agent_page
def check_in_rule_removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Take a rule away."""
    rule = CheckInRule.objects.get(pk=pk)
    keeping.remove_rule(by=request.user, rule=rule)
    messages.success(request, _("'%(name)s' is gone. What it planned stays planned.") % {"name": rule.name})
    return SeeOther(reverse("check_ins"))


def _form(request: AgentRequest, rule: CheckInRule | None, form: Form) -> HttpResponseBase:
    shown = (
        conditions.sent(request.POST) if form.is_bound else conditions.shown(rule.conditions if rule else {})
    )
    context: dict[str, Any] = {"form": form, "rule": rule, "conditions": shown, "tab": "check_ins"}
    status = 422 if form.errors else 200
    return page(request, "desk/check_in_rule.html", context, section="settings", status=status)
