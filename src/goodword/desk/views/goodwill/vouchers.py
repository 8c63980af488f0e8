"""Vouchers: finding one by its code, and using it by hand."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from goodword.goodwill import access, actions, queries
from goodword.goodwill.forms import RedeemForm
from goodword.goodwill.models import Voucher
from goodword.staff.looking import looked

from ...pages import AgentRequest, Refused, SeeOther, agent_page, page


@require_GET
@agent_page
def vouchers(request: AgentRequest) -> HttpResponseBase:
    """The newest vouchers, or the one of a code."""
    typed = request.GET.get("code", "").strip()[:60]
    found: Voucher | None = None
    if typed:
        found = access.find_voucher(request.user, typed)
    context = {
        "tab": "vouchers",
        "code": typed,
        "found": found,
        "vouchers": [] if found else queries.vouchers(request.user),
        "waiting": queries.waiting_count(request.user),
        "redeem_form": RedeemForm(),
    }
    made = page(request, "desk/goodwill/vouchers.html", context, section="goodwill")
    if found is not None and found.customer_id is not None:
        looked(request.user, customer_id=found.customer_id, conversation_id=found.gesture.conversation_id)
    return made


@require_POST
@agent_page
def redemption(request: AgentRequest, code: str) -> HttpResponseBase:
    """Use it by hand, such as for somebody on the telephone."""
    found = access.get_voucher(request.user, code)
    form = RedeemForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Say what the voucher is used for, such as the number of the order."))
    actions.redeem(code=found.code, reference=form.cleaned_data["reference"], by=request.user)
    messages.success(request, _("Redeemed. It is good for nothing more."))
    return SeeOther(f"{reverse('vouchers')}?code={found.code}")
