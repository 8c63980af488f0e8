"""python -m goodword.coach.training.both_texts CASES...: learn how far to trust what both texts tell.

CASES are folders of labelled cases; only those that the reader of both texts did not learn from are used
(`held`). What is learned goes to `both_texts.toml` of the English pack: how much its word on a question
counts beside the signs, how likely a sentence is at fault, and which remarks are worth making.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import log
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression

from goodword.coach import both_texts
from goodword.coach.case import Case
from goodword.coach.pack import PACKS, Pack, load_pack
from goodword.coach.quality.cases import reviewed
from goodword.coach.quality.judging import wanted_by
from goodword.coach.readers.answer_signs import asked_of, scale_of, signs_of_all
from goodword.coach.readers.answers import beyond
from goodword.coach.readers.units import units_of
from goodword.coach.results import Finding, Where
from goodword.coach.training.held import held_in
from goodword.coach.training.meeting import label_of
from goodword.coach.training.questions import ENOUGH, OPEN, read_case
from goodword.coach.trust import EVERYTHING

HEAD = """# How what both texts tell together is weighed with what rules found: how likely sentences are at
# fault, and which remarks are worth making. Learned from labelled cases of writers that the reader of both
# texts did not learn from, by `python -m goodword.coach.training.both_texts`; not written by hand.
"""
WORDS = 22  # of a draft that is read with its message at all; shorter ones it has hardly seen
FEWEST = 12  # sentences of a category that a chance can be told from
OWN = 0.4  # how freely a category may differ from all of them together
PLACES: tuple[Where, ...] = ("draft", "customer")


class Remark(NamedTuple):
    """A remark made: its rule's share of right ones as log odds, what was seen, whether it was wanted."""

    category: str
    share: float
    score: float
    right: bool


def _questions(folders: Iterable[Path]) -> Iterator[tuple[str, dict[str, float], float, str]]:
    """Scale, what the signs say on each of its states, what both texts tell, and the label."""
    for labelled in _held(folders, ("case", "asked")):
        case = read_case(labelled)
        asked = [asked_of(case, question) for question in case.asked[: both_texts.MOST_ASKED]]
        if not asked or "questions" not in labelled:
            continue
        signs = signs_of_all(case, units_of(case), asked)
        for place, (one, (found, unit)) in enumerate(zip(asked, signs, strict=True)):
            left = both_texts.left_open(case, place)
            if left is None or unit is None:
                continue
            label = label_of(labelled, one.question)
            scales = case.pack.asking.scales[scale_of(one.want)]
            own = {state: beyond(scales[state], found) for state in scales}
            yield scale_of(one.want), own, left, label["answered"] if label else ""


def _held(folders: Iterable[Path], tables: Iterable[str]) -> Iterator[dict[str, Any]]:
    for folder in folders:
        for table in tables:
            yield from (one for one in held_in(folder, table) if one.get("customer_message"))


def open_lines(folders: Iterable[Path]) -> dict[str, dict[str, dict[str, float]]]:
    rows = list(_questions(folders))
    found: dict[str, dict[str, dict[str, float]]] = defaultdict(dict)
    for scale, chances in ENOUGH.items():
        own = [row for row in rows if row[0] == scale]
        for state, chance in chances.items():
            table = np.array([[signs[state], left] for _, signs, left, _ in own])
            line = LogisticRegression(C=1.0).fit(table, [label in OPEN[state] for *_, label in own])
            base = float(line.intercept_[0]) - log(chance / (1 - chance))
            by_signs, by_both = (float(weight) for weight in line.coef_[0])
            found[scale][state] = {"line": by_signs, "left": by_both, "base": base}
    return found


def chance_lines(folders: Sequence[Path], where: Where) -> dict[str, dict[str, float]]:
    """For each category, how a sentence's score becomes the chance that it is one of those wanted."""
    scores: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for labelled in _held(folders, ("case",)):
        case = read_case(labelled)
        told = both_texts.seen(case)
        if told is None:
            continue
        text = case.draft if where == "draft" else case.customer
        wanted = [
            (want["category"], text.raw.find(want["quote"]), len(want["quote"]))
            for want in labelled["wanted"]
            if want.get("in", "draft") == where
        ]
        for sentence in text.sentences:
            for category in told.categories:
                score = both_texts.score(case, category, where, *sentence)
                is_one = any(
                    one == category and at < sentence.end and sentence.start < at + size
                    for one, at, size in wanted
                )
                if score is not None:
                    scores[category].append((score, is_one))
    found = {}
    for category, pairs in scores.items():
        if sum(is_one for _, is_one in pairs) >= FEWEST:
            line = LogisticRegression(C=1.0).fit([[score] for score, _ in pairs], [one for _, one in pairs])
            found[category] = {"slope": float(line.coef_[0][0]), "shift": float(line.intercept_[0])}
    return found


def remarks(folders: Iterable[Path], pack: Pack) -> dict[Where, list[Remark]]:
    """All remarks that rules make where none is held back."""
    open_pack = replace(pack, trust=replace(EVERYTHING, words=sys.maxsize))
    found: dict[Where, list[Remark]] = {where: [] for where in PLACES}
    for labelled in _held(folders, ("case",)):
        case = read_case(labelled)
        if len(case.draft.lowers) < pack.trust.words or both_texts.seen(case) is None:
            continue
        for finding in reviewed(labelled, pack=open_pack).findings:
            share = pack.trust.shares.get(finding.rule)
            score = _score(case, finding)
            if share is not None and score is not None:
                right = any(wanted_by(want, finding, labelled) for want in labelled["wanted"])
                odds = both_texts.odds(share)
                found[finding.where].append(Remark(finding.category, odds, score, right))
    return found


def _score(case: Case, finding: Finding) -> float | None:
    return both_texts.score(case, finding.category, finding.where, *both_texts.around(case, finding))


def remark_lines(made: Sequence[Remark]) -> dict[str, dict[str, float]]:
    """How share and score become the chance to be right: for all categories, and a little for each."""
    names = sorted({one.category for one in made})
    table = np.array([_row(one, names) for one in made])
    line = LogisticRegression(C=1.0, fit_intercept=False, max_iter=2000)
    weights = line.fit(table, [one.right for one in made]).coef_[0].reshape(-1, 3)
    return {
        name: dict(zip(("share", "seen", "base"), map(float, weights[0] + OWN * own), strict=True))
        for name, own in zip(names, weights[1:], strict=True)
    }


def _row(one: Remark, names: Sequence[str]) -> list[float]:
    signs = [one.share, one.score, 1.0]
    return signs + [OWN * sign * (one.category == name) for name in names for sign in signs]


def _table(name: str, values: Mapping[str, float]) -> list[str]:
    return [f"[{name}]", *(f"{key} = {value:.3f}" for key, value in values.items()), ""]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m goodword.coach.training.both_texts", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", help="folders of labelled cases")
    parser.add_argument("--remarks", action="store_true", help="only which remarks are made, after `trust`")
    args = parser.parse_args(argv)
    target = PACKS / "en" / "data" / "both_texts.toml"
    pack = load_pack()
    known = pack.data["both_texts"]
    lines = [HEAD, f"words = {WORDS}", ""]
    opened = known["open"] if args.remarks else open_lines(args.folders)
    for scale, states in opened.items():
        for state, values in states.items():
            lines += _table(f"open.{scale}.{state}", values)
    for where in PLACES:
        told = known[where] if args.remarks else chance_lines(args.folders, where)
        for category, values in told.items():
            lines += _table(f"{where}.{category}", values)
    for where, made in remarks(args.folders, pack).items():
        right = sum(one.right for one in made)
        sys.stdout.write(f"{where}: {right} of {len(made)} remarks were right\n")
        for category, values in remark_lines(made).items():
            lines += _table(f"remark.{where}.{category}", values)
    target.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
