"""How well the coach does on labelled cases: recall and precision per category, promises, questions."""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from goodword.coach.quality.cases import cases_in, reviewed
from goodword.coach.quality.judging import Tally, judge_commitments, judge_findings, judge_questions, together

SPLITS = ("dev", "test")
HEAD = (
    "Made by `python -m goodword.coach.quality src/goodword/coach/tests/{name}` from the labelled cases",
    "there: replies of shops, travel firms, banks, utilities, software makers and public services with the",
    "findings that a careful colleague would make, and good replies that want none.",
)


def report(folder: Path, splits: Iterable[str], *, notes: bool) -> str:
    """The figures as Markdown."""
    lines: list[str] = [
        "# How well the coach does",
        "",
        *(line.format(name=folder.name) for line in HEAD),
        "",
    ]
    about = folder / "README.md"
    if about.exists():
        lines += [about.read_text(encoding="utf-8").strip(), ""]
    for split in splits:
        lines += _split(folder, split, notes=notes)
    return "\n".join(lines)


def _split(folder: Path, split: str, *, notes: bool) -> list[str]:
    cases = cases_in(folder, "case", split)
    tallies: dict[str, Tally] = defaultdict(Tally)
    asked, still_open, told, due = Tally(), Tally(), Tally(), Tally()
    good = touched = 0
    for case in cases:
        result = reviewed(case)
        judge_findings(case, result, tallies)
        if not case["wanted"]:
            good += 1
            touched += bool(result.findings)
        if "questions" in case:
            judge_questions(case, result, asked, still_open)
        if "commitments" in case:
            judge_commitments(case, result, told, due)
    lone, lone_due, decoys = Tally(), Tally(), Tally()
    alarms: list[bool] = []
    for case in cases_in(folder, "promise", split):
        if case["commitments"]:
            judge_commitments(case, reviewed(case), lone, lone_due)
            continue
        before = decoys.wrong
        judge_commitments(case, reviewed(case), decoys, lone_due)
        alarms.append(decoys.wrong > before)
    lines = [f"## {split}: {len(cases)} cases, {good} of them good replies", "", *_table(tallies)]
    lines += [f"Good replies with a finding: {touched} of {good}.", ""]
    hard, hard_open = Tally(), Tally()
    for case in cases_in(folder, "asked", split):
        judge_questions(case, reviewed(case), hard, hard_open)
    lines += _questions(asked, still_open, "Questions, requests and concerns")
    if hard.found + hard.missed:
        lines += _questions(hard, hard_open, "The same in cases made to mislead")
    lines += _promises(told, due, lone, lone_due, alarms)
    if notes:
        named = [
            *sorted(tallies.items()),
            ("asked", asked),
            ("open", still_open),
            ("asked", hard),
            ("open", hard_open),
        ]
        named += [("promise", told), ("due", due), ("promise", lone), ("due", lone_due), ("decoy", decoys)]
        lines += [f"- {name}: {note}" for name, tally in named for note in tally.notes] + [""]
    return lines


def _table(tallies: dict[str, Tally]) -> list[str]:
    whole = together(tallies.values())
    rows = [
        f"| {name} | {t.found} / {t.found + t.missed} | {t.recall:.0%} "
        f"| {t.right} / {t.right + t.wrong} | {t.precision:.0%} |"
        for name, t in [*sorted(tallies.items()), ("all", whole)]
    ]
    return [
        "| category | wanted and found | recall | right of found | precision |",
        "| --- | --- | --- | --- | --- |",
        *rows,
        "",
    ]


def _questions(asked: Tally, still_open: Tally, name: str) -> list[str]:
    return [
        f"{name}: {asked.found} of {asked.found + asked.missed} seen "
        f"({asked.recall:.0%}); {asked.wrong} of {asked.right + asked.wrong} seen are none. Left open "
        f"by the reply: recall {still_open.recall:.0%}, precision {still_open.precision:.0%}, "
        f"F1 {still_open.f1:.2f}.",
        "",
    ]


def _promises(told: Tally, due: Tally, lone: Tally, lone_due: Tally, alarms: list[bool]) -> list[str]:
    def shown(found: Tally, moment: Tally) -> str:
        return (
            f"{found.found} of {found.found + found.missed} found ({found.recall:.0%}), the due moment "
            f"right in {moment.found} of {moment.found + moment.missed} ({moment.recall:.0%}), "
            f"{found.wrong} are none"
        )

    lines = [f"Promises in the replies: {shown(told, due)}."]
    if lone.found + lone.missed:
        lines.append(
            f"Promises in single sentences: {shown(lone, lone_due)}; "
            f"{sum(alarms)} of {len(alarms)} sentences that only look like a promise were taken for one."
        )
    return [*lines, ""]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m goodword.coach.quality", description=__doc__)
    parser.add_argument("folder", type=Path, help="a folder of labelled cases (TOML)")
    parser.add_argument("--split", action="append", help=f"one of {', '.join(SPLITS)} (default: all)")
    parser.add_argument("--notes", action="store_true", help="also name each miss and each false alarm")
    args = parser.parse_args(argv)
    sys.stdout.write(report(args.folder, args.split or SPLITS, notes=args.notes) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
