"""python -m goodword.coach.training.cross_encoder CASES...: teach the reader of both texts.

Writes `both.npz` beside the heads (`--out`). It learns from the labelled cases of the part dev in the folders
CASES, but for those that are held back (`held`): whether each question, request and concern is left open,
which words of the reply deal with it, which words are at fault, and which of the customer's call for
something that is missing. Sentences in which nobody asks anything are shown as such. An hour on one core.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import optax

from goodword.coach.heads import cross_encoder as reader
from goodword.coach.heads.vectors import WordVectors, read_vectors
from goodword.coach.quality.cases import cases_in
from goodword.coach.results import CATEGORIES
from goodword.coach.text import Text
from goodword.coach.training.held import is_held

SIZE, LAYERS, INNER, OWN, MEET, JUDGE = 96, 2, 288, 32, 64, 64
ROUNDS = 7
RATE, WARMING, LAST = 1e-3, 200, 0.02
DECAY, CLIP = 0.02, 1.0
DROPPED, WORDS_DROPPED = 0.15, 0.1  # numbers within, and whole words, left out at random while learning
KEPT = 0.99  # what the moving mean of the weights keeps at each step
MOVED = 0.05  # of the most that any word's own numbers became; smaller ones are not kept
ITEMS = 8
LENGTHS = (96, 160, 224, 320, 448)  # tokens that a batch is filled up to
MOST_OF_MESSAGE = 300
TOKENS = 4096  # of a batch
ANSWERS, FAULTS = 2.0, 1.3  # what is learned of each beside the state of the items
KINDS = ("question", "request", "concern")
STATES = ("yes", "partly", "no")
UNKNOWN = -1

Params = dict[str, Any]
Array = npt.NDArray[Any]


class Item(NamedTuple):
    """Its tokens in the message, kind, state, and the tokens of the reply that deal with it, if known."""

    span: tuple[int, int]
    kind: int
    state: int
    by: list[tuple[int, int]]
    marked: bool


@dataclass(frozen=True)
class Labelled:
    """A message and a reply as tokens, what is labelled, and sentences `free` of anything asked."""

    message: list[int]
    reply: list[int]
    items: list[Item]
    free: list[tuple[int, int]]
    faults: list[tuple[tuple[int, int], int]] | None
    missing: list[tuple[tuple[int, int], int]]


class Example(NamedTuple):
    """One case, filled up; T tokens. `states` and the rest are `UNKNOWN` where nothing is known."""

    ids: Array  # T
    sides: Array  # T
    places: Array  # T
    spans: Array  # ITEMS x T, each row adding up to one
    states: Array  # ITEMS
    kinds: Array  # ITEMS
    answers: Array  # ITEMS x T
    faults: Array  # T x categories, of either side


def read_cases(folders: Sequence[Path], vectors: WordVectors) -> list[Labelled]:
    found = []
    for folder in folders:
        for table in ("case", "asked"):
            for case in cases_in(folder, table, "dev"):
                if case.get("customer_message") and case["draft"] and not is_held(case):
                    found.append(_labelled(case, vectors))
    return found


def _labelled(case: dict[str, Any], vectors: WordVectors) -> Labelled:
    message, draft = case["customer_message"], case["draft"]
    asked, said = vectors.tokens(message, reader.MOST), vectors.tokens(draft, reader.MOST)

    def span(tokens: Any, start: int, size: int) -> tuple[int, int] | None:
        side = reader.Side(tokens.starts, tokens.ends, np.zeros((0, 0), dtype=np.float32))
        first, last = side.places(start, start + size)
        return (first, last) if start >= 0 and first < last else None

    items = []
    marked = any("by" in one for one in case.get("questions", ()))
    for one in case.get("questions", ()):
        place = span(asked, message.find(one["quote"]), len(one["quote"]))
        quotes = [one["by"], *one.get("beside", ())] if "by" in one else []
        by = [span(said, draft.find(quote), len(quote)) for quote in quotes]
        if place:
            state, kind = STATES.index(one["answered"]), KINDS.index(one["kind"])
            items.append(Item(place, kind, state, [some for some in by if some], marked))
    wanted: dict[str, list[tuple[tuple[int, int], int]]] = {"draft": [], "customer": []}
    for want in case.get("wanted", ()):
        where = want.get("in", "draft")
        tokens, text = (said, draft) if where == "draft" else (asked, message)
        if place := span(tokens, text.find(want["quote"]), len(want["quote"])):
            wanted[where].append((place, CATEGORIES.index(want["category"])))
    sentences = [span(asked, start, end - start) for start, end in Text(message).sentences]
    free = [
        one
        for one in sentences
        if one and one[1] - one[0] > 3 and not any(one[0] < i.span[1] and i.span[0] < one[1] for i in items)
    ]
    faults = wanted["draft"] if "wanted" in case else None
    return Labelled(asked.ids, said.ids, items, free, faults, wanted["customer"])


def filled(one: Labelled, size_of_words: int, dice: np.random.Generator) -> Example:
    """The case filled up to one of `LENGTHS`, with up to two sentences in which nobody asks anything."""
    message = one.message[:MOST_OF_MESSAGE]
    reply = one.reply[: LENGTHS[-1] - 1 - len(message)]
    edge, many = len(message), len(message) + len(reply)
    size = next(length for length in LENGTHS if length >= many)
    ids = np.full(size, size_of_words, dtype=np.int32)
    ids[:many] = message + reply
    sides = np.zeros(size, dtype=np.int32)
    sides[:edge], sides[edge:many] = reader.MESSAGE, reader.REPLY
    places = np.zeros(size, dtype=np.int32)
    places[:many] = np.concatenate([reader.PLACES[:edge], reader.PLACES[: many - edge]])
    spans, states = np.zeros((ITEMS, size), dtype=np.float32), np.full(ITEMS, UNKNOWN, dtype=np.int32)
    kinds, answers = np.zeros(ITEMS, dtype=np.int32), np.full((ITEMS, size), UNKNOWN, dtype=np.int8)
    items = list(one.items)
    if items and one.free:
        for at in dice.choice(len(one.free), min(2, len(one.free)), replace=False):
            items.append(Item(one.free[at], int(dice.choice((0, 1, 2, 2))), 0, [], False))
    for row, item in enumerate(items[:ITEMS]):
        first, last = item.span[0], min(item.span[1], edge)
        if first >= edge:
            continue
        spans[row, first:last] = 1 / (last - first)
        states[row], kinds[row] = item.state, item.kind
        if item.by or (item.marked and item.state == STATES.index("no")):
            answers[row, edge:many] = 0
        for first, last in item.by:
            answers[row, edge + first : min(many, edge + last)] = 1
    faults = np.full((size, len(CATEGORIES)), UNKNOWN, dtype=np.int8)
    if one.faults is not None:
        faults[:many] = 0
        for (first, last), category in one.faults:
            faults[edge + first : min(many, edge + last), category] = 1
        for (first, last), category in one.missing:
            faults[first : min(edge, last), category] = 1
    return Example(ids, sides, places, spans, states, kinds, answers, faults)


def batches(cases: Sequence[Labelled], words: int, dice: np.random.Generator) -> Iterator[Example]:
    """All cases once, in random batches of equal length."""
    found: dict[int, list[Example]] = {}
    for one in cases:
        example = filled(one, words, dice)
        found.setdefault(len(example.ids), []).append(example)
    parts = []
    for size, some in found.items():
        dice.shuffle(some)
        most = TOKENS // size
        short = -len(some) % most
        some += some[:1] * short if len(some) >= 1 else []
        parts += [some[at : at + most] for at in range(0, len(some), most)]
    dice.shuffle(parts)
    for part in parts:
        yield Example(*(np.stack(field) for field in zip(*part, strict=True)))


def fresh(words: int, width: int, seed: int = 1) -> Params:
    """Weights before anything is learned; named as in `goodword.coach.heads.cross_encoder`."""
    keys = iter(jax.random.split(jax.random.PRNGKey(seed), 64))

    def even(*shape: int) -> Any:
        return jax.random.normal(next(keys), shape) / np.sqrt(shape[0])

    def small(*shape: int) -> Any:
        return jax.random.normal(next(keys), shape) * 0.1

    many = len(CATEGORIES)
    weights: Params = {
        "words": even(width, SIZE),
        "sides": small(3, SIZE),
        "places": small(reader.BUCKETS, SIZE),
        "kinds": small(len(KINDS), SIZE),
        "own": jnp.zeros((words, OWN)),
        "own_into": even(OWN, SIZE),
        "last": jnp.ones(SIZE),
        "faults": even(SIZE, many),
        "faults_bias": jnp.full(many, -4.0),
        "missing": even(SIZE, many),
        "missing_bias": jnp.full(many, -4.0),
        "ask": even(SIZE, MEET),
        "say": even(SIZE, MEET),
        "meet_bias": jnp.zeros(()) - 2.0,
        "judge": even(2 * SIZE + 3, JUDGE),
        "judge_bias": jnp.zeros(JUDGE),
        "state": even(JUDGE, len(STATES)),
        "state_bias": jnp.zeros(len(STATES)),
    }
    for layer in range(LAYERS):
        weights |= {
            f"mix{layer}": even(SIZE, 3 * SIZE),
            f"out{layer}": even(SIZE, SIZE) * 0.5,
            f"up{layer}": even(SIZE, INNER),
            f"up_bias{layer}": jnp.zeros(INNER),
            f"down{layer}": even(INNER, SIZE) * 0.5,
            f"before_mix{layer}": jnp.ones(SIZE),
            f"before_up{layer}": jnp.ones(SIZE),
        }
    return weights


def _even(state: Any, by: Any) -> Any:
    return state * jax.lax.rsqrt(jnp.mean(state * state, -1, keepdims=True) + 1e-6) * by


def read(w: Params, words: Any, batch: Example, key: Any) -> tuple[Any, Any, Any]:
    """Items' states, how each token of the reply deals with them, faults of each token; all as scores."""
    many, size = batch.ids.shape
    keys = iter(jax.random.split(key, 4 * LAYERS + 4))

    def dropped(values: Any) -> Any:
        keep = jax.random.bernoulli(next(keys), 1 - DROPPED, values.shape)
        return jnp.where(keep, values / (1 - DROPPED), 0)

    vectors = jnp.take(words, batch.ids, 0)
    vectors *= jax.random.bernoulli(next(keys), 1 - WORDS_DROPPED, (many, size, 1))
    own = jnp.take(w["own"], batch.ids, 0)
    state = vectors @ w["words"] + own @ w["own_into"] + w["sides"][batch.sides] + w["places"][batch.places]
    state = dropped(state)
    hidden = jnp.where(batch.sides > 0, 0, -1e9)[:, None, None, :]
    each = SIZE // reader.HEADS
    for layer in range(LAYERS):
        mixed = _even(state, w[f"before_mix{layer}"]) @ w[f"mix{layer}"]
        mixed = mixed.reshape(many, size, 3, reader.HEADS, each)
        heed = jnp.einsum("bthd,bshd->bhts", mixed[:, :, 0], mixed[:, :, 1]) / np.sqrt(each) + hidden
        taken = jnp.einsum("bhts,bshd->bthd", jax.nn.softmax(heed, -1), mixed[:, :, 2])
        state += dropped(taken.reshape(many, size, SIZE) @ w[f"out{layer}"])
        inner = _even(state, w[f"before_up{layer}"]) @ w[f"up{layer}"] + w[f"up_bias{layer}"]
        state += dropped(jax.nn.relu(inner) @ w[f"down{layer}"])
    state = _even(state, w["last"])
    in_reply = batch.sides == reader.REPLY
    faults = jnp.where(
        in_reply[..., None],
        state @ w["faults"] + w["faults_bias"],
        state @ w["missing"] + w["missing_bias"],
    )
    own = jnp.einsum("bit,btd->bid", batch.spans, state) + w["kinds"][batch.kinds]
    meets = jnp.einsum("bid,btd->bit", own @ w["ask"], state @ w["say"]) / 8 + w["meet_bias"]
    of_reply = in_reply[:, None, :]
    hidden_meets = jnp.where(of_reply, meets, -1e9)
    told = jnp.einsum("bit,btd->bid", jax.nn.softmax(hidden_meets, -1), state)
    highest = jnp.clip(jnp.max(hidden_meets, -1, keepdims=True), -10, 10)
    whole = jnp.clip(jax.nn.logsumexp(hidden_meets, -1, keepdims=True), -10, 10)
    sure = jnp.sum(jnp.where(of_reply, jax.nn.sigmoid(meets), 0), -1, keepdims=True) / 10
    judged = jnp.concatenate([own, told, highest, whole, sure], -1) @ w["judge"] + w["judge_bias"]
    return dropped(jax.nn.relu(judged)) @ w["state"] + w["state_bias"], meets, faults


def _wrong(score: Any, truth: Any) -> Any:
    return jnp.maximum(score, 0) - score * truth + jnp.log1p(jnp.exp(-jnp.abs(score)))


def _mean(values: Any, known: Any) -> Any:
    return jnp.sum(values * known) / (jnp.sum(known) + 1)


def loss(w: Params, words: Any, batch: Example, key: Any) -> Any:
    states, meets, faults = read(w, words, batch, key)
    known = batch.states >= 0
    chances = jax.nn.log_softmax(states)
    of_state = -jnp.take_along_axis(chances, jnp.clip(batch.states, 0)[..., None], -1)[..., 0]
    is_open = jax.nn.logsumexp(states[..., 1:], -1) - states[..., 0]
    of_open = _wrong(is_open, batch.states > 0)
    of_answers = _mean(_wrong(meets, batch.answers), batch.answers >= 0)
    of_faults = _mean(_wrong(faults, batch.faults), batch.faults >= 0) * len(CATEGORIES)
    return _mean(of_state, known) + _mean(of_open, known) + ANSWERS * of_answers + FAULTS * of_faults


def teach(cases: Sequence[Labelled], vectors: Array) -> Params:
    """The moving mean of the weights. `vectors`: one for each word, and a last one of nought."""
    dice, words = np.random.default_rng(0), jnp.asarray(vectors)
    weights = fresh(*vectors.shape)
    steps = ROUNDS * sum(1 for _ in batches(cases, len(vectors) - 1, dice))
    rate = optax.warmup_cosine_decay_schedule(0, RATE, WARMING, steps + 50, RATE * LAST)
    adam = optax.chain(optax.clip_by_global_norm(CLIP), optax.adamw(rate, weight_decay=DECAY))
    moved, mean = adam.init(weights), weights

    def step(weights: Params, moved: Any, mean: Params, batch: Example, key: Any) -> Any:
        wrong, slope = jax.value_and_grad(loss)(weights, words, batch, key)
        change, moved = adam.update(slope, moved, weights)
        weights = optax.apply_updates(weights, change)
        mean = jax.tree.map(lambda old, new: old * KEPT + new * (1 - KEPT), mean, weights)
        return weights, moved, mean, wrong

    stepping = jax.jit(step)
    key, started = jax.random.PRNGKey(7), time.monotonic()
    for turn in range(ROUNDS):
        wrongs = []
        for batch in batches(cases, len(vectors) - 1, dice):
            key, now = jax.random.split(key)
            weights, moved, mean, wrong = stepping(weights, moved, mean, batch, now)
            wrongs.append(wrong)
        sys.stdout.flush()
        sys.stdout.write(
            f"round {turn + 1}: {np.mean(wrongs):.3f} after {time.monotonic() - started:.0f} s\n"
        )
    return mean


def shipped(weights: Params) -> tuple[dict[str, Array], Array]:
    """The tables as they are read, and the words that have numbers of their own."""
    w = {name: np.asarray(table, dtype=np.float32) for name, table in weights.items()}
    own = w.pop("own")[:-1]
    moved = np.abs(own).max(axis=1)
    ids = np.flatnonzero(moved > MOVED * moved.max())
    tables = {"own": own[ids]} | {name: w[name] for name in w if not name.startswith("before_")}
    for layer in range(LAYERS):
        mix = w[f"before_mix{layer}"][:, None] * w[f"mix{layer}"]
        mix[:, :SIZE] /= np.sqrt(SIZE / reader.HEADS)
        tables[f"mix{layer}"] = mix
        tables[f"up{layer}"] = w[f"before_up{layer}"][:, None] * w[f"up{layer}"]
    return tables, ids.astype(np.uint16)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m goodword.coach.training.cross_encoder", description=__doc__
    )
    parser.add_argument("folders", type=Path, nargs="+", help="folders of labelled cases")
    parser.add_argument("--out", type=Path, default=reader.SHIPPED)
    args = parser.parse_args(argv)
    vectors = read_vectors()
    if vectors is None:
        sys.stderr.write("wordllama is not installed; install goodword[learned].\n")
        return 2
    cases = read_cases(args.folders, vectors)
    words = vectors.rows(np.arange(vectors.many), reader.LENGTH)
    table = np.concatenate([words, np.zeros((1, words.shape[1]), dtype=np.float32)])
    tables, ids = shipped(teach(cases, table))
    reader.save(tables, ids, {"categories": CATEGORIES, "layers": LAYERS}, args.out)
    sys.stdout.write(f"{len(cases)} replies learned from; {args.out.stat().st_size} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
