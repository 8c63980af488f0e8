"""The live stream over a real server: what arrives, what comes back after a cut, and who gets nothing."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from goodword.events import queries, stream
from goodword.events.actions import record
from goodword.events.hub import WAITING_LIMIT, Client, as_change, hub
from goodword.events.models import Event
from goodword.events.position import Position
from goodword.events.viewers import Viewer
from goodword.mail.models import Mailbox
from goodword.staff.models import Agent, Team

Listen = Callable[..., Any]


def seen_by_all(position: Position, count: int) -> None:
    """Wait until so many events lie before the oldest transaction that is open anywhere in the cluster."""
    while len(queries.after(position)) < count:
        threading.Event().wait(0.02)


def test_what_happens_arrives_by_itself(listen: Listen, owner: Agent) -> None:
    page = listen(owner).ready()
    event = record("message.received", conversation_id=7, customer_id=3, data={"message": 5})
    heard = page.next()
    assert (heard.name, heard.id) == ("change", f"{event.transaction or heard.id.split('-')[0]}-{event.pk}")
    assert heard.data == {
        "id": event.pk,
        "kind": "message.received",
        "conversation": 7,
        "customer": 3,
        "agent": None,
        "data": {"message": 5},
    }


def test_nothing_is_missed_after_a_cut(listen: Listen, owner: Agent) -> None:
    page = listen(owner).ready()
    record("first")
    assert page.next().data["kind"] == "first"
    page.cut()
    record("second")
    record("third")
    again = listen(owner, last=page.last)
    assert [again.next().data["kind"] for _ in range(2)] == ["second", "third"]
    record("fourth")
    assert again.next().data["kind"] == "fourth"


def test_a_stream_cut_before_its_first_event_misses_nothing(listen: Listen, owner: Agent) -> None:
    page = listen(owner).ready()
    page.cut()
    record("while.away")
    assert listen(owner, last=page.last).next().data["kind"] == "while.away"


def test_a_page_hears_what_happened_since_it_was_drawn(listen: Listen, owner: Agent) -> None:
    drawn = queries.now()
    record("between")
    assert listen(owner, path=f"/live/?after={drawn}").next().data["kind"] == "between"


@pytest.mark.parametrize("last", ["nonsense", f"{2**62}-1"])
def test_a_position_that_cannot_be_followed_resets_the_page(listen: Listen, owner: Agent, last: str) -> None:
    page = listen(owner, last=last)
    assert page.next().name == "reset"
    record("afterwards")
    assert page.next().data["kind"] == "afterwards"


def test_too_long_an_absence_resets_the_page(
    listen: Listen, owner: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "FOLLOW_LIMIT", 3)
    left = queries.now()
    for number in range(4):
        record(f"number.{number}")
    seen_by_all(left, 4)
    assert listen(owner, last=str(left)).next().name == "reset"


def test_a_stranger_gets_nothing_of_a_closed_mailbox(
    listen: Listen, owner: Agent, stranger: Agent, team: Team, mailbox: Mailbox
) -> None:
    left = queries.now()
    before = listen(stranger, last=str(left))
    inside = listen(owner, last=str(left))
    record("message.received", mailbox_id=mailbox.pk)
    record("everybody.hears")
    assert [inside.next().data["kind"] for _ in range(2)] == ["message.received", "everybody.hears"]
    assert before.next().data["kind"] == "everybody.hears"
    later = listen(stranger, last=str(left))
    assert later.next().data["kind"] == "everybody.hears"


def test_what_is_meant_for_one_agent_reaches_no_other(listen: Listen, owner: Agent, team_mate: Agent) -> None:
    mine, theirs = listen(owner).ready(), listen(team_mate).ready()
    record("promise.due", data={"promise": 3}, only_for=[team_mate.pk])
    record("agent.mentioned", agent_id=owner.pk, data={"message": 4, "to": team_mate.pk})
    record("everybody.hears")
    assert mine.next().data["kind"] == "everybody.hears"
    heard = [theirs.next().data for _ in range(2)]
    assert [event["kind"] for event in heard] == ["promise.due", "agent.mentioned"]
    assert heard[0]["data"] == {"promise": 3}


def test_agents_do_not_hear_of_their_own_presence(listen: Listen, owner: Agent, team_mate: Agent) -> None:
    mine, theirs = listen(owner).ready(), listen(team_mate).ready()
    record("presence.changed", conversation_id=1, agent_id=owner.pk, data={"doing": "replying"})
    record("everybody.hears")
    assert mine.next().data["kind"] == "everybody.hears"
    assert theirs.next().data["kind"] == "presence.changed"


def test_long_texts_stay_in_the_house(listen: Listen, owner: Agent) -> None:
    page = listen(owner).ready()
    record("reply.failed", conversation_id=1, data={"error": "x" * 500, "parts": ["a"], "state": "failed"})
    assert page.next().data["data"] == {"state": "failed"}


def test_what_is_said_of_a_customer_alone_goes_without_words(listen: Listen, owner: Agent) -> None:
    page = listen(owner).ready()
    record("customer.renamed", customer_id=1, data={"before": "Carla", "note": 2})
    assert page.next().data["data"] == {"note": 2}


def test_nobody_without_a_session_gets_in(listen: Listen) -> None:
    assert listen(None).answer.status == 401


def test_an_agent_who_left_gets_nothing(listen: Listen, owner: Agent) -> None:
    page = listen(owner).ready()
    Agent.objects.filter(pk=owner.pk).update(is_active=False)
    assert listen(owner).answer.status == 401
    page.cut()


def test_a_stream_ends_when_its_agent_may_no_longer_log_in(
    listen: Listen, owner: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(stream, "HEARTBEATS_TO_RECHECK", 1)
    page = listen(owner).ready()
    Agent.objects.filter(pk=owner.pk).update(is_active=False)
    assert page.next() is None


def test_a_quiet_stream_says_that_it_lives(
    listen: Listen, owner: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.05)
    page = listen(owner).ready()
    lines = iter(page.answer.readline, b": still here\n")
    assert all(line for line in lines), "the stream ended"


def ended_listeners() -> int:
    """End the connections that listen; returns how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query LIKE 'LISTEN%%'"
        )
        return cursor.rowcount


def test_the_listening_connection_comes_back_when_it_breaks(listen: Listen, owner: Agent) -> None:
    page = listen(owner).ready()
    record("before")
    assert page.next().data["kind"] == "before"
    while not ended_listeners():
        threading.Event().wait(0.02)
    record("after")
    assert page.next().data["kind"] == "after"


def test_stopping_ends_every_stream_at_once(listen: Listen, owner: Agent) -> None:
    page = listen(owner).ready()
    assert hub._loop is not None
    asyncio.run_coroutine_threadsafe(hub.stop(), hub._loop)
    assert page.next() is None


def test_a_stream_that_falls_behind_ends() -> None:
    async def run() -> bool:
        client = Client(Viewer(1, frozenset()))
        for number in range(WAITING_LIMIT + 1):
            client.offer(as_change(Event(pk=number, transaction=1, kind="x")))
        return client.ended

    assert asyncio.run(run())
