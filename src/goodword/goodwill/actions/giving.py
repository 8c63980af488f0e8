"""Giving something to a customer, within limits and budgets, and taking it back.

Gestures never pass a limit or a budget, however many are given at once: each first takes its turn at the
one whose limits it counts in and at the customer (advisory locks), then locks the rows of the budgets, and
only then adds up what was given. What it adds up is committed, and nobody can add to it meanwhile.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.customers.holding import stay
from goodword.customers.models import Customer
from goodword.customers.queries import kept_instead
from goodword.staff.models import Agent, Team
from goodword.ui.money import say_money

from .. import authority, codes, registry
from ..errors import GoodwillError
from ..models import ApprovalRequest, Gesture, Voucher
from ..models.kinds import GestureKind
from ..months import month_of
from .recording import gesture_event

REASON_LENGTH = 2_000
CENT = Decimal("0.01")
MOST = Decimal("9999999999.99")
VALID_DAYS = 365
LONGEST_VALID = 3_650


class BeyondAuthority(GoodwillError):
    """The agent may not give this on their own; `verdict.level` says who may."""

    def __init__(self, verdict: authority.Verdict) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


@dataclass(frozen=True)
class Place:
    """Where something is given: plain numbers of rooms above, and whose budget it is."""

    conversation_id: int | None = None
    mailbox_id: int | None = None
    complaint_id: int | None = None
    team: Team | None = None


@dataclass(frozen=True)
class NewGesture:
    """Something about to be given. Of a voucher: `percent` takes off a share, up to `amount`."""

    kind: str
    amount: Decimal
    customer: Customer
    reason: str
    place: Place = field(default_factory=Place)
    percent: int | None = None
    valid_days: int | None = None


@transaction.atomic
def give(
    *,
    agent: Agent,
    gesture: NewGesture,
    request: ApprovalRequest | None = None,
    offered: bool = False,
    key: str = "",
    at: datetime | None = None,
) -> Gesture:
    """Write a gesture into the ledger; a voucher gets its code (`gesture.voucher`).

    Raises BeyondAuthority when the agent's limits or a budget do not allow it, GoodwillError for what can
    be no gesture. A `request` that was approved stands in for the agent's limits, once, and up to its amount;
    the budgets hold for it all the same, as for what was `offered` within the agent's limits before. The
    same `key` gives once: a second time gives back the first. Who was joined into another meanwhile gets it
    as that one.
    """
    amount, reason = checked_amount(gesture.amount), checked_reason(gesture.reason)
    checked_voucher(gesture)
    decider = agent if request is None else _approver(request, amount)
    team = gesture.place.team or authority.team_of(agent)
    take_turns(decider, gesture.customer)
    given = _given_before(key, request)
    if given is not None:
        return given
    customer = here(gesture.customer)
    _require(decider, amount, customer, team=team, at=at, approved=offered or request is not None)
    made = Gesture.objects.create(
        kind=gesture.kind,
        amount=amount,
        reason=reason,
        customer=customer,
        agent=agent,
        decided_by=decider,
        team=team,
        month=month_of(at),
        at=at or timezone.now(),
        conversation_id=gesture.place.conversation_id,
        mailbox_id=gesture.place.mailbox_id,
        complaint_id=gesture.place.complaint_id,
        request=request,
        key=key,
    )
    if gesture.kind == GestureKind.VOUCHER:
        _issue(made, gesture.percent, gesture.valid_days or VALID_DAYS)
    gesture_event("goodwill.given", made, agent)
    return made


@transaction.atomic
def reverse(*, gesture: Gesture, by: Agent | None, reason: str, failed: bool = False) -> Gesture:
    """It was not given after all: a row that takes it back, in the same month. A voucher dies with it.

    Whoever gave it may, and leads, and the house itself (`by` None), and anybody of whom a room above
    knows that it `failed`; a redeemed voucher's cannot be. Reversing again gives back the reversal.
    """
    reason = checked_reason(reason)
    take_turns(None, gesture.customer)
    locked = Gesture.objects.select_for_update(no_key=True).get(pk=gesture.pk)
    done = Gesture.objects.filter(reverses=locked).first()
    if done is not None:
        return done
    _require_reversible(locked, None if failed else by)
    back = Gesture.objects.create(
        kind=locked.kind,
        amount=-locked.amount,
        reason=reason,
        customer=locked.customer,
        agent=by,
        decided_by=locked.decided_by,
        team=locked.team,
        month=locked.month,
        conversation_id=locked.conversation_id,
        mailbox_id=locked.mailbox_id,
        complaint_id=locked.complaint_id,
        reverses=locked,
    )
    gesture_event("goodwill.reversed", back, by, gave=locked.pk)
    for tell in registry.taken_back:
        tell(back)
    return back


def checked_amount(amount: Decimal) -> Decimal:
    """The amount in whole cents; raises GoodwillError unless it gives something."""
    if not amount.is_finite() or not CENT <= amount <= MOST or amount != amount.quantize(CENT):
        sentence = _("%(amount)s cannot be given. Write an amount such as 12.50.")
        raise GoodwillError(sentence % {"amount": amount})
    return amount.quantize(CENT)


def checked_reason(reason: str) -> str:
    """The reason; raises GoodwillError when there is none."""
    tidy = reason.replace("\x00", "").strip()[:REASON_LENGTH]
    if not tidy:
        raise GoodwillError(_("The reason is empty. Say in a few words why."))
    return tidy


def checked_voucher(gesture: NewGesture) -> None:
    """Raises GoodwillError for a kind, share or time that cannot be."""
    if gesture.kind not in GestureKind.values:
        sentence = _("'%(kind)s' is no kind of gesture. Choose one of: %(kinds)s.")
        raise GoodwillError(sentence % {"kind": gesture.kind, "kinds": ", ".join(GestureKind.values)})
    if gesture.percent is not None and not 1 <= gesture.percent <= 100:
        raise GoodwillError(_("A voucher takes off 1 to 100 percent, not %d.") % gesture.percent)
    if gesture.valid_days is not None and not 1 <= gesture.valid_days <= LONGEST_VALID:
        sentence = _("A voucher is good for 1 to %(most)d days, not %(days)d.")
        raise GoodwillError(sentence % {"most": LONGEST_VALID, "days": gesture.valid_days})


def take_turns(decider: Agent | None, customer: Customer | None) -> None:
    """Wait until nobody else gives in the limits of this agent or to this customer; until the commit.

    Turns at several customers are taken by their numbers, as a joining and its undoing take them: whom the
    customer was joined into is looked up before, and once more when we have them.
    Rooms above that lock records of their own around a verb of this room take their turn before they do,
    so that nobody waits in a circle.
    """
    if decider is not None:
        _take_turn("goodwill agent", decider.pk)
    line = _line(customer.pk) if customer is not None else []
    while line:
        point = transaction.savepoint()
        take_turns_at(line)
        # A joining takes these turns, too: while we have them nobody of the line is joined or parted.
        before, line = line, _line(line[0])
        if line == before:
            transaction.savepoint_commit(point)
            return
        # Going back lets go of the turns, so that those of the new line are taken in order.
        transaction.savepoint_rollback(point)


def _line(number: int) -> list[int]:
    """The number, and those of the customers into whom this one was joined, one after the other."""
    line = [number]
    while not Customer.objects.filter(pk=line[-1]).exists():
        kept = kept_instead(line[-1])
        if kept is None:
            break
        line.append(kept)
    return line


def here(customer: Customer) -> Customer:
    """The customer, or whom they were joined into; they stay until the commit.

    Raises GoodwillError when they are gone.
    """
    try:
        return stay(customer)
    except Customer.DoesNotExist as error:
        raise GoodwillError(_("The customer is gone, so there is nobody to give it to.")) from error


def take_turns_at(customers: Collection[int]) -> None:
    """`take_turns` at several customers, by their numbers."""
    for number in sorted(customers):
        _take_turn("goodwill customer", number)


def _take_turn(kind: str, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s::text))", [kind, number])


def _approver(request: ApprovalRequest, amount: Decimal) -> Agent:
    request.refresh_from_db()
    if not request.is_approved or request.decided_by is None:
        raise GoodwillError(_("Nobody has approved this yet. Wait for the answer, or give less."))
    if amount > request.amount:
        sentence = _("%(approved)s were approved, and this is %(amount)s. Ask again for the rest.")
        facts = {"approved": say_money(request.amount), "amount": say_money(amount)}
        raise GoodwillError(sentence % facts)
    return request.decided_by


def _given_before(key: str, request: ApprovalRequest | None) -> Gesture | None:
    if key and (given := Gesture.objects.filter(key=key).first()):
        return given
    return Gesture.objects.filter(request=request).first() if request else None


def _require(
    decider: Agent,
    amount: Decimal,
    customer: Customer,
    *,
    team: Team | None,
    at: datetime | None,
    approved: bool,
) -> None:
    authority.budgets(team, month_of(at), locked=True)
    if approved:
        over = authority.over_budget(amount, team, month_of(at))
        verdict = authority.Verdict(not over, over)
    else:
        verdict = authority.check(agent=decider, amount=amount, customer=customer, at=at, team=team)
    if not verdict.allowed:
        raise BeyondAuthority(verdict)


def _require_reversible(gesture: Gesture, by: Agent | None) -> None:
    if gesture.reverses_id is not None:
        raise GoodwillError(_("This row takes a gesture back already. Give a new one instead."))
    if by is not None and gesture.agent_id != by.pk and not by.is_lead:
        raise GoodwillError(_("Only who gave it or a lead may take it back. Ask one of them."))
    voucher = Voucher.objects.select_for_update(no_key=True).filter(gesture=gesture).first()
    if voucher is not None and voucher.state == Voucher.State.REDEEMED:
        sentence = _("The voucher %(code)s is redeemed already, so the gesture stays.")
        raise GoodwillError(sentence % {"code": codes.grouped(voucher.code)})


def _issue(gesture: Gesture, percent: int | None, valid_days: int) -> Voucher:
    last_day = timezone.localtime(gesture.at, timezone.get_default_timezone()) + timedelta(days=valid_days)
    code = codes.new_code()
    while Voucher.objects.filter(code=code).exists():
        code = codes.new_code()
    return Voucher.objects.create(
        code=code,
        gesture=gesture,
        customer=gesture.customer,
        value=gesture.amount,
        percent=percent if percent and percent < 100 else None,
        issued_at=gesture.at,
        expires_at=last_day.replace(hour=23, minute=59, second=59, microsecond=0),
    )
