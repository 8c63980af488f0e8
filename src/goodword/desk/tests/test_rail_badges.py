"""The rail says quietly how many approvals wait for a lead."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from goodword.customers.models import Customer
from goodword.goodwill import actions
from goodword.goodwill.actions import NewGesture
from goodword.goodwill.models import ApprovalRequest
from goodword.goodwill.models.kinds import GestureKind
from goodword.staff import authority
from goodword.staff.models import Agent, Team

from .conftest import LogIn


@pytest.fixture
def asked(owner: Agent, lead: Agent, team: Team, customer: Customer) -> ApprovalRequest:
    """The owner, who may give 25, asks for 40."""
    limits = {"per_customer": None, "per_month": None}
    care = authority.add_level(by=None, name="Care", per_gesture=Decimal(25), **limits)
    authority.add_level(by=None, name="Top", per_gesture=None, **limits)
    authority.give_level(by=None, agent=owner, level=care)
    owner.refresh_from_db()
    wish = NewGesture(kind=GestureKind.REFUND, amount=Decimal(40), customer=customer, reason="It leaked.")
    return actions.ask(agent=owner, gesture=wish)


def badge(browser: Client) -> str:
    page = browser.get("/promises/").content.decode()
    found = re.search(r'badge--quiet"><span aria-hidden="true">(\d+)</span>', page)
    return found[1] if found else ""


def test_a_lead_sees_how_many_wait_and_nothing_once_they_are_answered(
    asked: ApprovalRequest, log_in: LogIn, lead: Agent
) -> None:
    browser = log_in(lead)
    assert badge(browser) == "1"
    assert "1 waits for you" in browser.get("/promises/").content.decode()
    actions.approve(request=asked, by=lead, reason="Fair.")
    assert badge(browser) == ""


def test_nobody_else_sees_it_and_it_costs_them_nothing(
    asked: ApprovalRequest, log_in: LogIn, owner: Agent, team_mate: Agent, stranger: Agent
) -> None:
    for agent in (owner, team_mate, stranger):
        browser = log_in(agent)
        with CaptureQueriesContext(connection) as queries:
            assert badge(browser) == ""
        assert not any("goodwill_approvalrequest" in query["sql"] for query in queries)


def test_it_costs_a_lead_one_query_and_leaves_out_what_is_above_them(
    asked: ApprovalRequest, log_in: LogIn, lead: Agent, administrator: Agent
) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert badge(log_in(administrator)) == "1"
    assert sum("goodwill_approvalrequest" in query["sql"] for query in queries) == 1
    low = authority.levels()[0]
    authority.give_level(by=None, agent=lead, level=low)
    ApprovalRequest.objects.update(level=authority.levels()[1])
    lead.refresh_from_db()
    assert badge(log_in(lead)) == ""
