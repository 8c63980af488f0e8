"""Erasing a person at their request, and the list of those who were erased."""

from typing import Any

from django.apps import apps
from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from goodword.customers import access, actions, erasing, registry
from goodword.customers.actions import ERASURE_REASON_LENGTH
from goodword.customers.errors import StillOpen
from goodword.customers.models import Customer, Erasure
from goodword.staff.access import require_administrator

from ...pages import AgentRequest, SeeOther, agent_page, page
from ...paging import older_than

PAGE = 50


@require_http_methods(["GET", "POST"])
@agent_page
def erase(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Say what goes, what stays and why, and what stands against it; then do it."""
    require_administrator(request.user)
    if access.erased(pk) is not None:
        return SeeOther(reverse("erasures"))
    found = access.get_customer(request.user, pk)
    if request.method == "POST":
        try:
            return _erased(request, found)
        except StillOpen:
            pass  # the page says what stands against it
    context = {"reason_length": ERASURE_REASON_LENGTH, **preview(found)}
    return page(request, "desk/privacy/erase.html", context, section="customers")


def preview(customer: Customer) -> dict[str, Any]:
    """What goes and what stays."""
    person = erasing.person_of(customer)
    counted: dict[str, int] = {}
    for room in registry.going:
        for model, rows in room(person):
            counted[model._meta.label_lower] = counted.get(model._meta.label_lower, 0) + rows
    return {
        "customer": customer,
        "obstacles": actions.in_the_way(customer),
        "going": _named(counted),
        "staying": [sentence for room in registry.staying for sentence in room(person)],
    }


@require_GET
@agent_page
def erasures(request: AgentRequest) -> HttpResponseBase:
    """Everybody who was erased, the newest first."""
    require_administrator(request.user)
    before = older_than(request)
    rows = Erasure.objects.select_related("by").order_by("-id")
    found = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    context = {
        "rows": [(row, _named(row.counts)) for row in found[:PAGE]],
        "older": f"?before={found[PAGE - 1].pk}" if len(found) > PAGE else "",
        "tab": "erasures",
    }
    return page(request, "desk/privacy/erasures.html", context, section="settings")


def _erased(request: AgentRequest, found: Customer) -> SeeOther:
    actions.erase(
        customer=found,
        by=request.user,
        number=request.POST.get("number", ""),
        reason=request.POST.get("reason", ""),
    )
    messages.success(
        request, _("Customer %(number)s is being erased. Nothing of it comes back.") % {"number": found.pk}
    )
    return SeeOther(reverse("erasures"))


def _named(counts: dict[str, int]) -> list[tuple[str, int]]:
    """What was counted, in words; what is none is left out."""
    named = [(str(apps.get_model(label)._meta.verbose_name_plural), rows) for label, rows in counts.items()]
    return sorted((capfirst(name), rows) for name, rows in named if rows)
