"""Writing a call down, in a conversation or from a customer's page."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goodword.coaching import actions as coaching
from goodword.customers import access as customers
from goodword.customers.models import Customer
from goodword.inbox import access, actions
from goodword.inbox.actions import NewCall
from goodword.inbox.errors import NotPossible
from goodword.inbox.models import Conversation, Message
from goodword.promises.actions import NewPromise, PromiseError
from goodword.promises.models import Promise
from goodword.staff.access import hidden_mailboxes

from ..forms.calls import CallForm, CallPromiseForm, FirstCallForm, promise_rows
from ..pages import AgentRequest, SeeOther, agent_page, page, part

Log = Callable[[NewCall, Sequence[NewPromise]], Message]
PHONE_LENGTH = 40


@require_http_methods(["GET", "POST"])
@agent_page
def call_in_conversation(request: AgentRequest, pk: int) -> HttpResponseBase:
    """A call about this matter."""
    place = access.get_conversation(request.user, pk)
    form = CallForm(request.POST or None, initial=_initial(request))

    def log(call: NewCall, promises: Sequence[NewPromise]) -> Message:
        return actions.log_call(conversation=place, agent=request.user, call=call, promises=promises)

    return _answer(request, form, log, customer=place.customer, conversation=place)


@require_http_methods(["GET", "POST"])
@agent_page
def call_of_customer(request: AgentRequest, pk: int) -> HttpResponseBase:
    """A call that begins a conversation."""
    customer = customers.get_customer(request.user, pk)
    form = FirstCallForm(
        request.POST or None, hidden=hidden_mailboxes(request.user), initial=_initial(request)
    )

    def log(call: NewCall, promises: Sequence[NewPromise]) -> Message:
        return actions.open_by_call(
            customer=customer,
            agent=request.user,
            subject=form.cleaned_data["subject"],
            mailbox=form.cleaned_data["mailbox"],
            call=call,
            promises=promises,
        )

    return _answer(request, form, log, customer=customer)


@require_POST
@agent_page
def call_promises(request: AgentRequest) -> HttpResponseBase:
    """What the coach takes for promises in the note as it stands, to be kept or not."""
    return part(
        request, "desk/call_promises.html", {"offers": _offers(request, request.POST.get("said", ""))}
    )


def _answer(
    request: AgentRequest,
    form: CallForm,
    log: Log,
    *,
    customer: Customer,
    conversation: Conversation | None = None,
) -> HttpResponseBase:
    rows = promise_rows(request.POST or None)
    if request.method == "POST" and form.is_valid() and _all_valid(rows):
        offers = _offers(request, form.cleaned_data["said"])
        if all(offer["seen"] for offer in offers):
            try:
                message = log(form.new_call(), _promises(rows, offers))
            except (NotPossible, PromiseError) as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("The call is written down."))
                return SeeOther(reverse("conversation", args=[message.conversation_id]) + f"#m{message.pk}")
    context = {
        "form": form,
        "rows": rows,
        "customer": customer,
        "conversation": conversation,
        "offers": _offers(request, request.POST.get("said", "")),
        "phones": _phones(customer),
    }
    status = 422 if form.errors or any(row.errors for row in rows) else 200
    return page(request, "desk/call.html", context, section="inbox", status=status)


def _all_valid(rows: Sequence[CallPromiseForm]) -> bool:
    """Whether every row is right; all are looked at, so that each says what is wrong with it."""
    checked = [row.is_valid() for row in rows]
    return all(checked)


def _initial(request: AgentRequest) -> dict[str, Any]:
    """A number that was clicked is filled in, and then it was we who called."""
    phone = request.GET.get("phone", "")[:PHONE_LENGTH]
    return {"phone": phone, "direction": "outgoing"} if phone else {}


def _phones(customer: Customer) -> list[str]:
    return [str(phone) for phone in customer.phones.order_by("id")]


def _offers(request: AgentRequest, said: str) -> list[dict[str, Any]]:
    """The promises found in the note. `seen`: it was offered before; `kept`: the agent ticked it."""
    if not said.strip():
        return []
    found = coaching.review_draft(draft=said, customer_message="", agent_name=request.user.name)
    seen, kept = request.POST.getlist("seen"), request.POST.getlist("keep")
    return [
        {
            "commitment": one,
            "quote": one["quote"],
            "action": one["action"],
            "due": one["due_text"] or one["due"] or "",
            "seen": one["quote"] in seen,
            "kept": one["quote"] in kept if one["quote"] in seen else one["firm"],
        }
        for one in found["commitments"]
    ]


def _promises(rows: Sequence[CallPromiseForm], offers: Sequence[dict[str, Any]]) -> list[NewPromise]:
    """What was typed, and what was ticked of the offers."""
    typed = [promise for row in rows if (promise := row.new_promise()) is not None]
    ticked = [
        NewPromise.from_commitment(offer["commitment"], source=Promise.Source.CALL)
        for offer in offers
        if offer["kept"]
    ]
    return typed + ticked
