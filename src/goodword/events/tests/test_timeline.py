"""The timeline of a conversation or customer, in sentences."""

import pytest

from goodword.events import queries, timeline
from goodword.events.actions import record
from goodword.events.models import Event


@pytest.fixture(autouse=True)
def sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two kinds with a sentence, as a room registers them."""
    monkeypatch.setattr(timeline, "_sentences", {})

    @timeline.register("door.opened")
    def opened(event: Event, names: timeline.Names) -> str:
        return f"{names.who(event)} opened the door"

    @timeline.register("door.given")
    def given(event: Event, names: timeline.Names) -> str:
        return f"{names.who(event)} gave the door to {names.of(event.data['to'])}"


@pytest.mark.django_db
def test_the_newest_stands_first_and_only_kinds_with_a_sentence() -> None:
    record("door.opened", conversation_id=1, agent_id=4)
    record("presence.changed", conversation_id=1, agent_id=4)
    record("door.given", conversation_id=1, data={"to": 4})
    record("door.opened", conversation_id=2)
    lines = timeline.sentences(queries.timeline(conversation_id=1), {4: "Olga Owner"})
    assert [line.text for line in lines] == [
        "Goodword gave the door to Olga Owner",
        "Olga Owner opened the door",
    ]


@pytest.mark.django_db
def test_a_timeline_is_read_page_by_page() -> None:
    made = [record("door.opened", customer_id=9).pk for _ in range(5)]
    first = queries.timeline(customer_id=9, limit=3)
    rest = queries.timeline(customer_id=9, limit=3, before=first[-1].pk)
    assert [event.pk for event in first + rest] == made[::-1]


@pytest.mark.django_db
def test_what_happened_in_a_hidden_mailbox_is_left_out() -> None:
    record("door.opened", customer_id=9, mailbox_id=3)
    seen = record("door.opened", customer_id=9)
    assert queries.timeline(customer_id=9, hidden=[3]) == [seen]


@pytest.mark.django_db
def test_an_agent_who_is_gone_has_no_name_but_a_line() -> None:
    event = record("door.opened", customer_id=9, agent_id=77)
    assert timeline.sentences([event], {})[0].text == "somebody opened the door"
