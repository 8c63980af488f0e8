"""Holds: set and lifted by leads."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goodword.customers import access as customers_access
from goodword.inbox import access, holds
from goodword.inbox.models import Conversation, Hold
from goodword.staff.access import require_lead

from ...forms.retention import HoldForm
from ...pages import AgentRequest, SeeOther, agent_page, page


@require_http_methods(["GET", "POST"])
@agent_page
def hold(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Keep a conversation from being deleted."""
    require_lead(request.user)
    found = access.get_conversation(request.user, pk)
    return _put(
        request,
        lambda reason: holds.hold(conversation=found, by=request.user, reason=reason),
        said=_("On hold. Nothing deletes it until the hold is lifted."),
        name=f"#{found.pk} {found.subject or _('(no subject)')}",
        back=reverse("conversation", args=[pk]),
        section="inbox",
    )


@require_http_methods(["GET", "POST"])
@agent_page
def hold_customer(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Keep a customer and all their conversations from being deleted."""
    require_lead(request.user)
    found = customers_access.get_customer(request.user, pk)
    return _put(
        request,
        lambda reason: holds.hold_customer(customer=found, by=request.user, reason=reason),
        said=_("On hold. Nothing of theirs is deleted until the hold is lifted."),
        name=str(found),
        back=reverse("customer", args=[pk]),
        section="customers",
    )


@require_POST
@agent_page
def lift(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Let it be deleted again."""
    held = holds.lift(hold=holds.get_hold(request.user, pk), by=request.user)
    messages.success(request, _("The hold is lifted."))
    if held.conversation_id is not None:
        return SeeOther(reverse("conversation", args=[_shown(held.conversation_id)]))
    return SeeOther(reverse("customer", args=[held.customer_id]))


def _put(
    request: AgentRequest, hold_it: Callable[[str], Hold], *, said: str, name: str, back: str, section: str
) -> HttpResponseBase:
    """Ask why, and put it on hold."""
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        hold_it(form.cleaned_data["reason"])
        messages.success(request, said)
        return SeeOther(back)
    context = {"form": form, "name": name, "back": back, "of_customer": section == "customers"}
    status = 422 if form.errors else 200
    return page(request, "desk/privacy/hold.html", context, section=section, status=status)


def _shown(number: int) -> int:
    """Where a conversation is read, which may be the one it was merged into."""
    target = access.merged_into(Conversation.objects.get(pk=number))
    return target.pk if target else number
