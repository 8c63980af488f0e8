"""Who gets no more mail: found, added and lifted by leads and administrators."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goodword.mail import actions, queries
from goodword.mail.models import Suppression
from goodword.staff.access import require_lead

from ..forms.suppressions import SuppressionForm
from ..pages import AgentRequest, SeeOther, agent_page, page
from ..paging import older_than

PAGE = 50


@require_http_methods(["GET", "POST"])
@agent_page
def suppressions(request: AgentRequest) -> HttpResponseBase:
    """Everybody who gets none, the newest first; a POST adds an address."""
    require_lead(request.user)
    form = SuppressionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = form.save(by=request.user)
        messages.success(request, _("%(address)s gets no more notices.") % {"address": made.address})
        return SeeOther(request.path)
    q = request.GET.get("q", "").strip()[:320]
    before = older_than(request)
    found = queries.suppressions(q=q)
    rows = list((found.filter(pk__lt=before) if before else found)[: PAGE + 1])
    more = {"before": rows[PAGE - 1].pk} | ({"q": q} if q else {}) if len(rows) > PAGE else {}
    context = {
        "form": form,
        "rows": rows[:PAGE],
        "q": q,
        "older": f"?{urlencode(more)}" if more else "",
        "tab": "suppressions",
    }
    status = 422 if form.errors else 200
    return page(request, "desk/suppressions.html", context, section="settings", status=status)


@require_POST
@agent_page
def suppression_lift(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Write to the address again, as far as this entry kept us from it."""
    require_lead(request.user)
    one = Suppression.objects.get(pk=pk)
    actions.lift(
        address=one.address,
        topic=one.topic,
        reason=Suppression.Reason(one.reason),
        agent_id=request.user.pk,
    )
    messages.success(request, _("%(address)s may be written to again.") % {"address": one.address})
    return SeeOther(reverse("suppressions"))
