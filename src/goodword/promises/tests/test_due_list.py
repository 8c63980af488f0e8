"""The due list shows the most pressing promise first, in parts, page by page."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from goodword.customers.models import Customer
from goodword.promises import access, actions, queries, registry
from goodword.promises.models import Promise
from goodword.promises.moments import Group
from goodword.staff.models import Agent

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DUE = {
    "later": MONDAY + timedelta(days=9),
    "no time": None,
    "overdue": MONDAY - timedelta(days=2),
    "today": MONDAY + timedelta(hours=3),
    "this week": MONDAY + timedelta(days=3),
}


def promised(customer: Customer, owner: Agent, what: str, due_at: datetime | None) -> Promise:
    new = actions.NewPromise(what=what, quote="", due_at=due_at, whole_day=False, due_text="")
    return actions.make(customer=customer, promise=new, made_by=owner)


@pytest.fixture
def promises(customer: Customer, owner: Agent) -> dict[str, Promise]:
    return {what: promised(customer, owner, what, due_at) for what, due_at in DUE.items()}


def whats(page: queries.DuePage) -> list[str]:
    return [row.promise.what for row in page.rows]


def test_the_most_pressing_promise_comes_first(promises: dict[str, Promise], owner: Agent) -> None:
    page = queries.due(owner, now=MONDAY)
    assert whats(page) == ["overdue", "today", "this week", "later", "no time"]
    assert [row.group for row in page.rows] == list(Group)
    assert page.next_cursor is None


def test_settled_promises_leave_the_list(promises: dict[str, Promise], owner: Agent) -> None:
    actions.keep(promise=promises["overdue"], agent=owner)
    actions.break_(promise=promises["today"], agent=owner)
    assert whats(queries.due(owner, now=MONDAY)) == ["this week", "later", "no time"]


def test_every_page_goes_on_where_the_last_one_ended(
    customer: Customer, owner: Agent, promises: dict[str, Promise]
) -> None:
    for number in range(3):
        promised(customer, owner, f"same time {number}", DUE["today"])
        promised(customer, owner, f"never {number}", None)
    whole = whats(queries.due(owner, now=MONDAY))

    found: list[str] = []
    cursor: str | None = None
    for _ in range(20):
        page = queries.due(owner, cursor=cursor, limit=2, now=MONDAY)
        found += whats(page)
        cursor = page.next_cursor
        if cursor is None:
            break

    assert found == whole
    assert len(found) == 11


@pytest.mark.parametrize("cursor", ["", "x", "|", "soon|3", "2026-11-27|1", "|99999999999999999999", "|-1"])
def test_a_cursor_that_is_none_of_ours_begins_at_the_top(
    promises: dict[str, Promise], owner: Agent, cursor: str
) -> None:
    assert len(queries.due(owner, cursor=cursor, now=MONDAY).rows) == 5


def test_one_part_of_the_list_or_one_owner(
    promises: dict[str, Promise], customer: Customer, owner: Agent, team_mate: Agent
) -> None:
    promised(customer, team_mate, "hers", DUE["today"])
    assert whats(queries.due(owner, group=Group.TODAY, now=MONDAY)) == ["today", "hers"]
    assert whats(queries.due(owner, owner=team_mate, now=MONDAY)) == ["hers"]
    assert queries.due_counts(owner, owner=team_mate, now=MONDAY)[Group.TODAY] == 1
    assert list(queries.due_counts(owner, now=MONDAY).values()) == [1, 2, 1, 1, 1]


def test_a_page_takes_one_query_and_so_do_the_counts(
    promises: dict[str, Promise], lead: Agent, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        for row in queries.due(lead, now=MONDAY).rows:
            assert (row.promise.customer.name, str(row.promise.owner)) == ("Carla Customer", "Olga Owner")
    with django_assert_num_queries(1):
        queries.due_counts(lead, now=MONDAY)
    with django_assert_num_queries(1):
        queries.counts(promises["today"].customer)


def test_how_a_customer_s_promises_stand(
    promises: dict[str, Promise], customer: Customer, owner: Agent
) -> None:
    actions.keep(promise=promises["later"], agent=owner)
    actions.break_(promise=promises["today"], agent=owner)
    actions.withdraw(promise=promises["no time"], agent=owner)
    assert queries.counts(customer, now=MONDAY) == queries.PromiseCounts(open=2, overdue=1, kept=1, broken=1)
    assert [promise.what for promise in queries.open_promises(customer)] == ["overdue", "this week"]
    assert len(queries.of_customer(owner, customer)) == 5


def test_rooms_above_hide_promises_from_agents_and_never_from_leads(
    promises: dict[str, Promise], owner: Agent, lead: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = promises["today"]
    monkeypatch.setattr(registry.visible, "_entries", [lambda rows, agent: rows.exclude(pk=hidden.pk)])

    assert "today" not in whats(queries.due(owner, now=MONDAY))
    assert queries.due_counts(owner, now=MONDAY)[Group.TODAY] == 0
    with pytest.raises(Promise.DoesNotExist):
        access.get_promise(owner, hidden.pk)
    assert access.get_promise(lead, hidden.pk) == hidden
    assert access.get_promise(None, hidden.pk) == hidden


def test_the_ledger_is_read_newest_first_and_by_state(promises: dict[str, Promise], owner: Agent) -> None:
    actions.keep(promise=promises["later"], agent=owner)
    assert [row.what for row in queries.page(owner, state="kept").rows] == ["later"]

    first = queries.page(owner, limit=3)
    rest = queries.page(owner, limit=3, cursor=first.next_cursor)
    assert [row.what for row in [*first.rows, *rest.rows]] == list(reversed(DUE))
    assert rest.next_cursor is None
    assert len(queries.page(owner, cursor="nonsense").rows) == 5
