"""How fast the coach is, in processor time on one core, beside the parts that no text engine can do without.

usage: python bench/coach.py [FOLDER] [--growth-only | --speed-only]

FOLDER holds `agent.jsonl`, `customer.jsonl` and `email.jsonl` (one `{"text": …}` a line) and `phrases.txt`;
without it the project's own labelled cases serve. The parts: words with places, sentences, 2,000 phrases,
hashed features with eight linear heads (if numpy is there), one embedding (if wordllama is there), JSON.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import resource
import subprocess
import sys
import time
import tomllib
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

from ahocorasick_rs import AhoCorasick

from goodword.coach import load_pack, read, review
from goodword.coach.json_form import as_json
from goodword.coach.reviewing import forget

CASES = Path(__file__).parent.parent / "src/goodword/coach/tests/cases"
NOW = "2026-11-18T10:00:00+00:00"
TOKEN = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")
SENTENCE = re.compile(r"[^.!?\n]+[.!?]*\s*")
MOST = {"agent": 1500, "customer": 1500, "mail": 200}
ROUNDS = 5
SIZES = (1_000, 10_000, 100_000)
STEEPER_THAN = 1.15  # exponent from 10 to 100 kB beyond which growth counts as worse than linear
SLOW = 0.05  # seconds that 10 kB of anything may take


def optional(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        return None


def dumps(value: object) -> object:
    return ORJSON.dumps(value) if ORJSON else json.dumps(value)


ORJSON = optional("orjson")


class Parts:
    """The work that no engine is spared, on one text after the other."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self._phrases = AhoCorasick(list(phrases))
        self._numpy = optional("numpy")
        if self._numpy:
            self._heads = self._numpy.random.default_rng(0).standard_normal((1 << 18, 8)).astype("f4")
        self._vector = self._embedding() if self._numpy else None
        done = [f"{len(phrases)} phrases", "eight heads" if self._numpy else "no heads (numpy is not there)"]
        done.append("an embedding" if self._vector else "no embedding (wordllama is not there)")
        self.said = ", ".join([*done, "orjson" if ORJSON else "json"])

    def _embedding(self) -> Callable[[str], object] | None:
        wordllama, tokenizers = optional("wordllama"), optional("tokenizers")
        if not (wordllama and tokenizers):
            return None
        home = Path(wordllama.__file__).parent
        model = wordllama.WordLlama.load(cache_dir=home, disable_download=True)
        tokenizer = tokenizers.Tokenizer.from_str(model.tokenizer.to_str())
        tokenizer.no_truncation()
        tokenizer.no_padding()
        table, root = model.embedding, self._numpy.sqrt
        heads = self._numpy.random.default_rng(1).standard_normal((table.shape[1], 12)).astype("f4")

        def embed(text: str) -> object:
            vector = table[tokenizer.encode(text, add_special_tokens=False).ids].mean(0)
            return vector / (root(vector @ vector) + 1e-9) @ heads

        return embed

    def __call__(self, text: str) -> object:
        tokens = [(m.group(), m.start(), m.end()) for m in TOKEN.finditer(text)]
        sentences = [m.span() for m in SENTENCE.finditer(text)]
        hits = self._hits(text.lower())
        hashes = [zlib.crc32(token[0].lower().encode()) & 0x3FFFF for token in tokens]
        hashes += [(one * 1000003 ^ two) & 0x3FFFF for one, two in pairwise(hashes)]
        if self._numpy and hashes:
            self._heads[hashes].sum(0).argmax()
        if self._vector:
            self._vector(text)
        finding = {
            "start": 0,
            "end": 9,
            "category": "empathy",
            "message": "Say what went wrong",
            "suggestions": ["I'm sorry"],
        }
        return dumps({"text": text, "counts": [len(sentences), len(hits)], "findings": [finding] * 3})

    def _hits(self, lower: str) -> list[tuple[int, int, int]]:
        size = len(lower)
        return [
            (start, end, phrase)
            for phrase, start, end in self._phrases.find_matches_as_indexes(lower, overlapping=True)
            if (start == 0 or not lower[start - 1].isalnum()) and (end == size or not lower[end].isalnum())
        ]


def reading(text: str) -> object:
    return read(text, now=NOW)


def reviewing(text: str) -> object:
    return review(text, now=NOW, attachments=0)


def as_bytes(work: Callable[[str], object]) -> Callable[[str], object]:
    return lambda text: dumps(as_json(work(text)))


def texts_in(folder: Path | None) -> dict[str, list[str]]:
    """Utterances of agents and of customers, and mails of about 200 words."""
    if folder is not None:
        files = {"agent": "agent.jsonl", "customer": "customer.jsonl", "mail": "email.jsonl"}
        return {kind: lines_of(folder / name)[: MOST[kind]] for kind, name in files.items()}
    cases = cases_in(CASES)
    drafts, messages = ([case[name] for case in cases] for name in ("draft", "customer_message"))
    return {"agent": sentences(drafts), "customer": sentences(messages), "mail": mails(drafts)}


def cases_in(folder: Path) -> list[dict[str, Any]]:
    """The project's labelled cases that have a draft and a customer's message."""
    tables = (tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.toml")))
    cases = [case for table in tables for case in table.get("case", ())]
    return [case for case in cases if case.get("draft") and isinstance(case.get("customer_message"), str)]


def lines_of(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def sentences(texts: Sequence[str]) -> list[str]:
    found = (text[m.start() : m.end()].strip() for text in texts for m in SENTENCE.finditer(text))
    return [sentence for sentence in found if len(sentence.split()) >= 4][: MOST["agent"]]


def mails(texts: Sequence[str], words: int = 200) -> list[str]:
    """The texts, one after the other, cut at paragraphs into mails of about `words` words."""
    found: list[str] = []
    paragraphs = [part for text in texts for part in text.split("\n\n")]
    while paragraphs and len(found) < MOST["mail"]:
        mail: list[str] = []
        while paragraphs and sum(len(part.split()) for part in mail) < words:
            mail.append(paragraphs.pop())
        found.append("\n\n".join(mail))
    return found


def phrases_in(folder: Path | None) -> list[str]:
    if folder is not None:
        return (folder / "phrases.txt").read_text(encoding="utf-8").splitlines()
    phrases = [phrase for words in load_pack().lists.values() for phrase in words if phrase.isascii()]
    return [phrase.lower() for phrase in phrases][:2000]


def rates(texts: Sequence[str], works: Mapping[str, Callable[[str], object]]) -> dict[str, float]:
    """Texts a second for each work; all are measured in turn, and the best of several rounds counts."""
    best = dict.fromkeys(works, 0.0)
    for text in texts[:50]:
        for work in works.values():
            work(text)
    for _ in range(ROUNDS):
        for name, work in works.items():
            forget()
            start = time.process_time()
            for text in texts:
                work(text)
            best[name] = max(best[name], len(texts) / (time.process_time() - start))
    return best


def show_memory(texts: Mapping[str, Sequence[str]]) -> None:
    """What the coach alone takes: to be asked before the parts load what they need."""
    for text in (text for found in texts.values() for text in found):
        reading(text)
        reviewing(text)
    print(f"Resident memory of the coach after all texts: {resident():.0f} MB")


def resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def show_speed(folder: Path | None) -> None:
    texts = texts_in(folder)
    show_memory(texts)
    parts = Parts(phrases_in(folder))
    messages = texts["customer"]

    def answering(text: str) -> object:
        message = " ".join(messages[len(text) % 500 :][: 1 + len(text) // 100])
        return review(text, customer_message=message, now=NOW, attachments=0)

    works: dict[str, Callable[[str], object]] = {
        "parts": parts,
        "read": reading,
        "read, JSON": as_bytes(reading),
        "review": reviewing,
        "review, JSON": as_bytes(reviewing),
        "review of an answer": answering,
    }
    print(f"Parts: {parts.said}.")
    print(f"{'texts a second':34}" + "".join(f"{name:>22}" for name in works))
    for kind, found in texts.items():
        words = sum(len(text.split()) for text in found) / len(found)
        measured = rates(found, works)
        cells = [f"{rate:>10.0f} ({measured['parts'] / rate:4.1f}x)   " for rate in measured.values()]
        print(f"{kind:10} of {words:5.1f} words, {len(found):5}  " + "".join(f"{cell:>22}" for cell in cells))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of text, made of pieces in turn; `said` answers it where the draft is another."""

    pieces: tuple[str, ...]
    said: tuple[str, ...] = ()

    def text(self, size: int, *, said: bool = False) -> str:
        pieces = self.said if said and self.said else self.pieces
        once = "".join(pieces)
        return (once * (size // len(once) + 1))[:size]


def kinds() -> dict[str, Kind]:
    prose = " ".join(case["draft"] for case in cases_in(CASES))
    asked = tuple(f"Where is parcel {n} and when will lamp {n} come? " for n in range(90))
    told = tuple(f"Parcel {n} left on Monday with lamp {n}. " for n in range(110))
    return {
        "prose": Kind((prose,)),
        "one endless line": Kind((re.sub(r"[.!?\n]+", " ", prose),)),
        "many short lines": Kind(("We see it.\n", "Thanks for it\n", "Call us\n")),
        "many questions, many sentences": Kind(asked, told),
        "one question again and again": Kind(
            ("When will my refund come? ",), ("Your refund will come soon. ",)
        ),
        "many promises": Kind(("I will send the refund by Friday at 3pm, and we'll call you tomorrow. ",)),
        "promises without end": Kind(("I will call you and ",)),
        "moments": Kind(("by Friday at 3pm ", "in 24 hours, ", "on the 3rd of May ")),
        "digits": Kind(("1 23 456 7890 ",)),
        "one number": Kind(("4242",)),
        "order numbers": Kind(("order AB-12345 of £40.00, ",)),
        "list numbers": Kind(("1. 2. 3.\n",)),
        "punctuation storm": Kind(("!?.,;:",)),
        "dots in a row": Kind(("." * 3000 + "x",)),
        "brackets": Kind(("([{<",)),
        "capitals": Kind(("PLEASE CALL ME NOW AB ",)),
        "apostrophes": Kind(("it's we'll '",)),
        "hyphens": Kind(("a-b-",)),
        "mail addresses": Kind(("x.y@z.",)),
        "quoted lines": Kind(("> where is it?\n", "We sent it.\n")),
        "the same sentence": Kind(("We have sent your new lamp to the shop in Leeds. ",)),
        "spaces": Kind(("   ",)),
        "letters beyond ASCII": Kind(("Ünïcödé ﬁ İ 😀 ",)),
        "one letter": Kind(("a",)),
    }


def cost(work: Callable[[], object], rounds: int) -> float:
    best = math.inf
    for _ in range(rounds):
        forget()
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def growth(kind: Kind) -> Iterator[tuple[float, float]]:
    """Seconds of `read` and of `review` at each size."""
    for size in SIZES:
        text, draft = kind.text(size), kind.text(size, said=True)
        rounds = 3 if size < SIZES[-1] else 2

        def answering(draft: str = draft, text: str = text) -> object:
            return review(
                draft,
                customer_message=text,
                customer_name="Ana Silva",
                now=NOW,
                policies=["Refunds take 3 days."],
            )

        yield cost(partial(read, text, now=NOW), rounds), cost(answering, rounds)


def show_growth() -> None:
    print(
        f"{'milliseconds':32}"
        + "".join(f"{f'{what} {size // 1000} kB':>15}" for what in ("read", "review") for size in SIZES)
    )
    for name, kind in kinds().items():
        times = list(zip(*growth(kind), strict=True))
        remarks = []
        for what, (_, ten, hundred) in zip(("read", "review"), times, strict=True):
            steepness = math.log10(hundred / ten)
            if steepness > STEEPER_THAN:
                remarks.append(f"{what} grows worse than linear (to the power {steepness:.2f})")
            if ten > SLOW:
                remarks.append(f"{what} of 10 kB takes more than {SLOW * 1000:.0f} ms")
        cells = "".join(f"{seconds * 1000:>15.2f}" for row in times for seconds in row)
        print(f"{name:32}{cells}  {'; '.join(remarks)}", flush=True)


def load_time() -> str:
    code = (
        "import time; t = time.process_time(); from goodword.coach import load_pack, review; load_pack();"
        "review('I will send it by Friday.', customer_message='Where is my lamp?');"
        "import resource; m = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024;"
        "print(f'{time.process_time() - t:.2f} s, {m:.0f} MB')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument(
        "folder", type=Path, nargs="?", help="texts to measure on (default: the project's cases)"
    )
    parser.add_argument("--speed-only", action="store_true")
    parser.add_argument("--growth-only", action="store_true")
    args = parser.parse_args()
    print(f"Import, load and a first review: {load_time()}")
    if not args.growth_only:
        show_speed(args.folder)
    if not args.speed_only:
        show_growth()
    print(f"Resident memory at most, with all that was measured: {resident():.0f} MB")


if __name__ == "__main__":
    main()
