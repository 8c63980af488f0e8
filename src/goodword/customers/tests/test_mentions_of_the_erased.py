"""Where the log names somebody who is erased, though it tells of others."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goodword.customers import actions, erasing, mentions
from goodword.events.actions import record
from goodword.events.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora(db):
    """The one who is erased."""
    return actions.customer_of(address="nora@example.org", name="Nora")


def test_the_log_is_read_once_and_a_stretch_at_a_time(nora, customer, administrator, monkeypatch):
    told = ["Nora@Example.org", "eleonora@example.org", "carla@example.org"] * 3
    events = [
        record("customer.noted", customer_id=customer.pk, data={"details": {"to": [f"{address}, hm"]}})
        for address in told
    ]
    own = Event.objects.filter(customer_id=nora.pk).count()
    erasure = actions.erase(customer=nora, by=administrator, number=str(nora.pk))
    monkeypatch.setattr(mentions, "STRETCH", 4)
    with CaptureQueriesContext(connection) as seen:
        actions.finish(erasure)
    reads = [one["sql"] for one in seen if "::text" in one["sql"] and "nora@example.org" in one["sql"]]
    spans = [sql for sql in reads if '"events_event"."id" >' in sql]
    assert len(spans) == len(set(spans)) == Event.objects.exclude(kind="customer.erased").count() // 4 + 1
    for event, address in zip(events, told, strict=True):
        event.refresh_from_db()
        bare = "…" if address.startswith("Nora") else address
        assert event.data == {"details": {"to": [f"{bare}, hm"]}}
    erasure.refresh_from_db()
    assert (erasure.known, erasure.counts["events.event"]) == ({}, own + 3)


def test_what_was_written_after_the_erasure_began_is_not_theirs(nora, customer, administrator):
    erasure = actions.erase(customer=nora, by=administrator, number=str(nora.pk))
    later = record("customer.noted", customer_id=customer.pk, data={"to": "nora@example.org"})
    assert erasing.carry_out(erasure.pk)
    later.refresh_from_db()
    assert later.data == {"to": "nora@example.org"}
