"""What other systems say of customers and what they bought: the same again is harmless."""

from typing import Any

from django.db import transaction
from ninja import Router
from ninja.responses import Status

from goodword.api.access import Caller, Request, reads, writes
from goodword.api.fields import PathId
from goodword.api.shapes.buying import (
    BoughtOut,
    ConsentIn,
    ConsentOut,
    PurchaseIn,
    PurchaseOut,
    SubscriptionIn,
    SubscriptionOut,
    purchase_out,
    subscription_out,
)
from goodword.customers import access, actions, queries
from goodword.customers.actions import Put
from goodword.customers.models import Customer
from goodword.staff.looking import Thing

router = Router(tags=["customers"])


@router.put("/purchases", response={200: PurchaseOut, 201: PurchaseOut}, auth=writes)
def put_purchase(request: Request, body: PurchaseIn) -> Status[Any]:
    """Write down a purchase (201), or change the one of this source and `external_id` (200)."""
    with transaction.atomic():
        put = actions.put_purchase(
            source=body.source, who=body.customer.who(), facts=body.facts(), agent=request.auth.agent
        )
        _seen(request.auth, put)
    return Status(201 if put.outcome == "new" else 200, purchase_out(put.row))


@router.put("/subscriptions", response={200: SubscriptionOut, 201: SubscriptionOut}, auth=writes)
def put_subscription(request: Request, body: SubscriptionIn) -> Status[Any]:
    """Write down a subscription (201), or change the one of this source and `external_id` (200)."""
    with transaction.atomic():
        put = actions.put_subscription(
            source=body.source, who=body.customer.who(), facts=body.facts(), agent=request.auth.agent
        )
        _seen(request.auth, put)
    return Status(201 if put.outcome == "new" else 200, subscription_out(put.row))


@router.get("/customers/{id}/purchases", response=BoughtOut, auth=reads)
def list_purchases(request: Request, id: PathId) -> BoughtOut:
    """What a customer bought and subscribed to."""
    customer = access.get_customer(request.auth.agent, id)
    bought = BoughtOut(
        purchases=[purchase_out(row) for row in queries.purchases(customer)],
        subscriptions=[subscription_out(row) for row in queries.subscriptions(customer)],
    )
    request.auth.looked(Thing(customer_id=id))
    return bought


@router.get("/customers/{id}/consents", response=list[ConsentOut], auth=reads)
def list_consents(request: Request, id: PathId) -> list[ConsentOut]:
    """How a customer stands to each purpose."""
    said = _consents(access.get_customer(request.auth.agent, id))
    request.auth.looked(Thing(customer_id=id))
    return said


@router.post("/customers/{id}/consents", response={201: list[ConsentOut]}, auth=writes)
def add_consent(request: Request, id: PathId, body: ConsentIn) -> Status[Any]:
    """Write down that the customer said yes or no; earlier words stay, the newest counts."""
    customer = access.get_customer(request.auth.agent, id)
    actions.consent(customer=customer, agent=request.auth.agent, **body.model_dump())
    return Status(201, _consents(customer))


def _consents(customer: Customer) -> list[ConsentOut]:
    return [
        ConsentOut(
            purpose=one.purpose.key,
            given=one.given,
            allowed=one.allowed,
            at=one.newest.at if one.newest else None,
            how=one.newest.how if one.newest else "",
        )
        for one in queries.consents(customer)
    ]


def _seen(caller: Caller, put: Put) -> None:
    """Whoever may not see the customer may not write about them either."""
    access.get_customer(caller.agent, put.row.customer_id)
