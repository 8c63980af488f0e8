"""Names, addresses, organisations and notes of a customer."""

import pytest

from goodword.customers import access, actions, queries
from goodword.customers.models import Customer, CustomerNote
from goodword.events.models import Event
from goodword.staff.access import NotAllowed
from goodword.staff.models import Agent


def kinds() -> list[str]:
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def test_a_customer_has_several_addresses(customer: Customer, owner: Agent) -> None:
    for _ in range(2):
        actions.add_address(customer=customer, address="Carla@Work.example", agent=owner)
    assert queries.profile(customer).addresses == ("carla@example.org", "carla@work.example")
    assert actions.customer_of(address="carla@work.example") == customer
    assert kinds() == ["customer.address_added"]


def test_an_address_of_another_customer_is_refused_and_says_whose_it_is(
    customer: Customer, owner: Agent
) -> None:
    other = actions.customer_of(address="otto@example.org", name="Otto Other")
    with pytest.raises(actions.AddressTaken, match="already an address of Otto Other") as caught:
        actions.add_address(customer=customer, address="otto@example.org", agent=owner)
    assert caught.value.customer == other


def test_the_last_address_stays(customer: Customer, owner: Agent) -> None:
    with pytest.raises(actions.CustomerError, match="only address"):
        actions.remove_address(customer=customer, address="carla@example.org", agent=owner)
    actions.add_address(customer=customer, address="new@example.org", agent=owner)
    for _ in range(2):
        actions.remove_address(customer=customer, address="carla@example.org", agent=owner)
    assert queries.profile(customer).addresses == ("new@example.org",)


def test_renaming_is_recorded_once(customer: Customer, owner: Agent) -> None:
    for _ in range(2):
        renamed = actions.rename(customer=customer, name="  Carla\n Miller ", agent=owner)
    assert renamed.name == "Carla Miller"
    assert Event.objects.get().data["details"] == {"before": "Carla Customer", "name": "Carla Miller"}


def test_two_customers_of_one_organisation(customer: Customer, owner: Agent) -> None:
    other = actions.customer_of(address="otto@example.org")
    first = actions.set_organisation(customer=customer, name="Miller & Sons", agent=owner)
    second = actions.set_organisation(customer=other, name="miller & sons", agent=owner)
    assert first.organisation == second.organisation
    assert actions.set_organisation(customer=customer, name="", agent=owner).organisation is None


def test_notes_stand_newest_first(customer: Customer, owner: Agent) -> None:
    actions.add_note(customer=customer, author=owner, body="Prefers the telephone.")
    actions.add_note(customer=customer, author=owner, body="Moved to Bern.")
    assert [note.body for note in queries.profile(customer).notes] == [
        "Moved to Bern.",
        "Prefers the telephone.",
    ]
    with pytest.raises(actions.CustomerError, match="empty"):
        actions.add_note(customer=customer, author=owner, body=" \x00 ")


def test_a_note_is_taken_away_by_its_author_or_a_lead(
    customer: Customer, owner: Agent, team_mate: Agent, lead: Agent
) -> None:
    notes = [actions.add_note(customer=customer, author=owner, body=body) for body in ("one", "two")]
    with pytest.raises(NotAllowed):
        actions.remove_note(note=notes[0], agent=team_mate)
    actions.remove_note(note=access.get_note(owner, notes[0].pk), agent=owner)
    actions.remove_note(note=access.get_note(lead, notes[1].pk), agent=lead)
    assert not CustomerNote.objects.exists()
