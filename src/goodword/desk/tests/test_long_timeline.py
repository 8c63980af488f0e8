"""The timeline of a customer with 10,000 entries is read a stretch at a time, by the index."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from goodword.customers.models import Customer
from goodword.events.models import Event

ENTRIES = 10_000


@pytest.fixture
def long_known(customer: Customer) -> Customer:
    """A customer of 10,000 entries, among as many of others."""
    rows = (
        Event(kind="customer.note_added", customer_id=customer.pk + number % 2, data={"details": {"note": 1}})
        for number in range(2 * ENTRIES)
    )
    Event.objects.bulk_create(rows, batch_size=5_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE events_event")
    return customer


def plans(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", []):
        yield from plans(below)


def read_of_the_log(browser: Client, address: str) -> list[dict[str, Any]]:
    """The plans by which a page reads the entries of one customer."""
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    ours = [
        one["sql"] for one in asked if re.search(r'FROM "?events_event.*customer_id', one["sql"], re.DOTALL)
    ]
    assert ours
    found = []
    with connection.cursor() as cursor:
        for sql in ours:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
            (plan,) = cursor.fetchone()
            tree = json.loads(plan) if isinstance(plan, str) else plan
            found += [one for one in plans(tree[0]["Plan"]) if one.get("Relation Name") == "events_event"]
    return found


def test_a_stretch_reads_no_more_than_it_shows(browser: Client, long_known: Customer) -> None:
    newest = Event.objects.order_by("-id").values_list("id", flat=True)[0]
    for asked in ("", f"?before={newest - ENTRIES}", "?show=purchases"):
        for scan in read_of_the_log(browser, f"/customers/{long_known.pk}/timeline/{asked}"):
            assert scan["Node Type"].startswith("Index"), scan
            if "show" not in asked:
                assert scan["Actual Rows"] < 200, scan
