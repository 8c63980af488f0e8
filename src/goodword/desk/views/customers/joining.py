"""Customers who may be one person: suggested, looked at side by side, joined, and parted again."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goodword.customers import access, actions, queries
from goodword.customers.models import Customer, Joining
from goodword.staff.looking import Thing, looked_at
from goodword.staff.models import Look

from ...duplicate_words import reasons
from ...pages import AgentRequest, Refused, SeeOther, agent_page, page

FOUND = 20


@require_GET
@agent_page
def duplicates(request: AgentRequest) -> HttpResponseBase:
    """Pairs who may be one person, the likeliest first."""
    found = queries.duplicate_page(request.user, cursor=request.GET.get("cursor"))
    people = [one for row in found.rows for one in (row.first, row.second)]
    profiles = {one.pk: queries.profile(one, notes=1) for one in people}
    pairs = [
        (row, [(one, profiles[one.pk].addresses) for one in (row.first, row.second)], reasons(row.why))
        for row in found.rows
    ]
    context = {"pairs": pairs, "later": f"?cursor={found.next_cursor}" if found.next_cursor else ""}
    return page(request, "desk/customer_duplicates.html", context, section="customers")


@require_POST
@agent_page
def not_the_same(request: AgentRequest) -> HttpResponseBase:
    """These are two people."""
    first, second = (_customer(request, request.POST.get(name, "")) for name in ("first", "second"))
    actions.not_the_same(first=first, second=second, agent=request.user)
    messages.success(request, _("They are not suggested again."))
    return SeeOther(reverse("customer_duplicates"))


@require_http_methods(["GET", "POST"])
@agent_page
def join(request: AgentRequest, pk: int) -> HttpResponseBase:
    """What joining another one into this customer would do, and doing it."""
    kept = access.get_customer(request.user, pk)
    chosen = request.POST.get("with", "") if request.method == "POST" else request.GET.get("with", "")
    if not chosen:
        q = request.GET.get("q", "").strip()[:200]
        found = [one for one in queries.search(q, agent=request.user, limit=FOUND) if one != kept]
        context = {
            "customer": kept,
            "q": q,
            "found": found,
            "alike": queries.duplicates_of(request.user, kept),
        }
        return page(request, "desk/customer_join_whom.html", context, section="customers")
    gone = _customer(request, chosen)
    if gone == kept:
        raise Refused(_("That is the same customer. Choose another one."))
    if request.method == "POST":
        actions.join(gone=gone, kept=kept, agent=request.user)
        messages.success(request, _("They are one customer now. You can part them again below."))
        return SeeOther(reverse("customer", args=[kept.pk]))
    sides = [(one, queries.profile(one, notes=1).addresses) for one in (kept, gone)]
    preview = queries.joining_preview(gone=gone, kept=kept)
    context = {"customer": kept, "gone": gone, "sides": sides, "preview": preview}
    made = page(request, "desk/customer_join.html", context, section="customers")
    looked_at([Thing(kept.pk), Thing(gone.pk)], Look.How.PAGE, agent=request.user)
    return made


@require_POST
@agent_page
def part(request: AgentRequest, pk: int) -> HttpResponseBase:
    """They were two people after all."""
    joining = Joining.objects.get(pk=pk)
    access.get_customer(request.user, joining.kept_number)
    back = actions.undo_joining(joining=joining, agent=request.user)
    messages.success(request, _("%(customer)s is a customer of their own again.") % {"customer": back})
    return SeeOther(reverse("customer", args=[back.pk]))


def _customer(request: AgentRequest, number: str) -> Customer:
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Customer.DoesNotExist
    return access.get_customer(request.user, int(number))
