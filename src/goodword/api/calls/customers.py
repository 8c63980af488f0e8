"""Customers."""

from typing import Any

from django.db import transaction
from ninja import Router
from ninja.responses import Status

from goodword.api.access import Request, reads, writes
from goodword.api.fields import IdCursor, Limit, Name, PathId
from goodword.api.shapes.buying import CustomerIn
from goodword.api.shapes.people import (
    CustomerChange,
    CustomerDetail,
    CustomerPageOut,
    NewCustomer,
    customer_detail,
    customer_out,
)
from goodword.customers import access, actions, queries
from goodword.customers.models import Customer
from goodword.promises import queries as promises
from goodword.staff.looking import Thing

router = Router(tags=["customers"])


@router.get("/customers", response=CustomerPageOut, auth=reads)
def list_customers(
    request: Request, q: Name = "", cursor: IdCursor | None = None, limit: Limit = 25
) -> CustomerPageOut:
    """Customers, the newest first; with `q`, those whose name, address or phone number begins so."""
    caller = request.auth
    page = queries.page(caller.agent, q=q, cursor=cursor, limit=limit)
    items = [customer_out(row) for row in page.rows]
    caller.looked(*[Thing(customer_id=row.id) for row in items])
    return CustomerPageOut(items=items, next_cursor=page.next_cursor)


@router.get("/customers/{id}", response=CustomerDetail, auth=reads)
def get_customer(request: Request, id: PathId) -> CustomerDetail:
    """A customer with addresses, newest notes, and how the promises stand."""
    detail = _detail(access.get_customer(request.auth.agent, id))
    request.auth.looked(Thing(customer_id=id))
    return detail


@router.post("/customers", response={200: CustomerDetail, 201: CustomerDetail}, auth=writes)
def create_customer(request: Request, body: NewCustomer) -> Status[Any]:
    """Make a customer (201), or find the one who has this address already (200)."""
    caller = request.auth
    with transaction.atomic():
        known = Customer.objects.filter(addresses__address=body.email.lower()).exists()
        customer = actions.customer_of(address=body.email, name=body.name)
        if not known and body.organisation:
            actions.set_organisation(customer=customer, name=body.organisation, agent=caller.agent)
    return Status(200 if known else 201, _detail(access.get_customer(caller.agent, customer.pk)))


@router.put("/customers", response={200: CustomerDetail, 201: CustomerDetail}, auth=writes)
def put_customer(request: Request, body: CustomerIn) -> Status[Any]:
    """Make a customer (201), or change the one who is known by `external_id` or mail address (200)."""
    agent = request.auth.agent
    with transaction.atomic():
        put = actions.put_customer(source=body.source, who=body.who(), facts=body.facts(), agent=agent)
        found = access.get_customer(agent, put.row.pk)
    return Status(201 if put.outcome == "new" else 200, _detail(found))


@router.patch("/customers/{id}", response=CustomerDetail, auth=writes)
def change_customer(request: Request, id: PathId, body: CustomerChange) -> CustomerDetail:
    """Change what is said of a customer, add an address, a phone, a handle or a note; all or nothing."""
    agent = request.auth.agent
    customer = access.get_customer(agent, id)
    with transaction.atomic():
        if body.name is not None:
            actions.rename(customer=customer, name=body.name, agent=agent)
        if body.organisation is not None:
            actions.set_organisation(customer=customer, name=body.organisation, agent=agent)
        details = body.details()
        if details:
            customer = actions.describe(customer=customer, agent=agent, **details)
        if body.fields:
            actions.set_values(of=customer, values=body.fields, agent=agent)
        if body.add_phone is not None:
            actions.add_phone(customer=customer, number=body.add_phone, agent=agent)
        if body.add_handle is not None:
            network, handle = body.add_handle.network, body.add_handle.handle
            actions.add_handle(customer=customer, network=network, handle=handle, agent=agent)
        if body.add_address is not None:
            actions.add_address(customer=customer, address=body.add_address, agent=agent)
        if body.add_note is not None:
            actions.add_note(customer=customer, author=request.auth.somebody(), body=body.add_note)
    return _detail(access.get_customer(agent, id))


def _detail(customer: Customer) -> CustomerDetail:
    return customer_detail(
        queries.profile(customer), promises.counts(customer), own_values=queries.own_values(customer)
    )
