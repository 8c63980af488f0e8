"""Every agent sees the customers, but for those whom a room above hides; search and pages keep to it."""

import pytest
from django.db.models import QuerySet
from pytest_django import DjangoAssertNumQueries

from goodword.customers import access, actions, queries, registry
from goodword.customers.models import Customer
from goodword.events.models import Event
from goodword.staff.models import Agent


@pytest.fixture
def hidden(customer: Customer, stranger: Agent, monkeypatch: pytest.MonkeyPatch) -> Customer:
    """The customer, hidden from the stranger."""

    def keep(rows: QuerySet[Customer], agent: Agent) -> QuerySet[Customer]:
        return rows.exclude(pk=customer.pk) if agent == stranger else rows

    monkeypatch.setattr(registry.visible, "_entries", [keep])
    return customer


def test_a_stranger_sees_nothing_of_a_hidden_customer(hidden: Customer, stranger: Agent) -> None:
    with pytest.raises(Customer.DoesNotExist):
        access.get_customer(stranger, hidden.pk)
    assert queries.search("carla", agent=stranger) == []
    assert list(queries.page(stranger).rows) == []


def test_a_taken_address_does_not_tell_a_stranger_whose_it_is(
    hidden: Customer, stranger: Agent, owner: Agent
) -> None:
    mine = actions.customer_of(address="otto@example.org")
    with pytest.raises(actions.AddressTaken, match="of Carla Customer"):
        actions.add_address(customer=mine, address="carla@example.org", agent=owner)
    with pytest.raises(actions.AddressTaken, match="of a customer of another team"):
        actions.add_address(customer=mine, address="carla@example.org", agent=stranger)


def test_colleagues_leads_and_the_house_see_the_customer(hidden: Customer, owner: Agent, lead: Agent) -> None:
    for agent in (owner, lead, None):
        assert access.get_customer(agent, hidden.pk) == hidden
        assert queries.search("carla", agent=agent) == [hidden]


@pytest.mark.parametrize("q", ["carla", "CUST", "customer carla", "carla@", "Carla@Example.org", "  carla  "])
def test_names_and_addresses_are_found_by_their_beginnings(customer: Customer, owner: Agent, q: str) -> None:
    actions.customer_of(address="otto@example.org", name="Otto Other")
    assert queries.search(q, agent=owner) == [customer]


@pytest.mark.parametrize("q", ["", "   ", "zzz", "\x00", "'", "a & b | c:*", "%", "\\", "carla zzz"])
def test_odd_searches_find_nothing_and_break_nothing(customer: Customer, owner: Agent, q: str) -> None:
    assert queries.search(q, agent=owner) == []


def test_pages_go_on_newest_first_in_a_fixed_number_of_queries(
    lead: Agent, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = [
        actions.customer_of(address=f"c{number}@example.org", name=f"Cem {number}") for number in range(5)
    ]
    with django_assert_num_queries(2):
        first = queries.page(lead, limit=3)
    rest = queries.page(lead, q="cem", cursor=first.next_cursor, limit=3)
    assert [*first.rows, *rest.rows] == made[::-1]
    assert rest.next_cursor is None
    assert len(queries.page(lead, cursor="x" * 40).rows) == 5
    assert len(queries.page(lead, cursor="9" * 19).rows) == 5


def test_no_name_or_address_travels_to_every_agent_in_the_live_stream(owner: Agent) -> None:
    customer = actions.customer_of(address="ada@example.org", name="Ada")
    other = actions.customer_of(address="ada@home.example", name="A.")
    actions.rename(customer=customer, name="Ada Byron", agent=owner)
    actions.add_address(customer=customer, address="ada@work.example", agent=owner)
    actions.set_organisation(customer=customer, name="Analytical Ltd", agent=owner)
    actions.join(gone=other, kept=customer, agent=owner)

    single = [
        value for event in Event.objects.all() for value in event.data.values() if isinstance(value, str)
    ]
    assert Event.objects.count() == 6
    assert single == []
