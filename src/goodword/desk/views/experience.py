"""How a customer's good and bad moments stand, and how much each kind weighs in this house."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from goodword.customers import access, balance
from goodword.customers.errors import CustomerError
from goodword.inbox import access as inbox_access
from goodword.staff.access import require_lead

from ..pages import AgentRequest, SeeOther, agent_page, page

SHOWN = 200


@require_GET
@agent_page
def customer_experience(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Every moment of a customer, the newest first, with what was owed after it."""
    found = access.get_customer(request.user, pk)
    stands = balance.balance_of(found)
    labels = {one.kind: one.label for one in balance.kinds()}
    newest = list(reversed(stands.steps))[:SHOWN]
    about = {step.moment.conversation_id for step in newest if step.moment.conversation_id is not None}
    seen = set(inbox_access.conversations(request.user).filter(pk__in=about).values_list("pk", flat=True))
    rows = [(step, labels.get(step.moment.kind, step.moment.kind), step.moment.conversation_id in seen)
            for step in newest]  # fmt: skip
    context = {"customer": found, "stands": stands, "rows": rows}
    return page(request, "desk/customer_experience.html", context, section="customers")


class WeightsForm(forms.Form):
    """One weight for each kind of moment."""

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        weigh = balance.weights()
        for one in balance.kinds():
            self.fields[one.kind] = forms.FloatField(label=_(one.label), initial=weigh[one.kind])


@require_http_methods(["GET", "POST"])
@agent_page
def experience(request: AgentRequest) -> HttpResponseBase:
    """The weights of the kinds of moments."""
    require_lead(request.user)
    form = WeightsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            balance.set_weights(by=request.user, given=form.cleaned_data)
        except CustomerError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. It holds for what happened before, too."))
            return SeeOther(request.path)
    status = 422 if form.errors else 200
    context = {"form": form, "tab": "experience"}
    return page(request, "desk/experience.html", context, section="settings", status=status)
