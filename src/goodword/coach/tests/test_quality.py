"""On the labelled cases the coach finds most of what a careful colleague would, and lets good replies be."""

from collections import defaultdict
from pathlib import Path

import pytest

from goodword.coach.quality.__main__ import main
from goodword.coach.quality.cases import cases_in, reviewed
from goodword.coach.quality.judging import Tally, judge_commitments, judge_findings

CASES = Path(__file__).parent / "cases"


def judged(split):
    tallies = defaultdict(Tally)
    for case in cases_in(CASES, "case", split):
        judge_findings(case, reviewed(case), tallies)
    whole = Tally()
    for tally in tallies.values():
        whole.add(tally)
    return whole


def test_most_of_the_wanted_findings_are_found_and_most_findings_were_wanted():
    whole = judged("dev")
    assert whole.recall >= 0.8
    assert whole.precision >= 0.7


@pytest.mark.parametrize(
    "case", [c for c in cases_in(CASES, "case", "dev") if not c["wanted"]], ids=lambda c: c["id"]
)
def test_a_good_reply_is_left_alone(case):
    assert [(f.rule, f.quote) for f in reviewed(case).findings] == []


def test_promises_are_found_with_their_due_moment_and_what_only_looks_like_one_is_not():
    told, due = Tally(), Tally()
    for case in cases_in(CASES, "promise", "dev"):
        judge_commitments(case, reviewed(case), told, due)
    assert told.recall >= 0.9
    assert told.precision >= 0.95
    assert due.recall >= 0.85


def test_the_figures_are_printed_for_each_half(capsys):
    main([str(CASES), "--notes"])
    shown = capsys.readouterr().out
    assert "## dev: " in shown
    assert "## test: " in shown
    assert "| all |" in shown
