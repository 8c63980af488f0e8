"""The people we care for."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from goodword.customers import access, actions, queries
from goodword.customers.forms import (
    AddressForm,
    ConsentForm,
    HandleForm,
    NameForm,
    NoteForm,
    PhoneForm,
)
from goodword.customers.models import Customer
from goodword.inbox import access as inbox_access
from goodword.inbox import holds
from goodword.promises import access as promise_access
from goodword.staff.looking import looked

from ...looks import how_opened
from ...pages import AgentRequest, Refused, SeeOther, agent_page, go_back, page
from ...timeline import SHOWN, customer_timeline

CONVERSATIONS = 50
PROMISES = 50
MANY = 99


@require_GET
@agent_page
def customers(request: AgentRequest) -> HttpResponseBase:
    """Everybody who wrote, the newest first, or those whose name or address begins with the words."""
    q = request.GET.get("q", "").strip()[:200]
    found = queries.page(request.user, q=q, cursor=request.GET.get("cursor"))
    alike = queries.open_duplicates(request.user)[: MANY + 1].count()
    context = {"page": found, "q": q, "alike": alike, "many": MANY}
    return page(request, "desk/customers.html", context, section="customers")


@require_GET
@agent_page
def customer(request: AgentRequest, pk: int) -> HttpResponseBase:
    """One customer with everything we know; whoever was joined into another leads there."""
    kept = queries.kept_instead(pk)
    if kept is not None:
        there = access.erased(kept) or access.get_customer(request.user, kept)
        return SeeOther(reverse("customer", args=[there.pk]))
    gone = access.erased(pk)
    if gone is not None:
        return page(request, "desk/privacy/erased.html", {"customer": gone}, section="customers")
    found = access.get_customer(request.user, pk)
    profile = queries.profile(found)
    conversations = (
        inbox_access.conversations(request.user)
        .filter(customer=found)
        .exclude(state="merged")
        .select_related("assignee")
        .order_by("-last_at")[:CONVERSATIONS]
    )
    promises = (
        promise_access.visible(request.user)
        .filter(customer=found)
        .select_related("owner", "place")
        .order_by("-id")[:PROMISES]
    )
    context = {
        "customer": found,
        "profile": profile,
        "conversations": conversations,
        "promises": promises,
        "holds": holds.holds_of_customer(found),
        "address_form": AddressForm(),
        "note_form": NoteForm(),
        **record_of(request, found),
        **timeline_of(request, found),
    }
    made = page(request, "desk/customer.html", context, section="customers")
    looked(request.user, how_opened(request), customer_id=found.pk)
    return made


@require_GET
@agent_page
def timeline(request: AgentRequest, pk: int) -> HttpResponseBase:
    """The next stretch of the timeline, as a page of its own or to be put below what stands there."""
    found = access.get_customer(request.user, pk)
    context = {"customer": found, **timeline_of(request, found)}
    made = page(request, "desk/customer_timeline.html", context, section="customers")
    looked(request.user, customer_id=found.pk)
    return made


def record_of(request: AgentRequest, found: Customer) -> dict[str, Any]:
    """What the record holds beside addresses and notes."""
    bought = [(purchase, queries.warranty(purchase)) for purchase in queries.purchases(found)]
    return {
        "phones": found.phones.order_by("id"),
        "handles": found.handles.order_by("id"),
        "own_values": queries.own_values(found),
        "consents": queries.consents(found),
        "purchases": bought,
        "subscriptions": queries.subscriptions(found),
        "joinings": queries.latest_joinings(found),
        "alike": queries.duplicates_of(request.user, found),
        "phone_form": PhoneForm(),
        "handle_form": HandleForm(),
        "consent_form": ConsentForm(),
    }


def timeline_of(request: AgentRequest, found: Customer) -> dict[str, Any]:
    """A stretch of the timeline, narrowed to what was asked for."""
    show, before = request.GET.get("show", ""), request.GET.get("before", "")
    position = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    stretch = customer_timeline(request.user, found, show=show, before=position)
    shown = [(key, label) for key, label, _beginnings in SHOWN]
    return {"timeline": stretch.lines, "more": stretch.more, "show": show, "shown": shown}


def with_form(
    request: AgentRequest, pk: int, form_class: type[Form], do: Callable[[Customer, dict[str, str]], object]
) -> HttpResponseBase:
    """Do something with a customer if the form holds, else say what is wrong with it."""
    found = access.get_customer(request.user, pk)
    form = form_class(request.POST)
    if not form.is_valid():
        raise Refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
    do(found, form.cleaned_data)
    return go_back(request, reverse("customer", args=[pk]))


@require_POST
@agent_page
def customer_name(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Another name, another organisation."""

    def do(found: Customer, given: dict[str, str]) -> None:
        actions.rename(customer=found, name=given["name"], agent=request.user)
        actions.set_organisation(customer=found, name=given["organisation"], agent=request.user)
        messages.success(request, _("Saved."))

    return with_form(request, pk, NameForm, do)


@require_POST
@agent_page
def customer_address(request: AgentRequest, pk: int) -> HttpResponseBase:
    """A further mail address, so that mail from it belongs to the same person."""

    def do(found: Customer, given: dict[str, str]) -> None:
        actions.add_address(customer=found, address=given["address"], agent=request.user)
        messages.success(request, _("%(address)s is theirs too.") % {"address": given["address"]})

    return with_form(request, pk, AddressForm, do)


@require_POST
@agent_page
def customer_address_removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Take an address away."""
    found = access.get_customer(request.user, pk)
    actions.remove_address(customer=found, address=request.POST.get("address", ""), agent=request.user)
    return SeeOther(reverse("customer", args=[pk]))


@require_POST
@agent_page
def customer_note(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Write down what the team wants to remember."""

    def do(found: Customer, given: dict[str, str]) -> None:
        actions.add_note(customer=found, author=request.user, body=given["body"])

    return with_form(request, pk, NoteForm, do)


@require_POST
@agent_page
def customer_note_removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Take a note away."""
    note = access.get_note(request.user, pk)
    actions.remove_note(note=note, agent=request.user)
    return go_back(request, reverse("customer", args=[note.customer_id]))
