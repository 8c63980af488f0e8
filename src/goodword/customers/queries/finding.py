"""What pages and the API ask about customers, each in a fixed number of queries."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import QuerySet

from goodword.staff.models import Agent

from .. import access, phones
from ..models import Customer, CustomerAddress, CustomerNote, CustomerPhone

LARGEST_ID = 2**63 - 1
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Profile:
    """A customer with what the team keeps about them; the newest note first."""

    customer: Customer
    addresses: tuple[str, ...]
    notes: tuple[CustomerNote, ...]


@dataclass(frozen=True)
class CustomerPage:
    """A stretch of customers, the newest first; `next_cursor` is None at the end."""

    rows: Sequence[Customer]
    next_cursor: str | None


def profile(customer: Customer, *, notes: int = 50) -> Profile:
    """The customer's addresses and newest notes, in two queries."""
    addresses = customer.addresses.order_by("id").values_list("address", flat=True)
    newest = CustomerNote.objects.filter(customer=customer).select_related("author").order_by("-id")
    return Profile(customer, tuple(addresses), tuple(newest[:notes]))


def search(q: str, *, agent: Agent | None, limit: int = 20) -> list[Customer]:
    """Customers whose name has words that begin so, or with an address or phone number that begins so."""
    return _matching(access.visible(agent), q, limit)


def page(agent: Agent | None, *, q: str = "", cursor: str | None = None, limit: int = 25) -> CustomerPage:
    """One page of the customers `agent` may see. A cursor that is none of ours begins at the top."""
    rows = access.visible(agent)
    before = _position(cursor)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = _matching(rows, q, limit + 1) if q.strip() else list(_newest(rows, limit + 1))
    return CustomerPage(found[:limit], str(found[limit - 1].pk) if len(found) > limit else None)


def _newest(rows: QuerySet[Customer], limit: int) -> QuerySet[Customer]:
    return rows.select_related("organisation").prefetch_related("addresses").order_by("-id")[:limit]


def _matching(rows: QuerySet[Customer], q: str, limit: int) -> list[Customer]:
    """The newest matches, by name, address and phone apart: each stays fast however common the words are."""
    q = q.replace("\x00", "").strip().lower()[:320]
    if not q:
        return []
    addresses = CustomerAddress.objects.filter(address__startswith=q)
    found = list(_newest(rows.filter(id__in=addresses.values("customer_id")), limit))
    number = phones.beginning_of(q)
    if number:
        dialled = CustomerPhone.objects.filter(number__startswith=number)
        found += _newest(rows.filter(id__in=dialled.values("customer_id")), limit)
    words = _WORD.findall(q)[:8]
    if words:
        tsquery = SearchQuery(" & ".join(f"'{word}':*" for word in words), config="simple", search_type="raw")
        named = rows.annotate(words=SearchVector("name", config="simple")).filter(words=tsquery)
        found += _newest(named, limit)
    return sorted({customer.pk: customer for customer in found}.values(), key=lambda one: -one.pk)[:limit]


def _position(cursor: str | None) -> int | None:
    if not cursor or not cursor.isascii() or not cursor.isdigit() or len(cursor) > 19:
        return None
    return min(int(cursor), LARGEST_ID)
