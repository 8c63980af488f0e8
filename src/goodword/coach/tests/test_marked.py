"""Cases written as marked texts: the marks go, what they say stays, and a slip is told with its line."""

from collections import defaultdict
from pathlib import Path

import pytest

from goodword.coach.quality.cases import cases_in, reviewed
from goodword.coach.quality.judging import Tally, judge_findings, judge_questions, together
from goodword.coach.quality.marked import MarkedError, marked_in, read_marks
from goodword.coach.results import CATEGORIES

HERE = Path(__file__).parent
BLOCK = """split: dev
=== bank, a card abroad
C: [h1 I had to borrow money for dinner.] [q2 Is the card blocked?] [k3 The lady was so kind.]

We fly home on Sunday.
R: Hi Deirdre,

[1 Borrowing for dinner] is no joke. {blame You {SHOUT} us before.}
= 1y 2n 3n
! unanswered@2 gratitude@3
R: [1,2 It was stopped by mistake and works again], and [3 I told her].
= 1p 2y 3y
!
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "some.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_each_reply_is_a_case_with_what_is_wanted_of_it(tmp_path: Path) -> None:
    path = written(tmp_path, BLOCK.replace("{SHOUT}", "should have told"))
    (table, first), (_, second) = marked_in(path)
    assert (table, first["id"], first["split"]) == ("case", "some-1-1", "dev")
    assert first["customer_message"] == (
        "I had to borrow money for dinner. Is the card blocked? The lady was so kind.\n\n"
        "We fly home on Sunday."
    )
    assert first["draft"] == (
        "Hi Deirdre,\n\nBorrowing for dinner is no joke. You should have told us before."
    )
    assert first["wanted"] == [
        {"category": "blame", "in": "draft", "quote": "You should have told us before."},
        {"category": "unanswered_question", "in": "customer", "quote": "Is the card blocked?"},
        {"category": "gratitude", "in": "customer", "quote": "The lady was so kind."},
    ]
    assert first["questions"] == [
        {
            "quote": "I had to borrow money for dinner.",
            "kind": "concern",
            "answered": "yes",
            "by": "Borrowing for dinner",
        },
        {"quote": "Is the card blocked?", "kind": "question", "answered": "no"},
    ]
    assert second["wanted"] == []
    assert [one["answered"] for one in second["questions"]] == ["partly", "yes"]
    assert cases_in(tmp_path, "case", "dev") == [first, second]
    assert cases_in(tmp_path, "case", "test") == cases_in(tmp_path, "asked") == []


def test_without_a_line_of_what_is_missing_only_questions_are_labelled(tmp_path: Path) -> None:
    path = written(tmp_path, "split: test\n=== a\nC: [q1 When?]\nR: [1 At nine.]\n= 1y\n")
    [(table, case)] = marked_in(path)
    assert (table, case["questions"][0]["by"], "wanted" in case) == ("asked", "At nine.", False)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("=== a\n", 1, "split: dev"),
        ("split: dev\n=== a\nC: [q1 When?]\nR: No.\n= 1x\n", 5, "y, p or n"),
        ("split: dev\n=== a\nC: [q1 When?]\nR: No.\n= 1n\n! empathy@2\n", 6, "empathy@1"),
        ("split: dev\n=== a\nC: [q1 When?]\nR: No.\n= 1n\n!\nR: Yes.\n!\n", 8, "y, p or n"),
        ("split: dev\n=== a\nC: [q1 When?\nR: No.\n= 1n\n", 5, "never closed"),
        ("split: dev\n=== a\nC: [q1 When?]\nR: No] way.\n= 1n\n", 5, "could close"),
        ("split: dev\n=== a\nC: [q1 When?]\nR: [No.\n= 1n\n", 5, "a number or a category"),
    ],
)
def test_a_slip_is_told_with_its_file_and_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(MarkedError, match=says) as told:
        list(marked_in(path))
    assert str(told.value).startswith(f"{path}:{line}: ")


def test_marks_may_stand_in_one_another() -> None:
    marked = read_marks("{vagueness [1 Soon] or later.} Yes")
    assert (marked.text, marked.items) == ("Soon or later. Yes", [(0, 4, "", [1])])
    assert marked.faults == [(0, 14, "vagueness")]


@pytest.mark.parametrize("folder", ["replies", "longer", "answers"])
def test_what_is_marked_is_sound(folder: str) -> None:
    cases = [case for path in sorted((HERE / folder).glob("*.txt")) for _, case in marked_in(path)]
    assert len({case["id"] for case in cases}) == len(cases) > 1500
    for case in cases:
        for want in case.get("wanted", ()):
            assert want["category"] in CATEGORIES, (case["id"], want)
            assert want["quote"] in case["draft" if want["in"] == "draft" else "customer_message"]
        for one in case["questions"]:
            assert one["quote"] in case["customer_message"]
            assert one.get("by", "") in case["draft"]


def test_in_replies_whose_writers_taught_it_nothing_it_is_mostly_right_and_lets_good_ones_be() -> None:
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    asked, still_open = Tally(), Tally()
    good: list[bool] = []
    for case in cases_in(HERE / "replies", "case", "test"):
        result = reviewed(case)
        judge_findings(case, result, tallies)
        judge_questions(case, result, asked, still_open)
        if not case["wanted"]:
            good.append(bool(result.findings))
    found = together(tallies.values())
    assert found.recall >= 0.29
    assert found.precision >= 0.64
    assert sum(good) <= 0.08 * len(good)
    assert asked.recall >= 0.8
