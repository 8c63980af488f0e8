"""Gestures of goodwill made in a conversation: given out of its team's budget, told in a note, and a
voucher's code put into the reply if wanted.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from goodword.goodwill import actions as goodwill
from goodword.goodwill import codes
from goodword.goodwill.models import ApprovalRequest, Gesture, Voucher
from goodword.goodwill.models.kinds import GestureKind
from goodword.staff.models import Agent
from goodword.ui.money import say_money

from .. import access
from ..markdown import as_html, as_text
from ..models import Conversation, Draft, Message
from .adding import add_message, tell
from .drafting import save_draft
from .states import working


@dataclass(frozen=True)
class Wish:
    """What an agent wants to give in a conversation; see `goodwill.actions.NewGesture`."""

    kind: str
    amount: Decimal
    reason: str
    percent: int | None = None
    valid_days: int | None = None


@transaction.atomic
def make_gesture(
    *, conversation: Conversation, agent: Agent, wish: Wish, into_reply: bool = False, key: str = ""
) -> Gesture:
    """Give it to the conversation's customer; with `into_reply` a voucher's code goes into the agent's reply.

    Raises goodwill's BeyondAuthority and GoodwillError. The same `key` gives and tells once.
    """
    goodwill.take_turns(agent, conversation.customer)
    place = working(agent, conversation.pk)
    before = Gesture.objects.filter(key=key).first() if key else None
    if before is not None:
        return before
    gesture = goodwill.give(agent=agent, gesture=_gesture(place, wish), key=key)
    _note(place, agent, _said(gesture))
    if into_reply and gesture.kind == GestureKind.VOUCHER:
        put_into_reply(conversation=place, agent=agent, voucher=gesture.voucher)
    return gesture


@transaction.atomic
def ask_for_gesture(*, conversation: Conversation, agent: Agent, wish: Wish) -> ApprovalRequest:
    """Ask those who may decide more; once they say yes it is given and told here. Raises GoodwillError."""
    goodwill.take_turns(agent, conversation.customer)
    place = working(agent, conversation.pk)
    return goodwill.ask(agent=agent, gesture=_gesture(place, wish))


@transaction.atomic
def put_into_reply(*, conversation: Conversation, agent: Agent, voucher: Voucher) -> Draft:
    """Add a sentence with the code to the end of what the agent writes, unless it has the code already."""
    written = Draft.objects.filter(conversation=conversation, agent=agent, kind=Draft.Kind.REPLY).first()
    code = codes.grouped(voucher.code)
    if written is not None and code in written.markdown:
        return written
    sentence = _offer(voucher, code)
    markdown = "\n\n".join(part for part in (written.markdown.rstrip() if written else "", sentence) if part)
    return save_draft(
        conversation=conversation,
        agent=agent,
        kind=Draft.Kind.REPLY,
        markdown=markdown,
        text=as_text(as_html(markdown)),
    )


def tell_of_decision(request: ApprovalRequest) -> None:
    """The conversation hears what became of a gesture that was asked for in it."""
    place = _hearing(request)
    if place is None:
        return
    place = access.locked(None, place.pk)
    if request.is_approved:
        _note(place, request.decided_by, _said(request.gesture, request))
    else:
        facts = {"amount": say_money(request.amount), "decision": request.decision}
        _note(place, request.decided_by, _("%(amount)s were not approved. %(decision)s") % facts)


def _gesture(place: Conversation, wish: Wish) -> goodwill.NewGesture:
    where = goodwill.Place(conversation_id=place.pk, mailbox_id=place.mailbox_id, team=place.team)
    return goodwill.NewGesture(
        kind=wish.kind,
        amount=wish.amount,
        customer=place.customer,
        reason=wish.reason,
        place=where,
        percent=wish.percent,
        valid_days=wish.valid_days,
    )


def _hearing(request: ApprovalRequest) -> Conversation | None:
    """Where a gesture was asked for, or where that went; None when it is another room's, or was deleted."""
    if not request.gesture_kind or request.conversation_id is None:
        return None
    place = Conversation.objects.filter(pk=request.conversation_id).first()
    return (access.merged_into(place) or place) if place else None


def _said(gesture: Gesture, request: ApprovalRequest | None = None) -> str:
    facts = {
        "kind": gesture.get_kind_display(),
        "amount": say_money(gesture.amount),
        "reason": gesture.reason,
    }
    lines = [_("**%(kind)s of %(amount)s** for the customer.") % facts, gesture.reason]
    if gesture.kind == GestureKind.VOUCHER:
        lines.append(_("The code is %(code)s.") % {"code": codes.grouped(gesture.voucher.code)})
    if request is not None:
        names = {"name": request.asked_by.name if request.asked_by else _("Somebody")}
        lines.append(_("%(name)s had asked for it.") % names)
        lines += [request.decision] if request.decision else []
    return "\n\n".join(lines)


def _offer(voucher: Voucher, code: str) -> str:
    """The sentence of a reply that gives the code."""
    day = timezone.localtime(voucher.expires_at, timezone.get_default_timezone())
    facts = {
        "code": code,
        "value": say_money(voucher.value),
        "percent": voucher.percent,
        "day": formats.date_format(day, "j F Y"),
    }
    if voucher.percent is not None:
        sentence = _(
            "Your voucher code is **%(code)s**. It takes %(percent)d %% off your next order, "
            "up to %(value)s, and is good until %(day)s."
        )
    else:
        sentence = _(
            "Your voucher code is **%(code)s**. It takes %(value)s off your next order "
            "and is good until %(day)s."
        )
    return sentence % facts


def _note(place: Conversation, agent: Agent | None, markdown: str) -> Message:
    """An internal note beside the agent's own, whose unfinished one stays untouched."""
    html = as_html(markdown)
    message = add_message(
        place,
        kind=Message.Kind.NOTE,
        at=timezone.now(),
        agent=agent,
        sender_name=agent.name if agent else "",
        text=as_text(html),
        html=html,
        markdown=markdown,
    )
    place.save()
    tell("note.added", place, agent=agent, message=message.pk)
    return message
