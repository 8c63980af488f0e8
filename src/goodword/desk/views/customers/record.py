"""Changing what is known of a customer or an organisation."""

from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goodword.customers import access, actions
from goodword.customers.actions import CustomerError
from goodword.customers.forms import ConsentForm, HandleForm, OrganisationForm, PhoneForm, RecordForm
from goodword.customers.models import Customer, CustomerHandle, CustomerPhone, Organisation

from ...pages import AgentRequest, SeeOther, agent_page, page
from .page import with_form

MEMBERS = 100


@require_http_methods(["GET", "POST"])
@agent_page
def edit(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Who they are and how to treat them, and the company's own fields; all of it is saved, or nothing."""
    found = access.get_customer(request.user, pk)
    form = RecordForm(request.POST if request.method == "POST" else None, customer=found)
    if request.method == "POST" and form.is_valid() and _saved(form, lambda: _save(request, form, found)):
        messages.success(request, _("Saved."))
        return SeeOther(reverse("customer", args=[pk]))
    context = {"customer": found, "form": form}
    status = 422 if form.errors else 200
    return page(request, "desk/customer_edit.html", context, section="customers", status=status)


def _saved(form: Form, save: Any) -> bool:
    """Save, or put the sentence that says why not above the form."""
    try:
        save()
    except CustomerError as error:
        form.add_error(None, str(error))
        return False
    return True


@transaction.atomic
def _save(request: AgentRequest, form: RecordForm, found: Customer) -> None:
    given = form.cleaned_data
    actions.rename(customer=found, name=given["name"], agent=request.user)
    actions.set_organisation(customer=found, name=given["organisation"], agent=request.user)
    names = ("greeting_name", "tier", "preferred_channel", "language", "time_zone")
    details = {name: given[name] for name in names}
    actions.describe(customer=found, agent=request.user, **details)
    actions.set_values(of=found, values=form.own_values(), agent=request.user)


@require_POST
@agent_page
def phone(request: AgentRequest, pk: int) -> HttpResponseBase:
    """A phone number more."""

    def do(found: Customer, given: dict[str, str]) -> None:
        row = actions.add_phone(
            customer=found, number=given["number"], label=given["label"], agent=request.user
        )
        messages.success(request, _("%(number)s is theirs.") % {"number": row.shown})

    return with_form(request, pk, PhoneForm, do)


@require_POST
@agent_page
def phone_removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """A phone number less."""
    seen = access.visible(request.user)
    found = CustomerPhone.objects.select_related("customer").get(pk=pk, customer__in=seen)
    actions.remove_phone(phone=found, agent=request.user)
    return SeeOther(reverse("customer", args=[found.customer_id]))


@require_POST
@agent_page
def handle(request: AgentRequest, pk: int) -> HttpResponseBase:
    """A name in a network."""

    def do(found: Customer, given: dict[str, str]) -> None:
        actions.add_handle(
            customer=found, network=given["network"], handle=given["handle"], agent=request.user
        )

    return with_form(request, pk, HandleForm, do)


@require_POST
@agent_page
def handle_removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """A name in a network less."""
    seen = access.visible(request.user)
    found = CustomerHandle.objects.select_related("customer").get(pk=pk, customer__in=seen)
    actions.remove_handle(handle=found, agent=request.user)
    return SeeOther(reverse("customer", args=[found.customer_id]))


@require_POST
@agent_page
def consent(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Write down what the customer said to a purpose."""

    def do(found: Customer, given: dict[str, str]) -> None:
        said = {name: given[name] for name in ("purpose", "how", "proof")}
        yes = given["given"] == "yes"
        actions.consent(customer=found, given=yes, agent=request.user, **cast(Any, said))
        messages.success(request, _("Written down."))

    return with_form(request, pk, ConsentForm, do)


@require_http_methods(["GET", "POST"])
@agent_page
def organisation(request: AgentRequest, pk: int) -> HttpResponseBase:
    """An organisation: who belongs to it, and the company's own fields about it."""
    found = Organisation.objects.get(pk=pk)
    members = access.visible(request.user).filter(organisation=found).prefetch_related("addresses")
    if not request.user.is_lead and not members.exists():
        raise Organisation.DoesNotExist
    form = OrganisationForm(request.POST if request.method == "POST" else None, organisation=found)

    def save() -> None:
        actions.set_values(of=found, values=form.own_values(), agent=request.user)

    if request.method == "POST" and form.is_valid() and _saved(form, save):
        messages.success(request, _("Saved."))
        return SeeOther(request.path)
    context = {"organisation": found, "members": members.order_by("name")[:MEMBERS], "form": form}
    status = 422 if form.errors else 200
    return page(request, "desk/organisation.html", context, section="customers", status=status)
