"""Two customers who were one person become one, with everything known of both."""

from datetime import UTC, datetime

import pytest

from goodword.customers import actions, queries, registry
from goodword.customers.models import Customer
from goodword.events.models import Event
from goodword.staff.models import Agent

MARCH = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def second(owner: Agent) -> Customer:
    """The same person, who wrote from another address first."""
    second = actions.customer_of(address="carla@work.example", name="C. Customer", at=MARCH)
    actions.set_organisation(customer=second, name="Work Ltd", agent=owner)
    actions.add_note(customer=second, author=owner, body="Works late.")
    return second


def test_the_one_who_stays_has_the_addresses_and_notes_of_both(
    customer: Customer, second: Customer, owner: Agent
) -> None:
    for _ in range(2):
        kept = actions.join(gone=second, kept=customer, agent=owner)

    profile = queries.profile(kept)
    assert profile.addresses == ("carla@example.org", "carla@work.example")
    assert [note.body for note in profile.notes] == ["Works late."]
    assert (kept.name, kept.since, str(kept.organisation)) == ("Carla Customer", MARCH, "Work Ltd")
    assert actions.customer_of(address="carla@work.example") == customer
    assert Event.objects.get(kind="customer.joined").data["details"]["gone"] == second.pk


def test_nothing_changes_when_a_room_above_cannot_follow(
    customer: Customer, second: Customer, owner: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> list[registry.Belonging]:
        raise RuntimeError("cannot move")

    monkeypatch.setattr(registry.belongings, "_entries", [refuse])
    with pytest.raises(RuntimeError):
        actions.join(gone=second, kept=customer, agent=owner)
    assert queries.profile(second).addresses == ("carla@work.example",)
    assert queries.profile(customer).addresses == ("carla@example.org",)


def test_a_customer_joined_with_themselves_stays_as_they_are(customer: Customer, owner: Agent) -> None:
    assert actions.join(gone=customer, kept=customer, agent=owner) == customer
    assert queries.profile(customer).addresses == ("carla@example.org",)


def test_joining_with_somebody_who_is_gone_is_refused(
    customer: Customer, second: Customer, owner: Agent
) -> None:
    actions.join(gone=second, kept=customer, agent=owner)
    with pytest.raises(actions.CustomerError, match="gone meanwhile"):
        actions.join(gone=customer, kept=second, agent=owner)
