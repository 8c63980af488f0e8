"""The ledger: what is due, what was kept, and saying what became of a promise."""

from itertools import groupby

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from goodword.promises import access, actions, queries
from goodword.promises.forms import OutcomeForm, OwnerForm, RenegotiateForm, at_work, due_initial
from goodword.promises.models import Promise
from goodword.promises.moments import Group

from ..pages import AgentRequest, Refused, agent_page, go_back, page

SETTLED = {"kept": Promise.State.KEPT, "broken": Promise.State.BROKEN, "withdrawn": Promise.State.WITHDRAWN}


@require_GET
@agent_page
def promises(request: AgentRequest) -> HttpResponseBase:
    """The due list in its parts: one's own, or with `?whose=all` everybody's."""
    everybody = request.GET.get("whose") == "all"
    owner = None if everybody else request.user
    found = queries.due(request.user, owner=owner, cursor=request.GET.get("cursor"))
    counts = queries.due_counts(request.user, owner=owner)
    parts = [
        {"group": group, "count": counts[group], "promises": [row.promise for row in rows]}
        for group, rows in groupby(found.rows, key=lambda row: row.group)
    ]
    context = {
        "parts": parts,
        "overdue": counts[Group.OVERDUE],
        "today": counts[Group.TODAY],
        "total": sum(counts.values()),
        "next_cursor": found.next_cursor,
        "everybody": everybody,
        "tab": "all" if everybody else "mine",
    }
    return page(request, "desk/promises.html", context, section="promises")


@require_GET
@agent_page
def settled_promises(request: AgentRequest, state: str) -> HttpResponseBase:
    """Promises of which somebody said what became, the newest first."""
    if state not in SETTLED:
        raise Promise.DoesNotExist
    found = queries.page(request.user, state=SETTLED[state], cursor=request.GET.get("cursor"))
    return page(request, "desk/promises_settled.html", {"page": found, "tab": state}, section="promises")


@require_GET
@agent_page
def promise(request: AgentRequest, pk: int) -> HttpResponseBase:
    """One promise: its words, where it was made, and everything that can be done about it."""
    found = access.visible(request.user).select_related("customer", "owner", "made_by", "place").get(pk=pk)
    context = {
        "promise": found,
        "outcomes": found.outcomes.select_related("by").order_by("-id"),
        "place": getattr(found, "place", None),
        "outcome_form": OutcomeForm(auto_id="id_outcome_%s"),
        "renegotiate_form": RenegotiateForm(initial=due_initial(found), auto_id="id_new_%s"),
        "agents": at_work(),
    }
    return page(request, "desk/promise.html", context, section="promises")


@require_POST
@agent_page
def promise_outcome(request: AgentRequest, pk: int, verb: str) -> HttpResponseBase:
    """Kept, broken, withdrawn, or opened again; with a note."""
    verbs = {
        "keep": (actions.keep, _("Kept. Well done.")),
        "break": (actions.break_, _("Written down as broken. The customer should hear it from us first.")),
        "withdraw": (actions.withdraw, _("Withdrawn.")),
        "reopen": (actions.reopen, _("Open again.")),
    }
    if verb not in verbs:
        raise Promise.DoesNotExist
    act, said = verbs[verb]
    given = _valid(OutcomeForm(request.POST))
    act(promise=access.get_promise(request.user, pk), agent=request.user, note=given.cleaned_data["note"])
    messages.success(request, said)
    return go_back(request, reverse("promise", args=[pk]))


@require_POST
@agent_page
def promise_renegotiation(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Another time was agreed with the customer."""
    form = RenegotiateForm(request.POST)
    _valid(form)
    due_at, whole_day = form.due()
    actions.renegotiate(
        promise=access.get_promise(request.user, pk),
        agent=request.user,
        due_at=due_at,
        whole_day=whole_day,
        note=form.cleaned_data["note"],
    )
    messages.success(request, _("The new time stands in the ledger."))
    return go_back(request, reverse("promise", args=[pk]))


@require_POST
@agent_page
def promise_owner(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Somebody else answers for it."""
    form = _valid(OwnerForm(request.POST))
    found = access.get_promise(request.user, pk)
    actions.reassign(promise=found, agent=request.user, owner=form.cleaned_data["owner"])
    messages.success(request, _("Saved."))
    return go_back(request, reverse("promise", args=[pk]))


def _valid(form: Form) -> Form:
    """The form itself; raises Refused with all that is wrong with it."""
    if not form.is_valid():
        raise Refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
    return form
