"""What two leads do at the same moment is done one after the other, and nothing is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from goodword.coaching import actions
from goodword.coaching.models import Policy, RuleChange, Tailoring, Term
from goodword.coaching.tailoring import coach_of
from goodword.staff.models import Agent, Team

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 6


def at_once(act: Callable[[int], object]) -> None:
    """Do it several times side by side, each in a connection of its own."""

    def done(number: int) -> None:
        try:
            act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(TIMES) as pool:
        list(pool.map(done, range(TIMES)))


def test_the_same_change_at_once_is_one_change(team: Team, lead: Agent) -> None:
    def change(number: int) -> None:
        actions.add_term(by=lead, team=team, words="Kettle Pro")
        actions.change_rule(by=lead, team=team, rule="internal-jargon", off=True, reason="They know it.")

    at_once(change)
    assert (Term.objects.count(), RuleChange.objects.count(), Tailoring.objects.count()) == (1, 1, 1)


def test_different_changes_at_once_all_hold(team: Team, lead: Agent) -> None:
    def add(number: int) -> None:
        actions.set_policy(by=lead, team=team, text=f"A box holds {number + 3} cups.", owner=lead)

    at_once(add)
    assert Policy.objects.count() == TIMES
    assert len(coach_of(team.pk).policies) == TIMES
