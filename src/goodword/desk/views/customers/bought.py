"""Purchases and subscriptions typed in, where no shop tells of them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goodword.customers import access, actions
from goodword.customers.actions import CustomerError
from goodword.customers.buying_forms import (
    PurchaseForm,
    SubscriptionForm,
    purchase_initial,
    subscription_initial,
)
from goodword.customers.models import Customer, Purchase, Subscription

from ...pages import AgentRequest, SeeOther, agent_page, page


@require_http_methods(["GET", "POST"])
@agent_page
def purchase_new(request: AgentRequest, pk: int) -> HttpResponseBase:
    """A purchase of a customer."""
    return _purchase(request, access.get_customer(request.user, pk), None)


@require_http_methods(["GET", "POST"])
@agent_page
def purchase(request: AgentRequest, pk: int) -> HttpResponseBase:
    """A purchase that was typed in, to be put right."""
    found = access.get_purchase(request.user, pk)
    return _purchase(request, found.customer, found)


@require_http_methods(["GET", "POST"])
@agent_page
def subscription_new(request: AgentRequest, pk: int) -> HttpResponseBase:
    """A subscription of a customer."""
    return _subscription(request, access.get_customer(request.user, pk), None)


@require_http_methods(["GET", "POST"])
@agent_page
def subscription(request: AgentRequest, pk: int) -> HttpResponseBase:
    """A subscription that was typed in, to be put right."""
    found = access.get_subscription(request.user, pk)
    return _subscription(request, found.customer, found)


@require_POST
@agent_page
def purchase_removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """A purchase less."""
    return _removed(request, access.get_purchase(request.user, pk))


@require_POST
@agent_page
def subscription_removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """A subscription less."""
    return _removed(request, access.get_subscription(request.user, pk))


def _purchase(request: AgentRequest, customer: Customer, row: Purchase | None) -> HttpResponseBase:
    form = PurchaseForm(request.POST or None, initial=purchase_initial(row) if row else None)

    def save() -> None:
        actions.keep_purchase(customer=customer, facts=form.facts(), agent=request.user, purchase=row)

    return _answer(request, form, save, customer=customer, row=row, is_purchase=True)


def _subscription(request: AgentRequest, customer: Customer, row: Subscription | None) -> HttpResponseBase:
    form = SubscriptionForm(request.POST or None, initial=subscription_initial(row) if row else None)

    def save() -> None:
        actions.keep_subscription(customer=customer, facts=form.facts(), agent=request.user, subscription=row)

    return _answer(request, form, save, customer=customer, row=row, is_purchase=False)


def _answer(
    request: AgentRequest,
    form: PurchaseForm | SubscriptionForm,
    save: Callable[[], None],
    *,
    customer: Customer,
    **shown: Any,
) -> HttpResponseBase:
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except CustomerError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return SeeOther(reverse("customer", args=[customer.pk]) + "#purchases")
    status = 422 if form.errors else 200
    context = {"customer": customer, "form": form, **shown}
    return page(request, "desk/customer_bought.html", context, section="customers", status=status)


def _removed(request: AgentRequest, row: Purchase | Subscription) -> HttpResponseBase:
    actions.remove_bought(row=row, agent=request.user)
    messages.success(request, _("'%(name)s' is gone.") % {"name": row})
    return SeeOther(reverse("customer", args=[row.customer_id]) + "#purchases")
