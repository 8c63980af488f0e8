"""python -m goodword.coach.training.questions CASES...: learn by which signs a question is left open.

CASES are folders of labelled cases (goodword.coach.quality.cases). What is learned goes to
`answer_weights.toml` of the English pack.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from goodword.coach.case import Case
from goodword.coach.heads.scoring import Heads
from goodword.coach.pack import PACKS, load_pack
from goodword.coach.quality.cases import WRITTEN, cases_in
from goodword.coach.readers import REVIEWING
from goodword.coach.readers.answer_signs import Signs, scale_of, signs_of_all
from goodword.coach.readers.learned_signs import PREFIXES
from goodword.coach.readers.units import units_of
from goodword.coach.results import Question
from goodword.coach.reviewing import moment
from goodword.coach.training.meeting import Met, label_of, learn_meeting, meet, overlap
from goodword.coach.when import Clock

HEAD = """# How much each sign counts of a question being left open: answered in part, or not at all.
# `meeting`: what speaks for a part of the reply answering a question. Learned from labelled cases by
# `python -m goodword.coach.training.questions`; not written by hand.
"""
OPEN = {"open": ("no", "partly"), "no": ("no",)}
# The chance from which on a question counts as open; chosen where
# three in five findings are right in cases of writers that were left out of the learning.
ENOUGH = {
    "question": {"open": 0.33, "no": 0.33},
    "deed": {"open": 0.33, "no": 0.33},
    "care": {"open": 0.33, "no": 0.33},
}
SURE = 0.5  # and that from which on it surely does
FIRMNESS = 1 / 150
HARD = 0.15  # what one counts of a case that was made to mislead
INFERRED = 0.4  # what a state counts that was not labelled, only inferred from the findings wanted


class Row(NamedTuple):
    """One question of a labelled case; `state` is empty for what nobody labelled as one."""

    scale: str
    signs: Signs
    state: str
    weight: float
    part: int = 0  # of those parts of the cases of which each is left out of the learning once


class Learned(NamedTuple):
    """The sum that is enough, that for want of the heads' signs, how much more is sure; each weight."""

    enough: float
    unaided: float
    sure: float
    weights: dict[str, float]


def labelled_in(folder: Path) -> list[dict[str, Any]]:
    """The cases of a folder to learn from: of the part dev, and with a message of a customer."""
    found = (case for table in ("case", "asked") for case in cases_in(folder, table, "dev"))
    return [case for case in found if isinstance(case.get("customer_message"), str)]


def read_case(labelled: Mapping[str, Any]) -> Case:
    """The case as the coach reads it."""
    pack = load_pack()
    now = moment(labelled.get("now", WRITTEN["now"]), labelled.get("tz", WRITTEN["tz"]))
    case = Case(
        pack=pack,
        draft=pack.text(labelled["draft"]),
        customer=pack.text(labelled["customer_message"]),
        clock=Clock(now),
        customer_name=labelled.get("customer_name", ""),
        agent_name=labelled.get("agent_name", ""),
    )
    REVIEWING.run(case)
    return case


def rows_of(labelled: Mapping[str, Any], met: Met, weights: Mapping[str, float]) -> Iterator[Row]:
    """The questions of a case as the coach sees them, each with what it was labelled.

    `weights`: of a part answering a question, learned without this case.
    """
    case, asked = met.case, met.asked
    paired: list[Signs] = [{} for _ in asked]
    if met.pairs is not None:
        paired = Heads.answered(met.pairs, weights, met.free)
    found = signs_of_all(case, units_of(case), asked)
    for one, (signs, _), instead in zip(asked, found, paired, strict=True):
        scale = scale_of(one.want)
        label = label_of(labelled, one.question)
        state = label["answered"] if label else _inferred(labelled, scale, one.question)
        if not state and "questions" not in labelled:
            continue
        trust = INFERRED if "questions" not in labelled else HARD if _is_hard(labelled) else 1.0
        yield Row(scale, signs | instead, state, trust, met.part)


def _is_hard(labelled: Mapping[str, Any]) -> bool:
    """Whether the case was made to mislead: these have no findings wanted, and are not the usual thing."""
    return "wanted" not in labelled


def _inferred(labelled: Mapping[str, Any], scale: str, question: Question) -> str:
    """The state of a question that was not labelled, from the findings that were wanted."""
    if "questions" in labelled or scale == "care":
        return ""
    left = (want for want in labelled["wanted"] if want["category"] == "unanswered_question")
    overlaps = (overlap(labelled, want["quote"], question) for want in left)
    return "no" if max(overlaps, default=0) > 0 else "yes"


def learn(rows: list[Row], states: tuple[str, ...], enough: float) -> Learned:
    """What tells the rows of these states from the others; `enough`: the chance from which on one counts."""
    names = DictVectorizer(sparse=False)
    values = names.fit_transform([row.signs for row in rows])
    spread = StandardScaler().fit(values)
    line = LogisticRegression(C=FIRMNESS, max_iter=1000)
    truth = [row.state in states for row in rows]
    line.fit(spread.transform(values), truth, sample_weight=[row.weight for row in rows])
    weights = line.coef_[0] / spread.scale_
    base = float(line.intercept_[0] - (weights * spread.mean_).sum())
    found = zip(names.get_feature_names_out(), weights, strict=True)
    kept = {name: float(weight) for name, weight in found if name != "b" and abs(weight) >= 0.0005}
    usual = dict(zip(names.get_feature_names_out(), spread.mean_, strict=True))
    heads = sum(kept[name] * float(usual[name]) for name in kept if name.startswith(PREFIXES))
    limit = _odds(enough) - base
    return Learned(limit, limit - heads, _odds(SURE) - _odds(enough), kept)


def _odds(chance: float) -> float:
    return math.log(chance / (1 - chance))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m goodword.coach.training.questions", description=__doc__)
    parser.add_argument("cases", type=Path, nargs="+", help="folders of labelled cases")
    parser.add_argument("--out", type=Path, default=PACKS / "en" / "data" / "answer_weights.toml")
    given = parser.parse_args(arguments)
    folders = [labelled_in(folder) for folder in given.cases]
    labelled = [case for folder in folders for case in folder]
    # Each folder, which is of one manner, weighs the same, however many cases it holds.
    shares = [len(labelled) / len(folders) / len(folder) for folder in folders for _case in folder]
    cases = [meet(case, read_case(case)) for case in labelled]
    meeting = learn_meeting(labelled, cases)
    rows = [
        row._replace(weight=row.weight * share)
        for case, met, share in zip(labelled, cases, shares, strict=True)
        for row in rows_of(case, met, meeting.without[met.part])
    ]
    lines = [HEAD, "[meeting]", *(f"{name} = {weight:.4f}" for name, weight in meeting.all.items()), ""]
    for kind, chances in ENOUGH.items():
        own = [row for row in rows if row.scale == kind]
        for state, chance in chances.items():
            found_out = learn(own, OPEN[state], chance)
            lines += [f"[scales.{kind}.{state}]", f"enough = {found_out.enough:.3f}"]
            lines += [
                f"unaided = {found_out.unaided:.3f}",
                f"sure = {found_out.sure:.3f}",
                "",
                f"[scales.{kind}.{state}.weights]",
            ]
            lines += [*(f"{name} = {weight:.3f}" for name, weight in found_out.weights.items()), ""]
    given.out.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(rows)} questions of {len(labelled)} cases were learned from.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
