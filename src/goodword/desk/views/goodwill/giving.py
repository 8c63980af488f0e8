"""'Make a gesture' in a conversation: in a dialog, or on a page of its own."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from goodword.goodwill import authority, queries
from goodword.goodwill.actions import BeyondAuthority
from goodword.goodwill.errors import GoodwillError
from goodword.goodwill.forms import AmountField, GestureForm
from goodword.goodwill.models.kinds import GestureKind
from goodword.inbox import access
from goodword.inbox.actions.giving import Wish, ask_for_gesture, make_gesture, put_into_reply
from goodword.inbox.models import Conversation
from goodword.ui.money import say_money

from ...pages import AgentRequest, SeeOther, agent_page, page, part


@require_GET
@agent_page
def gesture_form(request: AgentRequest, pk: int) -> HttpResponseBase:
    """The form, with what is left of limit and budget."""
    conversation = access.get_conversation(request.user, pk)
    return _shown(request, conversation, GestureForm(auto_id="id_gesture_%s"))


@require_GET
@agent_page
def gesture_verdict(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Whether the amount typed may be given, or has to be asked for: the foot of the form."""
    conversation = access.get_conversation(request.user, pk)
    try:
        amount = AmountField(required=False).clean(request.GET.get("amount", ""))
    except ValidationError:
        amount = None
    return part(request, "desk/goodwill/gesture_foot.html", _verdict(request, conversation, amount))


@require_POST
@agent_page
def make(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Give it, or ask for approval (`verb=ask`)."""
    conversation = access.get_conversation(request.user, pk)
    form = GestureForm(request.POST, auto_id="id_gesture_%s")
    if form.is_valid():
        try:
            messages.success(request, _done(request, conversation, form.cleaned_data))
        except BeyondAuthority as error:
            form.add_error(None, _beyond(error))
        except GoodwillError as error:
            form.add_error(None, str(error))
        else:
            return _back(request, pk, form.cleaned_data)
    return _shown(request, conversation, form)


@require_POST
@agent_page
def voucher_into_reply(request: AgentRequest, pk: int, gesture: int) -> HttpResponseBase:
    """Put the code of a voucher given here into the agent's reply."""
    conversation = access.get_conversation(request.user, pk)
    found = next((row for row in queries.given_in(request.user, pk) if row.pk == gesture), None)
    voucher = getattr(found, "voucher", None)
    if voucher is None:
        raise Conversation.DoesNotExist
    put_into_reply(conversation=conversation, agent=request.user, voucher=voucher)
    messages.success(request, _("The code stands in your reply."))
    return SeeOther(reverse("conversation", args=[pk]))


def _done(request: AgentRequest, conversation: Conversation, given: dict[str, Any]) -> str:
    wish = Wish(given["kind"], given["amount"], given["reason"], given["percent"], given["valid_days"])
    if request.POST.get("verb") == "ask":
        asked = ask_for_gesture(conversation=conversation, agent=request.user, wish=wish)
        level = asked.level.name if asked.level else ""
        return _("Asked. Somebody with the level %(level)s answers, and you hear of it.") % {"level": level}
    gesture = make_gesture(
        conversation=conversation,
        agent=request.user,
        wish=wish,
        into_reply=given["into_reply"],
        key=given["key"],
    )
    return _("%(amount)s given. It stands in the ledger.") % {"amount": say_money(gesture.amount)}


def _beyond(error: BeyondAuthority) -> str:
    if error.verdict.level is None:
        return str(error)
    facts = {"reason": str(error), "level": error.verdict.level.name}
    return _("%(reason)s Ask for approval: the level %(level)s may decide it.") % facts


def _shown(request: AgentRequest, conversation: Conversation, form: GestureForm) -> HttpResponse:
    amount = form.cleaned_data.get("amount") if form.is_bound and hasattr(form, "cleaned_data") else None
    context = _verdict(request, conversation, amount) | {
        "form": form,
        "given": queries.given_in(request.user, conversation.pk),
        "open_requests": queries.open_in(conversation.pk),
        "list_query": request.GET.urlencode() if request.method == "GET" else request.POST.get("list", ""),
    }
    if not request.htmx:
        status = 422 if form.errors else 200
        return page(request, "desk/goodwill/gesture_page.html", context, section="inbox", status=status)
    answer = part(request, "desk/goodwill/gesture_form.html", context)
    # A form with mistakes stays in its dialog, wherever a good one would have gone.
    return reswap(retarget(answer, "#more-body"), "innerHTML") if form.errors else answer


def _verdict(request: AgentRequest, conversation: Conversation, amount: Decimal | None) -> dict[str, Any]:
    agent, customer, team = request.user, conversation.customer, conversation.team
    bounds = authority.bounds_of(agent=agent, customer=customer, team=team)
    verdict = None
    if amount is not None:
        verdict = authority.check(agent=agent, amount=amount, customer=customer, team=team)
    return {
        "conversation": conversation,
        "left": authority.left_sentence(bounds),
        "verdict": verdict,
        "must_ask": verdict is not None and not verdict.allowed,
    }


def _back(request: AgentRequest, pk: int, given: dict[str, Any]) -> HttpResponseBase:
    """To the conversation. A part of a page leaves the reply as it stands: a code in it needs the whole."""
    query = request.POST.get("list", "")
    where = reverse("conversation", args=[pk]) + (f"?{query}" if query else "")
    with_code = given["kind"] == GestureKind.VOUCHER and given["into_reply"]
    return HttpResponseClientRedirect(where) if request.htmx and with_code else SeeOther(where)
