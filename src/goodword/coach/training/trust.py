"""python -m goodword.coach.training.trust CASES [--seen FOLDER...]: count how often each rule is right.

CASES is the folder of labelled cases in the manner of life; those of its part dev are counted. Remarks that
rest on what both texts tell together are counted where nothing of that was learned (`held`), in all the
folders. What is counted goes to `trust.toml` of the English pack.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from goodword.coach.pack import PACKS, load_pack
from goodword.coach.quality.cases import cases_in, reviewed
from goodword.coach.quality.judging import wanted_by
from goodword.coach.training.held import held_in
from goodword.coach.trust import EVERYTHING

HEAD = """# How often the remarks of a rule are right, in percent, and when those of a whole reply are made.
# Counted on labelled cases by `python -m goodword.coach.training.trust`; not written by hand.
# A remark is made from `least` on; one trusted from `sure` on stands alone, others are made where they add up
# to `enough`: by their rules alone, or by what was seen in the customer's message and the draft together
# (`both_texts.toml`). Shorter drafts than `words` are no whole reply yet, and everything is said of them.
"""
WORDS = 40
LIMITS = {
    "by_rule": {"least": 0, "sure": 88, "enough": 100},
    "by_sight": {"least": 42, "sure": 50, "enough": 80},
}
# What is thought of a rule before its first remark, and how many remarks that weighs as much as: words that
# were written down as wrong mostly are, while signs put together are right half of the time.
LITERAL = {"phrase", "pattern"}
SEEN = "looks_like"  # the kind of rules that rest on what both texts tell
WORDS_SAY, SIGNS_SAY, WEIGHT = 0.85, 0.5, 2


def counted(folder: Path, seen_in: Iterable[Path]) -> dict[str, int]:
    """Each rule that remarked on anything, with the percentage that was wanted."""
    pack = replace(load_pack(), trust=replace(EVERYTHING, words=sys.maxsize))
    rests = {rule.id for rule in pack.rules if rule.kind == SEEN}
    right, made = Counter[str](), Counter[str]()

    def count(cases: Iterable[Mapping[str, Any]], *, resting: bool) -> None:
        for case in cases:
            for finding in reviewed(dict(case), pack=pack).findings:
                if (finding.rule in rests) is resting:
                    wanted = any(wanted_by(want, finding, dict(case)) for want in case["wanted"])
                    made[finding.rule] += 1
                    right[finding.rule] += wanted

    count(cases_in(folder, "case", "dev"), resting=False)
    for each in (folder, *seen_in):
        count(held_in(each, "case"), resting=True)
    before = {rule.id: WORDS_SAY if rule.kind in LITERAL else SIGNS_SAY for rule in pack.rules}
    return {
        rule: round(100 * (right[rule] + before[rule] * WEIGHT) / (made[rule] + WEIGHT))
        for rule in sorted(made)
    }


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m goodword.coach.training.trust", description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder of labelled cases")
    parser.add_argument("--seen", type=Path, nargs="*", default=(), help="folders of other manners")
    args = parser.parse_args(argv)
    shares = counted(args.folder, args.seen)
    lines = [HEAD, f"words = {WORDS}", ""]
    for name, limits in LIMITS.items():
        lines += [f"[{name}]", *(f"{limit} = {percent}" for limit, percent in limits.items()), ""]
    lines += ["[right]", *(f"{rule} = {percent}" for rule, percent in shares.items())]
    target = PACKS / "en" / "data" / "trust.toml"
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(shares)} rules written to {target.name}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
