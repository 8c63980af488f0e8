"""How well the heads do on what was kept back, beside word counts with a logistic line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.metrics import f1_score, roc_auc_score

from goodword.coach.training.build import best_threshold
from goodword.coach.training.corpora import Corpus, Flags
from goodword.coach.training.learn import Floats, Group

Figures = dict[str, float]


def figures(group: Group, corpus: Corpus, scores: Floats) -> Figures:
    """Of one group; thresholds of many labels are chosen on one half kept back and used on the other."""
    truth = corpus.flags(group.labels)[corpus.held]
    if group.about.get("one"):
        return {"macro-F1": _macro(np.argmax(truth, 1), np.argmax(scores, 1))}
    if truth.shape[1] > 1:
        return {"macro-F1": _macro(truth, _crossed(scores, truth))}
    said = scores > 0  # where yes and no weigh the same, the line itself is the threshold
    return {
        "macro-F1": _macro(truth[:, 0], said[:, 0]),
        "F1": float(f1_score(truth[:, 0], said[:, 0])),
        "AUC": float(roc_auc_score(truth[:, 0], scores[:, 0])),
    }


def per_head(group: Group, corpus: Corpus, scores: Floats) -> Figures:
    truth = corpus.flags(group.labels)[corpus.held]
    said = _crossed(scores, truth) if truth.shape[1] > 1 else scores > 0
    if group.about.get("one"):
        said = np.eye(truth.shape[1], dtype=bool)[np.argmax(scores, 1)]
    return {
        head: float(f1_score(own, yes)) for head, own, yes in zip(group.labels, truth.T, said.T, strict=True)
    }


def baseline(group: Group, corpus: Corpus) -> Figures:
    """Words, pairs of words and runs of letters within words; learned and judged on the same texts."""
    known, unknown = _tfidf(corpus, letters=group.corpus != "goemotions")
    flags = corpus.flags(group.labels)
    scores = [_plain(group).fit(known, own).decision_function(unknown) for own in flags[~corpus.held].T]
    return figures(group, corpus, np.stack(scores, axis=1))


def topics(corpus: Corpus, rows: sp.csr_matrix, about: dict[str, Any]) -> Figures:
    """One label of many by a softmax-like vote of logistic lines; `outside` is the label of none of them."""
    labels = np.array([min(own) for own in corpus.labels])
    learner = SGDClassifier(loss="log_loss", alpha=about["strength"], max_iter=20, tol=None, random_state=0)
    learner.fit(rows[(~corpus.held).nonzero()[0]], labels[~corpus.held])
    scores = learner.decision_function(rows[corpus.held.nonzero()[0]])
    truth = labels[corpus.held]
    said = learner.classes_[np.argmax(scores, 1)]
    outside = about.get("outside")
    if outside is None:
        return {"macro-F1": _macro(truth, said), "accuracy": float((truth == said).mean())}
    inside = truth != outside
    return {
        "in-scope accuracy": float((said == truth)[inside].mean()),
        "out-of-scope recall": float((said == outside)[~inside].mean()),
    }


def topic_baseline(corpus: Corpus, about: dict[str, Any]) -> Figures:
    known, unknown = _tfidf(corpus, letters=True)
    rows = sp.lil_matrix((len(corpus.texts), known.shape[1]), dtype=np.float32).tocsr()
    order = np.argsort(np.concatenate([(~corpus.held).nonzero()[0], corpus.held.nonzero()[0]]))
    rows = sp.vstack([known, unknown]).tocsr()[order]
    return topics(corpus, rows, about)


def _plain(group: Group) -> Any:
    if group.about["learner"] == "sgd":
        return SGDClassifier(loss="log_loss", alpha=1e-5, max_iter=8, tol=None, average=True, random_state=0)
    return LogisticRegression(solver="liblinear", C=10, class_weight="balanced", random_state=0)


def _tfidf(corpus: Corpus, *, letters: bool) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    makers = [TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)]
    if letters:
        makers.append(TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True))
    known = [text for text, kept in zip(corpus.texts, corpus.held, strict=True) if not kept]
    unknown = [text for text, kept in zip(corpus.texts, corpus.held, strict=True) if kept]
    learned = sp.hstack([maker.fit_transform(known) for maker in makers]).tocsr()
    return learned, sp.hstack([maker.transform(unknown) for maker in makers]).tocsr()


def _crossed(scores: Floats, truth: Flags) -> Flags:
    """Yes or no per text and head, each half judged with the threshold that suits the other."""
    order = np.random.default_rng(0).permutation(len(scores))
    halves = (order[::2], order[1::2])
    said = np.zeros_like(truth)
    for own, other in (halves, halves[::-1]):
        limits = [best_threshold(scores[other, head], truth[other, head]) for head in range(truth.shape[1])]
        said[own] = scores[own] > np.array(limits)
    return said


def _macro(truth: npt.NDArray[Any], said: npt.NDArray[Any]) -> float:
    return float(f1_score(truth, said, average="macro"))


def as_table(rows: Sequence[tuple[str, Figures, Figures]]) -> str:
    """Markdown: what was measured, the plain baseline, the heads; in per cent."""
    lines = ["| heads | figure | baseline | heads |", "| --- | --- | ---: | ---: |"]
    for name, plain, own in rows:
        for figure, value in own.items():
            beside = f"{100 * plain[figure]:.1f}" if figure in plain else ""
            lines.append(f"| {name} | {figure} | {beside} | {100 * value:.1f} |")
    return "\n".join(lines)
