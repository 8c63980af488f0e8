"""Every rule of the pack finds its bad lines and leaves its good lines alone."""

import pytest

from goodword.coach import load_pack
from goodword.coach.results import PRACTICES
from goodword.coach.ruletest import failures

PACK = load_pack()


@pytest.mark.parametrize("rule", PACK.rules, ids=lambda rule: rule.id)
def test_rule_finds_its_bad_lines_and_leaves_its_good_lines_alone(rule):
    assert list(failures(rule, PACK)) == []


def test_each_practice_of_the_coach_has_a_rule():
    assert {rule.practice for rule in PACK.rules} >= set(PRACTICES)


def test_the_pack_holds_at_least_sixty_rules():
    assert len(PACK.rules) >= 60
