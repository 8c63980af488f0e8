"""Customers who may be one person are suggested, with the reasons, until somebody says they are not."""

import pytest
from pytest_django import DjangoAssertNumQueries

from goodword.customers import actions, comparing, queries
from goodword.customers.models import Customer, Duplicate
from goodword.inbox.actions import open_conversation
from goodword.mail.models import Mailbox
from goodword.staff.models import Agent, Team


def somebody(address: str, name: str = "", *, phone: str = "", organisation: str = "") -> Customer:
    made = actions.customer_of(address=address, name=name)
    if phone:
        actions.add_phone(customer=made, number=phone, agent=None)
    if organisation:
        made = actions.set_organisation(customer=made, name=organisation, agent=None)
    return made


def suggested() -> list[tuple[str, list[str]]]:
    comparing.compare_waiting()
    return [
        (str(row.second), row.why) for row in Duplicate.objects.filter(decided="").order_by("-score", "id")
    ]


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        (("a@x.example", "Ana Petrov"), ("ana@gmail.com", "Petrov, Ana"), ["name"]),
        (("ana@x.example", "Ana Petrov"), ("ana@gmail.com", "Ana Petrov"), ["name_mailbox", "name"]),
        (("a@x.example", "Ana Petrov"), ("b@x.example", "ana petrov"), ["name_domain", "name"]),
        (("a@x.example", "Ana Petrov"), ("b@x.example", "Ana Petrow"), ["near_domain"]),
        (("ana+shop@x.example", "Ana"), ("ana@x.example", "A. Petrov"), ["address"]),
        (("ana@x.example", "A. Petrov"), ("ana+shop@x.example", "Ana"), ["address"]),
        (("a@x.example", "Ana_Petrov 2nd"), ("b@gmail.com", "ana_petrov 2nd"), ["name"]),
    ],
)
def test_who_may_be_one_person(
    db: None, first: tuple[str, str], second: tuple[str, str], why: list[str]
) -> None:
    somebody(*first)
    somebody(*second)
    assert suggested() == [(second[1], why)]
    assert suggested() == [(second[1], why)]


def test_a_shared_phone_says_more_with_a_name_that_is_near(db: None) -> None:
    somebody("a@x.example", "Ana Petrov", phone="+49 30 1234567")
    somebody("b@gmail.com", "Ana Petrow", phone="+49 30 1234567")
    somebody("c@gmail.com", "Boris Petrov", phone="+49 30 1234567")
    assert suggested() == [
        ("Ana Petrow", ["name_phone"]),
        ("Boris Petrov", ["phone"]),
        ("Boris Petrov", ["phone"]),
    ]


def test_one_name_in_one_organisation(db: None) -> None:
    somebody("a@gmail.com", "Ana Petrov", organisation="Work Ltd")
    somebody("b@gmail.com", "Ana Petrov", organisation="Work Ltd")
    somebody("c@gmail.com", "Ana Petrova", organisation="Work Ltd")
    reasons = dict(suggested())
    assert reasons["Ana Petrov"] == ["name_organisation", "name"]
    assert reasons["Ana Petrova"] == ["near_organisation"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("ana@gmail.com", "Ana Petrov"), ("bob@gmail.com", "Bob Petrov")),
        (("ana@x.example", "Ana"), ("ana@y.example", "Ana")),
        (("ana@x.example", "Ana Petrov"), ("bob@x.example", "Bob Marley")),
        (("ana@gmail.com", "Ana Petrov"), ("ana2@gmail.com", "Ana Petrow")),
    ],
)
def test_who_is_not_suggested(db: None, first: tuple[str, str], second: tuple[str, str]) -> None:
    somebody(*first)
    somebody(*second)
    assert suggested() == []


def test_newcomers_are_found_among_those_who_were_compared_before(db: None) -> None:
    somebody("a@x.example", "Ana Petrov")
    somebody("b@y.example", "Bo Lind")
    assert suggested() == []
    for number in range(3):
        somebody(f"new{number}@z{number}.example", f"New{number} Comer{number}")
    somebody("a+shop@x.example", "Petrov Ana")
    assert suggested() == [("Petrov Ana", ["address", "name_domain", "name_mailbox", "name"])]


def test_a_crowd_of_newcomers_costs_no_more_queries_than_a_few(
    db: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(comparing.BATCH):
        somebody(f"ana{number}@x.example", f"Ana{number} Petrov", phone=f"+49 30 12345{number:02}")
    with django_assert_max_num_queries(20):
        comparing.compare_waiting(most=comparing.BATCH)


def test_a_name_that_many_have_says_nothing(db: None) -> None:
    for number in range(5):
        somebody(f"anna{number}@x{number}.example", "Anna Schmidt")
    assert suggested() == []


def test_those_who_are_not_the_same_are_not_suggested_again(db: None, owner: Agent) -> None:
    first, second = somebody("a@x.example", "Ana Petrov"), somebody("b@x.example", "Ana Petrov")
    suggested()
    for _ in range(2):
        actions.not_the_same(first=second, second=first, agent=owner)
    actions.add_phone(customer=first, number="+49 30 1234567", agent=owner)
    actions.add_phone(customer=second, number="+49 30 1234567", agent=owner)
    assert suggested() == []
    assert Duplicate.objects.get().decided_by == owner


def test_a_suggestion_goes_when_its_reason_does(db: None, owner: Agent) -> None:
    first, _second = somebody("a@x.example", "Ana Petrov"), somebody("b@x.example", "Ana Petrov")
    assert len(suggested()) == 1
    actions.rename(customer=first, name="Ana Ionescu", agent=owner)
    assert suggested() == []


def test_a_bounded_number_is_compared_at_a_time(db: None) -> None:
    for number in range(30):
        somebody(f"n{number}@x{number}.example")
    assert comparing.compare_waiting(most=25) == 25
    assert Customer.objects.filter(compared_at=None).count() == 5
    assert comparing.compare_waiting(most=25) == 5


def test_joining_takes_the_suggestion_away(db: None, owner: Agent) -> None:
    first, second = somebody("a@x.example", "Ana Petrov"), somebody("b@x.example", "Ana Petrov")
    suggested()
    actions.join(gone=second, kept=first, agent=owner)
    assert suggested() == []


def test_agents_are_shown_only_pairs_whom_they_may_see(
    db: None, owner: Agent, stranger: Agent, lead: Agent, mailbox: Mailbox, team: Team
) -> None:
    first, _second = somebody("a@x.example", "Ana Petrov"), somebody("b@x.example", "Ana Petrov")
    open_conversation(customer=first, subject="secret", text="words", mailbox=mailbox)
    suggested()
    shown = [len(queries.duplicate_page(agent).rows) for agent in (owner, lead, stranger)]
    assert shown == [1, 1, 0]


def test_suggestions_are_shown_page_by_page(db: None, lead: Agent) -> None:
    for number in range(5):
        somebody(f"a{number}@x.example", f"Ana{number} Petrov{number}x")
        somebody(f"b{number}@x.example", f"Ana{number} Petrov{number}x")
    everything = [name for name, _why in suggested()]
    read, cursor = [], None
    for _page in range(5):
        page = queries.duplicate_page(lead, cursor=cursor, limit=2)
        read += [row.pk for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(read) == len(set(read)) == len(everything) >= 5
