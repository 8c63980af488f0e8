"""How fast the coach is, in CPU time on one core: load, review, read, growth with length.

usage: python bench/coach.py
Beside it the parts any engine needs: tokens with places, sentences, 2,000 phrases, hashed features, JSON.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from ahocorasick_rs import AhoCorasick

from goodword.coach import load_pack, read, review
from goodword.coach.json_form import as_json
from goodword.coach.quality import cases_in

CASES = Path(__file__).parent.parent / "src/goodword/coach/tests/cases"
NOW = "2026-11-18T10:00:00+00:00"
TOKEN = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")
SENTENCE = re.compile(r"[^.!?\n]+[.!?]*\s*")


def cost(work: Callable[[], object], *, rounds: int = 5, times: int = 20) -> float:
    """The least CPU seconds of one call, over several rounds."""
    work()
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        for _ in range(times):
            work()
        best = min(best, (time.process_time() - start) / times)
    return best


def words(text: str, count: int) -> str:
    """`text` cut, or said again, to `count` words."""
    found = text.split(" ")
    return " ".join((found * (count // len(found) + 1))[:count])


def parts(text: str, automaton: AhoCorasick) -> str:
    tokens = [(m.group(), m.start(), m.end()) for m in TOKEN.finditer(text)]
    sentences = [m.span() for m in SENTENCE.finditer(text)]
    hits = automaton.find_matches_as_indexes(text.lower(), overlapping=True)
    hashes = [zlib.crc32(token.lower().encode()) & 0x3FFFF for token, _, _ in tokens]
    pairs = [(one * 1000003 ^ two) & 0x3FFFF for one, two in pairwise(hashes)]
    return json.dumps({"text": text, "counts": [len(sentences), len(hits), len(pairs)]})


def load_time() -> str:
    code = (
        "import time; t = time.perf_counter(); from goodword.coach import load_pack; load_pack();"
        "print(round(time.perf_counter() - t, 3))"
    )
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


def main() -> None:
    cases = cases_in(CASES, "case")
    draft = words("\n".join(case["draft"] for case in cases), 300)
    message = words("\n".join(case["customer_message"] for case in cases), 150)
    mail = words(draft, 200)
    phrases = [phrase for phrases in load_pack().lists.values() for phrase in phrases if phrase.isascii()][
        :2000
    ]
    automaton = AhoCorasick([phrase.lower() for phrase in phrases])

    def reviewing() -> object:
        return review(draft, customer_message=message, customer_name="Ana Silva", now=NOW, attachments=0)

    print(f"import and load: {load_time()} s")
    print(f"review, 300-word draft with 150-word message: {cost(reviewing) * 1000:.2f} ms")
    print(f"  and its JSON form: {cost(lambda: json.dumps(as_json(reviewing()))) * 1000:.2f} ms")
    print(f"read, 150 words: {cost(lambda: read(message, now=NOW)) * 1000:.2f} ms")
    print(f"read, 200-word mail: {1 / cost(lambda: read(mail, now=NOW)):.0f} a second")
    unavoidable = cost(lambda: parts(mail, automaton))
    print(f"parts of a 200-word mail: {unavoidable * 1000:.2f} ms")
    print(f"read of it takes {cost(lambda: read(mail)) / unavoidable:.1f}x")
    print(f"review of it takes {cost(lambda: review(mail)) / unavoidable:.1f}x")
    for size in (1_000, 10_000, 100_000):
        text = (draft * (size // len(draft) + 1))[:size]
        took = cost(lambda text=text: review(text, customer_message=message, now=NOW), rounds=2, times=2)
        print(f"review of {size:>7} characters: {took * 1000:8.1f} ms")
    print(f"resident memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
