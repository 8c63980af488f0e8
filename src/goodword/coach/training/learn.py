"""Learns one head after another: a logistic line through the rows of a matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression, SGDClassifier

from goodword.coach.training.corpora import Corpus, Flags

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Group:
    """Heads that learn from one corpus in one way; `labels`: head → the labels it stands for."""

    name: str
    corpus: str
    labels: Mapping[str, list[str]]
    about: Mapping[str, Any]


@dataclass(frozen=True)
class Lines:
    """Features x heads, and a bias per head."""

    weights: Floats
    biases: Floats


def group_of(about: Mapping[str, Any], corpus: Corpus) -> Group:
    name = about["name"]
    if "says" in about:
        labels = {name: [about["says"]]}
    else:
        own = about.get("labels") or {label: [label] for label in sorted(set().union(*corpus.labels))}
        labels = {f"{name}.{label}": list(some) for label, some in own.items()}
    return Group(name, about["corpus"], labels, about)


def fit(group: Group, rows: sp.csr_matrix, flags: Flags) -> Lines:
    learned = [_learner(group.about).fit(rows, own) for own in flags.T]
    weights = np.stack([one.coef_[0] for one in learned], axis=1).astype(np.float32)
    return Lines(weights, np.array([one.intercept_[0] for one in learned], dtype=np.float32))


def importance(lines: Lines, rows: sp.csr_matrix) -> Floats:
    """How much each feature moves the group's heads: its largest weight, by how often it stands."""
    often = np.sqrt(np.asarray((rows > 0).sum(axis=0)).ravel())
    moves = np.abs(lines.weights) * often[:, None]
    return np.asarray((moves / (moves.max(axis=0) + 1e-9)).max(axis=1), dtype=np.float32)


def _learner(about: Mapping[str, Any]) -> Any:
    if about["learner"] == "sgd":
        settings: dict[str, Any] = {"loss": "log_loss", "max_iter": 8, "tol": None, "average": True}
        weight = "balanced" if about.get("balanced") else None
        return SGDClassifier(alpha=about["strength"], class_weight=weight, random_state=0, **settings)
    return LogisticRegression(
        solver="liblinear", C=about["strength"], class_weight="balanced", random_state=0
    )
