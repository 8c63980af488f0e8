"""What the customers of the sample bought: what their letters tell of, earlier things, and what runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from goodword.customers.models import Customer, Purchase, Subscription

from . import knowing, script
from .cast import Writer
from .desk import Filed
from .house import House
from .ledger import Happening, Ledger
from .script import Product

TABLES = (Purchase, Subscription)
MONTH, YEAR = 30.44, 365.25
State = Subscription.State


@dataclass(frozen=True, slots=True)
class _Order:
    number: str
    product: Product
    at: datetime
    delivered_at: datetime | None


def happen(filed: list[Filed], house: House, ledger: Ledger, *, now: datetime) -> None:
    """Note down what everybody bought."""
    for one in filed:
        order = _told(one, now)
        if order:
            _bought(order, one.place.customer, ledger)
    for writer in {one.case.writer.number: one.case.writer for one in filed}.values():
        chance = Random(writer.number * 10 + 3)  # noqa: S311 nothing secret is drawn
        customer = house.customers[writer.number]
        for order in _earlier(writer, chance, now):
            _bought(order, customer, ledger)
        _subscribed(writer, customer, chance, ledger, now)


def _told(filed: Filed, now: datetime) -> _Order | None:
    """The order that a conversation is about; None where nobody names one."""
    story, slots = filed.case.story, filed.case.story.slots
    texts = [story.subject, *(said.text for said in story.said)]
    product = next((one for one in script.products() if one.name == slots["product"]), None)
    if product is None or not any(slots["order"] in text for text in texts):
        return None
    day = date.fromisoformat(slots["ordered_on"])
    if any(f"{slots['n']} {word}" in text for word in _facts()["months"]["words"] for text in texts):
        day -= timedelta(days=round(int(slots["n"]) * MONTH))
    at = max(_noon(day, now), filed.case.writer.since)
    came = at + timedelta(days=3)
    is_here = story.scenario.team != "orders" and came < story.said[0].at
    return _Order(slots["order"], product, at, came if is_here else None)


def _earlier(writer: Writer, chance: Random, now: datetime) -> Iterator[_Order]:
    """Things bought before; of some the warranty ends soon, of others it has ended."""
    fewest, most = _facts()["shop"]["earlier"][knowing.tier_of(writer) or "none"]
    for _ in range(chance.randint(fewest, most)):
        product = chance.choice(script.products())
        at = writer.since + (now - timedelta(days=40) - writer.since) * chance.random()
        yield _Order(f"HH-{chance.randint(10_000, 99_999)}", product, at, at + timedelta(days=3))


def _bought(order: _Order, customer: Customer, ledger: Ledger) -> None:
    facts, number = _facts(), f"{order.number}-{order.product.name}"
    years = facts["warranty"].get(order.product.kind)
    row = ledger.add(
        Purchase(
            customer=customer,
            source=facts["shop"]["source"],
            external_id=f"{number}-{order.at:%y%m%d}",
            order_number=order.number,
            product=order.product.name,
            amount=Decimal(order.product.price),
            currency=facts["shop"]["currency"],
            bought_at=order.at,
            delivered_at=order.delivered_at,
            warranty_until=(order.at + timedelta(days=years * YEAR)).date() if years else None,
        )
    )
    day = order.at.date().isoformat()
    told = {"number": row, "name": row.product, "source": row.source, "order": row.order_number, "day": day}
    _tell(ledger, "customer.purchase_added", customer, order.at, told)


def _subscribed(writer: Writer, customer: Customer, chance: Random, ledger: Ledger, now: datetime) -> None:
    facts = _facts()
    eager = facts["shop"]["eager"][knowing.tier_of(writer) or "none"]
    for number, entry in enumerate(facts["subscription"]):
        if chance.random() >= entry["share"] * eager:
            continue
        (state,) = chance.choices(facts["states"]["kinds"], weights=facts["states"]["weights"])
        row = Subscription(
            customer=customer,
            source=facts["shop"]["source"],
            external_id=f"S-{writer.number}-{number}",
            plan=entry["plan"],
            state=state,
            amount=Decimal(entry["amount"]),
            currency=facts["shop"]["currency"],
        )
        _time(row, entry["months"] * MONTH, writer.since, chance, now)
        told = {"number": ledger.add(row), "name": row.plan, "source": row.source, "state": State.ACTIVE}
        assert row.started_on is not None  # set above
        _tell(ledger, "customer.subscription_added", customer, _noon(row.started_on, now), told)


def _time(row: Subscription, every: float, since: datetime, chance: Random, now: datetime) -> None:
    """When it began, and when it is renewed or ended, as befits its state."""
    today, age = now.date(), (now - since).days
    begun = 9 if row.state == State.TRIAL else chance.randint(min(60, age), min(age, 900))
    row.started_on = today - timedelta(days=begun)
    rest = every - begun % every
    if row.state in {State.ACTIVE, State.TRIAL}:
        row.renews_on = today + timedelta(days=round(rest) if row.state == State.ACTIVE else 21)
    elif row.state == State.UNPAID:
        row.renews_on = today - timedelta(days=6)
    elif row.state == State.ENDED:
        row.ended_on = today - timedelta(days=chance.randint(3, max(4, begun // 2)))


def _tell(ledger: Ledger, kind: str, customer: Customer, at: datetime, told: dict[str, Any]) -> None:
    ledger.tell(Happening(at, kind, customer=customer, facts={"details": told}))


def _noon(day: date, now: datetime) -> datetime:
    return min(now, datetime.combine(day, time(12), tzinfo=now.tzinfo))


def _facts() -> dict[str, Any]:
    return script.table("customers")
