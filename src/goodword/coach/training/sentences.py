"""python -m goodword.coach.training.sentences CASES... OUT: learn what single sentences say.

Writes OUT/agent.npz and OUT/customer.npz. Learned from the bank of sentences beside this file, from the
rules' own good and bad lines, and from the sentences of the labelled cases in the folders CASES: where
promises were labelled each sentence is known to promise or not, and a sentence of a reply without a finding
is an innocent one for the heads of `faults` in sentences.toml.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from goodword.coach.heads import store
from goodword.coach.heads.scoring import ADDRESS_SHIFT
from goodword.coach.pack import load_pack
from goodword.coach.quality.cases import cases_in
from goodword.coach.training.build import best_threshold, chance_line, quantised
from goodword.coach.training.learn import Lines
from goodword.coach.training.matrix import Vocabulary, count, matrix

BANK = Path(__file__).parent / "bank"
PLAN = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text(encoding="utf-8"))
FOLDS = 5
FEWEST = 8  # sentences a head must have to learn from
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Sentence:
    """A sentence of one side, what it says, and of which heads that is known (`about`).

    `real`: it stands in a whole message, where faults are as rare as in life; from these a chance is told.
    """

    side: str
    text: str
    says: frozenset[str]
    about: frozenset[str]
    group: str
    real: bool = False


def read_bank(folder: Path) -> list[Sentence]:
    """`NAME_agent.tsv` and `NAME_customer.tsv`: labels with commas, a tab, the sentence."""
    found = []
    for path in sorted(folder.glob("*.tsv")):
        side = path.stem.rsplit("_", 1)[1]
        about = frozenset(PLAN[side]["heads"])
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            labels, _, text = line.partition("\t")
            if text.strip():
                says = frozenset(labels.split(",")) & about
                found.append(Sentence(side, text.strip(), says, about, f"{path.stem}/{number // 20}"))
    return found


def read_cases(folder: Path) -> list[Sentence]:
    """The sentences of the labelled cases of the part dev, both sides: the others still judge."""
    found: list[Sentence] = []
    for promise in cases_in(folder, "promise", "dev"):
        found += _promises(promise)
    for case in cases_in(folder, "case", "dev"):
        found += _promises(case)
        faults = [
            (PLAN["faults"][want["category"]], want["quote"])
            for want in case["wanted"]
            if want.get("in", "draft") == "draft" and want["category"] in PLAN["faults"]
        ]
        found += _sentences(case, "agent", "draft", faults, frozenset(PLAN["faults"].values()))
        if "questions" in case:
            asked = [(question["kind"], question["quote"]) for question in case["questions"]]
            found += _sentences(case, "customer", "customer_message", asked, frozenset(PLAN["asks"]))
    return found


def _promises(case: Mapping[str, Any]) -> list[Sentence]:
    """The sentences of a labelled draft, each with whether it promises; none where nobody labelled that."""
    if "commitments" not in case:
        return []
    said = [("promise", promise["quote"]) for promise in case["commitments"]]
    found = _sentences(case, "agent", "draft", said, frozenset({"promise"}))
    return found if "id" in case else [replace(one, group=one.text, real=False) for one in found]


def read_rules() -> list[Sentence]:
    """The rules' own lines: a bad one of a single sentence shows its fault, a good one is innocent of it."""
    pack, found = load_pack(), list[Sentence]()
    for rule in pack.rules:
        head = PLAN["faults"].get(rule.category)
        for line in (*rule.bad, *rule.good) if head else ():
            text = pack.text(line if isinstance(line, str) else str(line.get("draft", "")))
            bad = line in rule.bad
            if text.sentences and (len(text.sentences) == 1 or not bad):
                says = frozenset({head}) if bad else frozenset[str]()
                found += [
                    Sentence("agent", text.quote(*one), says, frozenset({head}), rule.id)
                    for one in text.sentences
                ]
    return found


def _sentences(
    case: Mapping[str, Any], side: str, field: str, labels: Iterable[tuple[str, str]], about: frozenset[str]
) -> list[Sentence]:
    text = load_pack().text(case.get(field, ""))
    spans = [
        (text.raw.find(quote), text.raw.find(quote) + len(quote), label)
        for label, quote in labels
        if quote in text.raw
    ]
    return [
        Sentence(
            side,
            text.quote(*sentence),
            frozenset(label for start, end, label in spans if start < sentence[1] and sentence[0] < end),
            about,
            case.get("id", ""),
            real=True,
        )
        for sentence in text.sentences
    ]


def train(sentences: list[Sentence], side: str) -> tuple[store.Weights, list[str]]:
    """The heads of one side, and a line of figures for each, from scores out of fold."""
    own = [sentence for sentence in sentences if sentence.side == side]
    heads = [head for head in PLAN[side]["heads"] if sum(head in one.says for one in own) >= FEWEST]
    counts = count([sentence.text for sentence in own])
    known = _vocabulary(counts)
    rows = matrix(counts, known)
    groups = np.array([sentence.group for sentence in own])
    learned, figures = [], []
    for head in heads:
        chosen = np.array([head in sentence.about for sentence in own])
        truth = np.array([head in sentence.says for sentence in own])[chosen]
        part = rows[chosen.nonzero()[0]]
        scores = _out_of_fold(part, truth, groups[chosen])
        real = np.array([one.real for one in own])[chosen]
        as_often = real if truth[real].sum() >= FEWEST else np.ones_like(real)
        slope, shift = chance_line(scores[as_often], truth[as_often])
        cut = best_threshold(scores, truth)
        figures.append(f"| {head} | {int(truth.sum())} of {len(truth)} | {_f1(scores >= cut, truth):.2f} |")
        line = _line().fit(part, truth)
        learned.append((line.coef_[0], line.intercept_[0], slope, shift, slope * cut + shift))
    weights, biases, slopes, shifts, cuts = (
        np.array(column, dtype=np.float32) for column in zip(*learned, strict=True)
    )
    small = quantised([f"{side}.{head}" for head in heads], known, Lines(weights.T, biases))
    thresholds = (1 / (1 + np.exp(-cuts))).astype(np.float32)
    return replace(small, slopes=slopes, shifts=shifts, thresholds=thresholds), figures


def _vocabulary(counts: Any) -> Vocabulary:
    keys, frequency = np.unique(counts.hashes, return_counts=True)
    often = frequency >= PLAN["least"]
    rarity = np.log((1 + counts.size) / (1 + frequency[often])) + 1
    keys, rarity = keys[often], rarity.astype(np.float16).astype(np.float32)
    order = np.argsort(-frequency[often], kind="stable")
    _, first = np.unique(keys[order] >> ADDRESS_SHIFT, return_index=True)
    return Vocabulary(keys, rarity).only(np.sort(order[np.sort(first)][: PLAN["most"]]))


def _line() -> LogisticRegression:
    return LogisticRegression(solver="liblinear", C=PLAN["strength"], class_weight="balanced", random_state=0)


def _out_of_fold(rows: sp.csr_matrix, truth: Flags, groups: npt.NDArray[np.str_]) -> Floats:
    scores = np.zeros(len(truth), dtype=np.float32)
    for learn, judge in StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0).split(rows, truth, groups):
        scores[judge] = _line().fit(rows[learn], truth[learn]).decision_function(rows[judge])
    return scores


def _f1(found: Flags, truth: Flags) -> float:
    return float(2 * (found & truth).sum() / max(1, found.sum() + truth.sum()))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m goodword.coach.training.sentences", description=__doc__)
    parser.add_argument("cases", type=Path, nargs="+", help="folders of labelled cases")
    parser.add_argument("out", type=Path, help="the folder for the weights and figures")
    given = parser.parse_args(arguments)
    if not BANK.is_dir():
        parser.error("the installed package has no bank of sentences; run this in a checkout of Goodword")
    sentences = read_bank(BANK) + read_rules() + [one for folder in given.cases for one in read_cases(folder)]
    given.out.mkdir(parents=True, exist_ok=True)
    lines = ["| head | sentences | F1 out of fold |", "| --- | --- | ---: |"]
    for side in ("agent", "customer"):
        weights, figures = train(sentences, side)
        store.save(weights, given.out / f"{side}.npz")
        lines += figures
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
