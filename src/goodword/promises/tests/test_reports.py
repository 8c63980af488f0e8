"""How promises were kept is counted by team, kind and lead time, and each number opens its rows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from goodword.customers.models import Customer
from goodword.promises import actions, registry, reports
from goodword.promises.models import Outcome, Promise
from goodword.promises.reports import Period
from goodword.staff.models import Agent, Team

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def settled(
    customer: Customer,
    owner: Agent,
    kind: str,
    *,
    lead: timedelta | None,
    took: timedelta,
    broken: bool = False,
) -> Promise:
    """A promise made on Monday, with its outcome so long after."""
    new = actions.NewPromise(
        what=kind,
        quote="",
        due_at=MONDAY + lead if lead else None,
        whole_day=False,
        due_text="",
        kind=kind,
    )
    promise = actions.make(customer=customer, promise=new, made_by=owner, at=MONDAY)
    (actions.break_ if broken else actions.keep)(promise=promise, agent=owner)
    Outcome.objects.filter(promise=promise).update(at=MONDAY + took)
    return promise


@pytest.fixture
def history(customer: Customer, owner: Agent, lead: Agent, team: Team) -> None:
    settled(customer, owner, "money", lead=DAY, took=HOUR)
    settled(customer, owner, "money", lead=DAY, took=3 * DAY)
    settled(customer, owner, "delivery", lead=5 * DAY, took=6 * DAY, broken=True)
    settled(customer, lead, "call", lead=None, took=DAY)
    actions.withdraw(promise=settled(customer, owner, "call", lead=HOUR, took=HOUR), agent=owner)
    settled(customer, owner, "call", lead=60 * DAY, took=40 * DAY)


def test_numbers_are_by_team_kind_and_lead_time(history: None, lead: Agent, team: Team) -> None:
    found = reports.report(lead, NOVEMBER)
    total = found.total
    assert (total.settled, total.kept, total.in_time, total.late, total.broken, total.percent) == (
        4,
        3,
        2,
        1,
        1,
        75,
    )
    assert {(rate.label, rate.percent, rate.settled) for rate in found.by_kind} == {
        ("money", 100, 2),
        ("delivery", 0, 1),
        ("call back", 100, 1),
    }
    assert [(rate.label, rate.settled) for rate in found.by_lead] == [
        ("within a day", 2),
        ("within a week", 1),
        ("no time named", 1),
    ]
    assert [(rate.label, rate.settled) for rate in found.by_team] == [("Care", 3), ("no team", 1)]


def test_every_number_is_the_number_of_its_rows(history: None, lead: Agent) -> None:
    found = reports.report(lead, NOVEMBER)
    for by in reports.WAYS:
        for rate in getattr(found, f"by_{by}"):
            for became in ("settled", "kept", "in_time", "late", "broken"):
                behind, _more = reports.rows(lead, NOVEMBER, by=by, key=rate.key, became=became)
                assert len(behind) == getattr(rate, became), (by, rate, became)
            assert reports.label_of(by, rate.key) == rate.label


def test_asked_again_the_numbers_are_the_same(history: None, lead: Agent) -> None:
    assert reports.report(lead, NOVEMBER) == reports.report(lead, NOVEMBER)


def test_what_is_due_and_unsaid_is_told_beside(customer: Customer, owner: Agent, lead: Agent) -> None:
    new = actions.NewPromise(what="x", quote="", due_at=MONDAY + DAY, whole_day=False, due_text="")
    actions.make(customer=customer, promise=new, made_by=owner, at=MONDAY)
    found = reports.report(lead, NOVEMBER)
    assert (found.total.settled, found.unsaid) == (0, 1)


def test_agents_count_what_they_may_see(
    history: None, owner: Agent, lead: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry.visible, "_entries", [lambda rows, agent: rows.exclude(kind="money")])
    assert reports.report(owner, NOVEMBER).total.settled == 2
    assert reports.report(lead, NOVEMBER).total.settled == 4


def test_the_report_takes_five_queries(
    history: None, lead: Agent, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(5):
        reports.report(lead, NOVEMBER)


def test_rows_go_on_page_by_page(
    customer: Customer, owner: Agent, lead: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "ROWS", 2)
    for _number in range(5):
        settled(customer, owner, "do", lead=DAY, took=HOUR)
    seen: list[int] = []
    before: int | None = None
    while True:
        page, before = reports.rows(lead, NOVEMBER, before=before)
        seen += [promise.pk for promise in page]
        if before is None:
            break
    assert seen == sorted(Promise.objects.values_list("pk", flat=True), reverse=True)
