"""What an agent may give: at once, to one customer in twelve months, in a month, and out of which budget."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from goodword.customers.models import Customer
from goodword.goodwill import actions, authority
from goodword.goodwill.errors import GoodwillError
from goodword.goodwill.models import Gesture
from goodword.goodwill.months import month_of, next_month, previous_month
from goodword.staff.models import Agent, AuthorityLevel, Team

from .conftest import new


def may(agent: Agent, amount: str, customer: Customer, **more: object) -> authority.Verdict:
    return authority.check(agent=agent, amount=Decimal(amount), customer=customer, **more)  # type: ignore[arg-type]


def test_up_to_the_limit_of_one_gesture(
    levels: list[AuthorityLevel], owner: Agent, customer: Customer
) -> None:
    assert may(owner, "25", customer).allowed
    above = may(owner, "25.01", customer)
    assert (above.allowed, above.level) == (False, levels[1])
    assert above.reason == "You may give up to €25.00 at once."


def test_the_level_that_may_is_the_lowest_whose_limits_leave_room(
    levels: list[AuthorityLevel], owner: Agent, customer: Customer
) -> None:
    assert may(owner, "100", customer).level == levels[1]
    assert may(owner, "100.01", customer).level == levels[2]


def test_what_is_left_of_the_month_bounds_the_next_gesture(
    levels: list[AuthorityLevel], owner: Agent, customer: Customer
) -> None:
    others = [Customer.objects.create(name=f"Customer {number}") for number in range(4)]
    for other in others:
        actions.give(agent=owner, gesture=new(other, "22.50"))

    verdict = may(owner, "10.01", customer)
    assert not verdict.allowed
    assert verdict.reason == "€10.00 of the €100.00 that you may give this month is left."
    assert may(owner, "10", customer).allowed
    assert may(owner, "25", customer, at=timezone.now() + timedelta(days=32)).allowed


def test_to_one_customer_counts_what_anybody_gave_in_twelve_months(
    levels: list[AuthorityLevel], owner: Agent, lead: Agent, customer: Customer
) -> None:
    now = timezone.now()
    actions.give(agent=lead, gesture=new(customer, "500"), at=now - timedelta(days=366))
    actions.give(agent=lead, gesture=new(customer, "45"), at=now - timedelta(days=200))

    verdict = may(owner, "15.01", customer)
    assert not verdict.allowed
    assert verdict.reason == "You may give this customer €60.00 in twelve months; €15.00 of it is left."
    assert may(owner, "15", customer).allowed
    assert verdict.level == levels[1]


def test_without_a_level_nothing_and_leads_have_the_highest(
    levels: list[AuthorityLevel], team_mate: Agent, lead: Agent, administrator: Agent, customer: Customer
) -> None:
    verdict = may(team_mate, "0.01", customer)
    assert (verdict.allowed, verdict.level) == (False, levels[0])
    assert verdict.reason.startswith("You have no level of authority")
    assert may(lead, "5000", customer).allowed
    assert may(administrator, "5000", customer).allowed


def test_a_lead_may_be_given_a_level_of_their_own(
    levels: list[AuthorityLevel], lead: Agent, customer: Customer
) -> None:
    lead.authority = levels[0]
    lead.save()
    assert not may(lead, "26", customer).allowed


def test_where_there_are_no_levels_nobody_gives_anything(lead: Agent, customer: Customer) -> None:
    verdict = may(lead, "1", customer)
    assert (verdict.allowed, verdict.level) == (False, None)


def test_what_costs_nothing_needs_no_authority(team_mate: Agent, customer: Customer) -> None:
    assert may(team_mate, "0", customer).allowed


def test_a_team_gives_out_of_its_own_budget_and_the_houses(
    levels: list[AuthorityLevel], team: Team, owner: Agent, lead: Agent, customer: Customer
) -> None:
    month = month_of()
    actions.set_budget(by=lead, team=team, month=month, amount=Decimal(30))
    actions.set_budget(by=lead, team=None, month=month, amount=Decimal(1000))
    actions.give(agent=owner, gesture=new(customer, "18"))

    short = may(owner, "12.01", customer)
    assert not short.allowed
    assert short.level is None
    assert short.reason.startswith("€12.00 of Care's budget of €30.00 for ")

    actions.set_budget(by=lead, team=None, month=month, amount=Decimal(20))
    assert may(owner, "2.01", customer).reason.startswith("€2.00 of the house's budget of €20.00 for ")
    with pytest.raises(actions.BeyondAuthority):
        actions.give(agent=lead, gesture=new(customer, "2.01"))
    actions.give(agent=lead, gesture=new(customer, "2"))


def test_a_budget_holds_until_another_is_set(
    levels: list[AuthorityLevel], lead: Agent, customer: Customer
) -> None:
    month = month_of()
    actions.set_budget(by=lead, team=None, month=previous_month(month), amount=Decimal(5))
    assert not may(lead, "6", customer).allowed
    actions.set_budget(by=lead, team=None, month=month, amount=None)
    assert may(lead, "6", customer).allowed
    assert not may(lead, "6", customer, at=timezone.now() - timedelta(days=timezone.now().day + 1)).allowed


def test_a_month_is_one_of_the_company(settings: object) -> None:
    late = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert month_of(late) == date(2026, 11, 1)
    assert next_month(date(2026, 12, 1)) == date(2027, 1, 1)
    assert previous_month(date(2026, 1, 1)) == date(2025, 12, 1)


def test_what_cannot_be_given_is_said(levels: list[AuthorityLevel], lead: Agent, customer: Customer) -> None:
    wrong = [
        (new(customer, "0"), "0 cannot be given"),
        (new(customer, "-1"), "-1 cannot be given"),
        (new(customer, "1.005"), "1.005 cannot be given"),
        (new(customer, "NaN"), "NaN cannot be given"),
        (new(customer, reason="  "), "The reason is empty"),
        (new(customer, kind="cash"), "'cash' is no kind of gesture"),
        (new(customer, kind="voucher", percent=101), "1 to 100 percent"),
        (new(customer, kind="voucher", valid_days=0), "1 to 3650 days"),
    ]
    for gesture, sentence in wrong:
        with pytest.raises(GoodwillError, match=sentence):
            actions.give(agent=lead, gesture=gesture)
    assert not Gesture.objects.exists()
