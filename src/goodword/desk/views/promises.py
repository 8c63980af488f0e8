"""The ledger: what is due, what was kept, and saying what became of a promise."""

from itertools import groupby

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from goodword.inbox.models import Message
from goodword.promises import access, actions, moments, own_up, queries, registry
from goodword.promises.forms import KeptForm, OwnerForm, RenegotiateForm, at_work, due_initial
from goodword.promises.models import Outcome, Promise
from goodword.promises.moments import Group
from goodword.staff.looking import looked
from goodword.staff.models import Team
from goodword.ui.times import say_moment

from ..pages import AgentRequest, Refused, agent_page, go_back, page

REPLIES = 10
SHOWS_IT = (Message.Kind.REPLY, Message.Kind.CALL)
SETTLED = {"kept": Promise.State.KEPT, "broken": Promise.State.BROKEN, "withdrawn": Promise.State.WITHDRAWN}


@require_GET
@agent_page
def promises(request: AgentRequest) -> HttpResponseBase:
    """The due list in its parts: one's own and one's teams', or with `?whose=all` everybody's."""
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
    seen = access.visible(request.user).select_related("customer", "owner", "made_by", "place", "team")
    found = seen.get(pk=pk)
    draft = own_up.draft_for(found)
    outcomes = [
        (outcome, registry.link_of(outcome.evidence_kind, outcome.evidence_id, request.user))
        for outcome in found.outcomes.select_related("by").order_by("-id")
    ]
    place = getattr(found, "place", None)
    untold = next((one for one, _link in outcomes if one.kind == Outcome.Kind.RENEGOTIATED), None)
    context = {
        "promise": found,
        "draft": draft,
        "outcomes": outcomes,
        "untold": untold if untold and untold.told_at is None and found.is_open else None,
        "made_from": registry.link_of(found.made_from, found.made_from_id, request.user),
        "place": place,
        "outcome_form": KeptForm(auto_id="id_outcome_%s", replies=_replies(found)),
        "renegotiate_form": RenegotiateForm(initial=_new_time(found, draft), auto_id="id_new_%s"),
        "agents": at_work(),
        "teams": Team.objects.order_by("name"),
    }
    made = page(request, "desk/promise.html", context, section="promises")
    conversation_id = place.conversation_id if place else None
    looked(request.user, customer_id=found.customer_id, conversation_id=conversation_id)
    return made


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
    found = access.get_promise(request.user, pk)
    given = KeptForm(request.POST, replies=_replies(found))
    _valid(given)
    more = {"evidence": given.shown_by()} if verb == "keep" else {}
    act(promise=found, agent=request.user, note=given.cleaned_data["note"], **more)
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
        told_at=timezone.now() if form.cleaned_data["told"] else None,
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


def _replies(promise: Promise) -> list[tuple[int, str]]:
    """The newest replies where it was promised, any of which may have kept it."""
    place = getattr(promise, "place", None)
    if place is None:
        return []
    said = Message.objects.filter(
        conversation=place.conversation_id, kind__in=SHOWS_IT, at__gte=promise.made_at
    )
    return [
        (pk, f"{say_moment(at)}: {Truncator(text).chars(60)}")
        for pk, at, text in said.order_by("-id").values_list("pk", "at", "text")[:REPLIES]
    ]


def _new_time(promise: Promise, draft: own_up.OwnUp | None) -> dict[str, object]:
    """What the form offers: the time that would hold, where the present one will not."""
    offered = due_initial(promise)
    if draft is not None:
        company = moments.company_zone()
        offered = {"due_day": draft.due_at.astimezone(company).date(), "due_time": None}
    return {**offered, "told": draft is not None}


def _valid(form: Form) -> Form:
    """The form itself; raises Refused with all that is wrong with it."""
    if not form.is_valid():
        raise Refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
    return form
