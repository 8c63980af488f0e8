"""Fifty at once: never over a budget or a limit, one approval, one redemption.

Each thread has a connection of its own, and all start together.
"""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connections

from goodword.customers.models import Customer
from goodword.goodwill import actions, authority
from goodword.goodwill.errors import GoodwillError
from goodword.goodwill.models import ApprovalRequest, Gesture, VoucherRedemption
from goodword.goodwill.months import month_of
from goodword.staff import authority as staff_authority
from goodword.staff.models import Agent, AuthorityLevel, Team

from .conftest import new

AT_ONCE = 50
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(tasks: list[Callable[[], object]]) -> list[object]:
    """Do all of these at once; what each gave back, or the sentence that refused it."""
    gate = threading.Barrier(len(tasks))
    results: list[object] = [None] * len(tasks)

    def run(number: int) -> None:
        try:
            gate.wait(timeout=60)
            results[number] = tasks[number]()
        except GoodwillError as error:
            results[number] = str(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(tasks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert None not in results
    return results


def given(results: list[object]) -> int:
    return sum(isinstance(result, Gesture) for result in results)


def spent() -> Decimal:
    return sum((gesture.amount for gesture in Gesture.objects.all()), Decimal())


def agents(count: int, level: AuthorityLevel) -> list[Agent]:
    """Agents of a level, in no team."""
    made = [
        Agent.objects.create_user(
            f"a{number}@desk.example", None, name=f"Agent {number}", handle=f"a{number}"
        )
        for number in range(count)
    ]
    for agent in made:
        staff_authority.give_level(by=None, agent=agent, level=level)
        agent.refresh_from_db()
    return made


def test_the_last_of_a_budget_is_given_once(
    levels: list[AuthorityLevel], team: Team, owner: Agent, lead: Agent
) -> None:
    month = month_of()
    actions.set_budget(by=lead, team=team, month=month, amount=Decimal(70))
    actions.set_budget(by=lead, team=None, month=month, amount=Decimal(1000))
    givers = agents(AT_ONCE, levels[0])
    customers = [Customer.objects.create(name=f"Customer {number}") for number in range(AT_ONCE)]
    tasks: list[Callable[[], object]] = [
        lambda agent=agent, whom=whom: actions.give(
            agent=agent, gesture=new(whom, "10", place=actions.Place(team=team))
        )
        for agent, whom in zip(givers, customers, strict=True)
    ]
    results = at_once(tasks)
    assert given(results) == 7
    assert spent() == Decimal(70)
    refused = {result for result in results if isinstance(result, str)}
    assert refused == {authority.over_budget(Decimal(10), team, month)}


def test_the_houses_budget_holds_over_all_teams(levels: list[AuthorityLevel], lead: Agent) -> None:
    actions.set_budget(by=lead, team=None, month=month_of(), amount=Decimal(55))
    teams = [Team.objects.create(name=f"Team {number}") for number in range(5)]
    for team in teams:
        actions.set_budget(by=lead, team=team, month=month_of(), amount=Decimal(20))
    givers = agents(AT_ONCE, levels[0])
    customers = [Customer.objects.create(name=f"Customer {number}") for number in range(AT_ONCE)]
    tasks: list[Callable[[], object]] = [
        lambda number=number: actions.give(
            agent=givers[number],
            gesture=new(customers[number], "10", place=actions.Place(team=teams[number % 5])),
        )
        for number in range(AT_ONCE)
    ]
    assert given(at_once(tasks)) == 5
    assert spent() == Decimal(50)
    for team in teams:
        assert sum(gesture.amount for gesture in team.gestures.all()) <= 20


def test_an_agents_month_is_never_exceeded(levels: list[AuthorityLevel], owner: Agent) -> None:
    customers = [Customer.objects.create(name=f"Customer {number}") for number in range(AT_ONCE)]
    tasks: list[Callable[[], object]] = [
        lambda whom=whom: actions.give(agent=owner, gesture=new(whom, "15")) for whom in customers
    ]
    assert given(at_once(tasks)) == 6
    assert spent() == Decimal(90)


def test_what_one_customer_may_get_is_never_exceeded_by_whomever(
    levels: list[AuthorityLevel], customer: Customer
) -> None:
    givers = agents(AT_ONCE, levels[0])
    tasks: list[Callable[[], object]] = [
        lambda agent=agent: actions.give(agent=agent, gesture=new(customer, "25")) for agent in givers
    ]
    assert given(at_once(tasks)) == 2
    assert spent() == Decimal(50)


def test_one_form_sent_many_times_gives_once(
    levels: list[AuthorityLevel], owner: Agent, customer: Customer
) -> None:
    tasks: list[Callable[[], object]] = [
        lambda: actions.give(agent=owner, gesture=new(customer, "5"), key="form 1") for _ in range(20)
    ]
    results = at_once(tasks)
    assert given(results) == 20
    assert len({result.pk for result in results if isinstance(result, Gesture)}) == 1
    assert spent() == Decimal(5)


def test_many_approvals_of_one_request_give_once(
    levels: list[AuthorityLevel], owner: Agent, customer: Customer
) -> None:
    deciders = agents(20, levels[1])
    request = actions.ask(agent=owner, gesture=new(customer, "40"))
    tasks: list[Callable[[], object]] = [
        lambda agent=agent: actions.approve(request=request, by=agent) for agent in deciders
    ]
    assert all(isinstance(result, ApprovalRequest) for result in at_once(tasks))
    assert spent() == Decimal(40)


def test_yes_and_no_at_once_is_one_of_the_two(
    levels: list[AuthorityLevel], owner: Agent, customer: Customer
) -> None:
    deciders = agents(20, levels[1])
    request = actions.ask(agent=owner, gesture=new(customer, "40"))
    tasks: list[Callable[[], object]] = [
        (lambda agent=agent: actions.approve(request=request, by=agent))
        if number % 2
        else (lambda agent=agent: actions.refuse(request=request, by=agent, reason="No."))
        for number, agent in enumerate(deciders)
    ]
    results = at_once(tasks)
    request.refresh_from_db()
    assert spent() == (Decimal(40) if request.is_approved else 0)
    assert sum(isinstance(result, str) for result in results) == 10


def test_many_redemptions_of_one_code_are_one(
    levels: list[AuthorityLevel], lead: Agent, customer: Customer
) -> None:
    voucher = actions.give(agent=lead, gesture=new(customer, "20", kind="voucher")).voucher
    tasks: list[Callable[[], object]] = [
        lambda number=number: actions.redeem(code=voucher.code, reference=f"order {number}")
        for number in range(AT_ONCE)
    ]
    results = at_once(tasks)
    winner = VoucherRedemption.objects.get()
    won = [number for number, result in enumerate(results) if not isinstance(result, str)]
    assert [f"order {number}" for number in won] == [winner.reference]
    assert sum(winner.reference in str(result) for result in results) == AT_ONCE - 1


def test_a_voucher_is_redeemed_or_withdrawn_but_never_both(
    levels: list[AuthorityLevel], lead: Agent, customer: Customer
) -> None:
    for _ in range(5):
        gesture = actions.give(agent=lead, gesture=new(customer, "20", kind="voucher"))
        tasks: list[Callable[[], object]] = [
            lambda gesture=gesture: actions.redeem(code=gesture.voucher.code, reference="order"),
            lambda gesture=gesture: actions.reverse(gesture=gesture, by=lead, reason="Wrong person."),
        ]
        refused = [result for result in at_once(tasks) if isinstance(result, str)]
        assert len(refused) == 1
        redeemed = VoucherRedemption.objects.filter(voucher__gesture=gesture).exists()
        assert redeemed != Gesture.objects.filter(reverses=gesture).exists()
