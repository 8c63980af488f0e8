"""On the labelled cases the coach finds most of what a careful colleague would, and lets good replies be."""

from collections import defaultdict
from pathlib import Path

import pytest

from goodword.coach.quality import Tally, cases_in, judge, judge_decoys, judge_promises, reviewed

CASES = Path(__file__).parent / "cases"


def labelled(split):
    return [case for case in cases_in(CASES, "case") if case["split"] == split]


def test_there_are_enough_cases_in_both_halves():
    assert min(len(labelled("dev")), len(labelled("test"))) >= 20


@pytest.mark.parametrize("split", ["dev", "test"])
def test_most_of_the_wanted_findings_are_found_and_most_findings_were_wanted(split):
    tallies = defaultdict(Tally)
    for case in labelled(split):
        judge(case, reviewed(case), tallies)
    found, missed = sum(t.found for t in tallies.values()), sum(t.missed for t in tallies.values())
    right, wrong = sum(t.right for t in tallies.values()), sum(t.wrong for t in tallies.values())
    assert found / (found + missed) >= 0.9
    assert right / (right + wrong) >= 0.7


@pytest.mark.parametrize(
    "case", [c for c in cases_in(CASES, "case") if not c["wanted"]], ids=lambda c: c["id"]
)
def test_a_good_reply_is_left_alone(case):
    assert [(f.rule, f.quote) for f in reviewed(case).findings] == []


def test_promises_are_found_with_the_right_due_moment_and_decoys_are_not():
    promises, decoys = judge_promises(CASES), judge_decoys(CASES)
    assert promises.notes == []
    assert decoys.notes == []
