"""python -m goodword.coach.training.pressing CASES...: learn what a reply should have taken up.

CASES are folders of labelled cases; those of the part dev are learned from. Learns the heads of `MATTERS`
over the features that `customer.npz` has, and leaves the heads beside them as they are; then, from scores out
of fold, the lines of `pressing.toml` of the English pack.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from goodword.coach import pressing
from goodword.coach.case import Case
from goodword.coach.heads import store
from goodword.coach.learned import heard
from goodword.coach.pack import PACKS
from goodword.coach.quality.cases import cases_in
from goodword.coach.training.build import chance_line, quantised
from goodword.coach.training.corpora import Flags
from goodword.coach.training.learn import Lines
from goodword.coach.training.matrix import Vocabulary, count, matrix
from goodword.coach.training.questions import read_case

HEAD = """# Which sentence of the customer's wants understanding or an apology, and whether the reply passed it over.
# Learned from labelled cases by `python -m goodword.coach.training.pressing`; not written by hand.
# `doubt`: below this chance no rule of words says so, of `words` words and more. `near`: how nearly as much a sentence beside must press.
"""  # noqa: E501
HEADS = (
    *("question", "request", "concern", "loss", "health", "money", "fear", "effort", "repeat", "occasion"),
    *("hurt", "without", "angry", "praise", "loyal", "leaving", "detail", "story"),
)
MATTERS = {"empathy": "telling", "apology": "wronged"}
DOUBT = {"empathy": 0.35, "apology": 0.2}
NEAR = 1.5
WORDS = 40  # a shorter draft is no whole reply yet
FOLDS = 5
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Told:
    """A case as it was reviewed, and for each matter which of the customer's sentences want it."""

    case: Case
    texts: list[str]
    wanted: dict[str, list[bool]]


def told_in(folders: Iterable[Path]) -> list[Told]:
    """The labelled cases with a message of a customer."""
    found = []
    for folder in folders:
        for labelled in cases_in(folder, "case", "dev"):
            if labelled.get("customer_message") and "wanted" in labelled:
                told = _told(read_case(labelled), labelled)
                found += [told] if told.texts else []
    return found


def _told(case: Case, labelled: dict[str, Any]) -> Told:
    raw, sentences = case.customer.raw, heard(case).sentences
    wanted = {}
    for matter in MATTERS:
        quotes = [
            want["quote"]
            for want in labelled["wanted"]
            if want["category"] == matter and want.get("in") != "draft" and want["quote"] in raw
        ]
        spans = [(raw.find(quote), raw.find(quote) + len(quote)) for quote in quotes]
        wanted[matter] = [any(start < b and a < end for a, b in spans) for start, end in sentences]
    return Told(case, [raw[start:end] for start, end in sentences], wanted)


def _line(strength: float, *, solver: str = "lbfgs", balanced: bool = True) -> LogisticRegression:
    weight = "balanced" if balanced else None
    return LogisticRegression(C=strength, class_weight=weight, solver=solver, max_iter=2000)


class Material:
    """All sentences of all cases, one below the other."""

    def __init__(self, told: Sequence[Told], weights: store.Weights) -> None:
        self.told = told
        self.owner = np.array([place for place, one in enumerate(told) for _ in one.texts])
        self.known = Vocabulary(weights.keys, weights.rarity.astype(np.float32))
        self.rows = matrix(count([text for one in told for text in one.texts]), self.known)

    def wanted(self, matter: str) -> Flags:
        """Of each sentence."""
        return np.array([flag for one in self.told for flag in one.wanted[matter]])

    def asks(self, matter: str) -> Flags:
        """Of each case."""
        return np.array([any(one.wanted[matter]) for one in self.told])


def with_head(weights: store.Weights, material: Material, matter: str) -> tuple[store.Weights, Floats]:
    """The weights with the head of the matter learned anew, and each sentence's chance out of fold."""
    wanted, learn = material.wanted(matter), material.asks(matter)[material.owner]
    scores = np.zeros(len(wanted), dtype=np.float32)
    folds = GroupKFold(FOLDS, shuffle=True, random_state=0).split(material.rows, groups=material.owner)
    for others, judged in folds:
        some = others[learn[others]]
        scores[judged] = (
            _line(8.0, solver="liblinear")
            .fit(material.rows[some], wanted[some])
            .decision_function(material.rows[judged])
        )
    line = _line(8.0, solver="liblinear").fit(material.rows[learn.nonzero()[0]], wanted[learn])
    slope, shift = chance_line(scores[learn], wanted[learn])
    lines = Lines(line.coef_.T.astype(np.float32), line.intercept_.astype(np.float32))
    own = quantised([f"customer.{MATTERS[matter]}"], material.known, lines)
    own = replace(own, slopes=np.array([slope]), shifts=np.array([shift]))
    return _joined(weights, own), 1 / (1 + np.exp(-(slope * scores + shift)))


def _joined(weights: store.Weights, own: store.Weights) -> store.Weights:
    """The weights with the one head of `own` put last; it replaces one of its name."""
    keep = [place for place, name in enumerate(weights.names) if name != own.names[0]]

    def beside(field: str) -> Any:
        old = getattr(weights, field)
        return np.concatenate([old[..., keep], getattr(own, field)], axis=-1).astype(old.dtype)

    fields = ("weights", "scales", "biases", "slopes", "shifts", "thresholds")
    names = (*(weights.names[place] for place in keep), *own.names)
    return replace(weights, names=names, **{field: beside(field) for field in fields})


def lines_of(material: Material, rows: list[dict[str, float]], matter: str) -> dict[str, dict[str, float]]:
    """The two lines of a matter: through the sentences, and through the replies."""
    wanted, asks = material.wanted(matter), material.asks(matter)
    learn = asks[material.owner]
    names, table = _table(rows)
    line = _line(0.1).fit(table[learn], wanted[learn])
    scores = line.decision_function(table)
    reply_names, replies = _table(
        [
            pressing.reply_signs(one.case, scores[material.owner == place].tolist())
            for place, one in enumerate(material.told)
        ]
    )
    mean, spread = replies.mean(axis=0), replies.std(axis=0) + 1e-6
    judge = _line(0.01, balanced=False).fit((replies - mean) / spread, asks)
    weights = judge.coef_[0] / spread
    bias = float(judge.intercept_[0] - (weights * mean).sum())
    return {
        "sentence": _named(names, line.coef_[0], float(line.intercept_[0])),
        "reply": _named(reply_names, weights, bias),
    }


def _table(rows: Sequence[dict[str, float]]) -> tuple[list[str], Floats]:
    names = sorted(rows[0])
    return names, np.array([[row[name] for name in names] for row in rows], dtype=np.float32)


def _named(names: Sequence[str], weights: Any, bias: float) -> dict[str, float]:
    return {"bias": round(bias, 3)} | {
        name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)
    }


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m goodword.coach.training.pressing", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", help="folders of labelled cases (TOML)")
    args = parser.parse_args(argv)
    path = store.FOLDER / "customer.npz"
    weights = store.load(path)
    material = Material(told_in(args.folders), weights)
    told = material.told
    told[0].case.pack.data["pressing"]["heads"][:] = HEADS
    rows = [row for one in told for row in pressing.sentence_signs(one.case)]
    for matter, head in MATTERS.items():
        weights, chances = with_head(weights, material, matter)
        for row, chance in zip(rows, chances, strict=True):
            row[head] = pressing.leaning(float(chance))
    store.save(weights, path)
    heads = ", ".join(f'"{head}"' for head in (*HEADS, *MATTERS.values()))
    text = [HEAD, f"heads = [{heads}]", f"words = {WORDS}"]
    for matter in MATTERS:
        text += ["", f"[{matter}]", f"doubt = {DOUBT[matter]}", f"near = {NEAR}"]
        for name, line in lines_of(material, rows, matter).items():
            text += ["", f"[{matter}.{name}]", *(f"{sign} = {weight}" for sign, weight in line.items())]
        passed = int(material.asks(matter).sum())
        sys.stdout.write(f"{matter}: passed over in {passed} of {len(told)} cases\n")
    target = PACKS / "en" / "data" / "pressing.toml"
    target.write_text("\n".join(text) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
