"""python -m goodword.coach.training CORPORA OUT: learn the heads, write OUT/heads.npz and OUT/figures.md.

CORPORA is a folder with one folder per corpus, as `corpora.toml` names them.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

from goodword.coach.heads import store
from goodword.coach.heads.features import words
from goodword.coach.heads.vectors import Vectors, WordVectors, read_vectors
from goodword.coach.training import answers, build, figures, learn, matrix
from goodword.coach.training.corpora import CorpusError, plan, read_corpus, read_rows

Measured = tuple[str, figures.Figures, figures.Figures]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m goodword.coach.training", description=__doc__)
    parser.add_argument("corpora", type=Path, help="the folder with the corpora")
    parser.add_argument("out", type=Path, help="the folder for weights and figures")
    given = parser.parse_args(arguments)
    vectors = read_vectors()
    if vectors is None:
        return _refuse("wordllama is not installed; install goodword[learned].")
    try:
        _train(given.corpora, given.out, vectors)
    except CorpusError as problem:
        return _refuse(str(problem))
    return 0


def _refuse(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 2


def _train(folder: Path, out: Path, vectors: WordVectors) -> None:
    out.mkdir(parents=True, exist_ok=True)
    about = plan()
    corpora = {one["name"]: read_corpus(folder, one) for one in about["corpus"]}
    groups = [learn.group_of(one, corpora[one["corpus"]]) for one in about["group"]]
    used = {group.corpus for group in groups}
    material = {name: build.Material(corpora[name], matrix.count(corpora[name].texts)) for name in used}
    _say("features counted")
    known = matrix.vocabulary([(material[name].counts, ~corpora[name].held) for name in sorted(used)])
    known = build.choose(groups, material, known)
    _say(f"{len(known.keys)} features chosen")

    names = [head for group in groups for head in group.labels]
    tried = build.quantised(names, known, build.learn_all(groups, material, known, everything=False))
    scores = {name: build.held_scores(tried, material[name]) for name in used}
    _say("learning part learned and judged")
    measured, heads = _measure(groups, corpora, scores, names)
    final = build.learn_all(groups, material, known, everything=True)
    weights = build.quantised(names, known, final)
    weights = build.calibrated(weights, groups, scores, material)
    _say("everything learned")

    texts = [text for name in sorted(used) for text in corpora[name].texts]
    texts += [text for row in read_rows(folder / about["pair"]["file"]) for text in row["candidates"]]
    weights = answers.with_rarities(weights, texts)
    weights, pair = answers.learn_pairs(folder, about["pair"], weights, vectors)
    measured.append(("pair (selqa)", {"MAP": pair["overlap MAP"]}, {"MAP": pair["MAP"]}))
    store.save(weights, out / "heads.npz")
    _say(f"weights written; pairs: {pair}")
    measured += [_topics(corpora[one["name"]], one, vectors) for one in about["measured"]]
    table = figures.as_table(measured)
    each = "\n".join(f"| {head} | {100 * f1:.1f} |" for head, f1 in heads.items())
    (out / "figures.md").write_text(f"{table}\n\n| head | F1 |\n| --- | ---: |\n{each}\n", encoding="utf-8")
    _say(table)


def _measure(
    groups: list[learn.Group], corpora: dict[str, Any], scores: dict[str, Any], names: list[str]
) -> tuple[list[Measured], figures.Figures]:
    measured: list[Measured] = []
    heads: figures.Figures = {}
    for group in groups:
        own = scores[group.corpus][:, [names.index(head) for head in group.labels]]
        corpus = corpora[group.corpus]
        plain = figures.baseline(group, corpus)
        measured.append((f"{group.name} ({group.corpus})", plain, figures.figures(group, corpus, own)))
        heads |= figures.per_head(group, corpus, own)
        _say(f"{measured[-1]}")
    return measured, heads


def _topics(corpus: Any, about: dict[str, Any], vectors: WordVectors) -> Measured:
    counts = matrix.count(corpus.texts)
    rows = matrix.matrix(counts, matrix.vocabulary([(counts, ~corpus.held)]))
    rows = sp.hstack([rows, sp.csr_matrix(about["vectors"] * _means(corpus.texts, vectors))]).tocsr()
    plain, own = figures.topic_baseline(corpus, about), figures.topics(corpus, rows, about)
    _say(f"{corpus.name} {plain} {own}")
    return f"{corpus.name}, not shipped", plain, own


def _means(texts: list[str], vectors: WordVectors) -> Vectors:
    """The mean of each text's word vectors, of length one."""
    means = np.stack([vectors.of(words(text) or [b""]).mean(axis=0) for text in texts])
    shortened: Vectors = means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    return shortened.astype(np.float32)


def _say(line: str) -> None:
    sys.stdout.write(f"{time.process_time():7.1f} s  {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
