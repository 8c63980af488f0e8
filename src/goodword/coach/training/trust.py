"""python -m goodword.coach.training.trust CASES...: count how often the remarks of each rule are right.

CASES are folders of labelled cases; only those of the part dev are counted. What is counted goes to
`trust.toml` of the English pack.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from goodword.coach.pack import PACKS, load_pack
from goodword.coach.quality.cases import cases_in, reviewed
from goodword.coach.quality.judging import wanted_by
from goodword.coach.trust import EVERYTHING

HEAD = """# How often the remarks of a rule are right, in percent, and when those of a whole reply are made.
# Counted on labelled cases by `python -m goodword.coach.training.trust`; not written by hand.
# A remark trusted from `sure` on stands alone; others are made where they add up to `enough`. Shorter
# drafts than `words` are no whole reply yet, and everything is said of them.
"""
SURE, ENOUGH, WORDS = 88, 100, 40
# What is thought of a rule before its first remark, and how many remarks that weighs as much as: words that
# were written down as wrong mostly are, while signs put together are right half of the time.
LITERAL = {"phrase", "pattern"}
WORDS_SAY, SIGNS_SAY, WEIGHT = 0.85, 0.5, 2


def counted(folders: Iterable[Path]) -> dict[str, int]:
    """Each rule that remarked on anything, with the percentage that was wanted."""
    pack = replace(load_pack(), trust=EVERYTHING)
    right, made = Counter[str](), Counter[str]()
    for folder in folders:
        for case in cases_in(folder, "case", "dev"):
            for finding in reviewed(case, pack=pack).findings:
                made[finding.rule] += 1
                right[finding.rule] += any(wanted_by(want, finding, case) for want in case["wanted"])
    before = {rule.id: WORDS_SAY if rule.kind in LITERAL else SIGNS_SAY for rule in pack.rules}
    return {
        rule: round(100 * (right[rule] + before[rule] * WEIGHT) / (made[rule] + WEIGHT))
        for rule in sorted(made)
    }


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m goodword.coach.training.trust", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", help="folders of labelled cases (TOML)")
    args = parser.parse_args(argv)
    shares = counted(args.folders)
    lines = [HEAD, f"sure = {SURE}", f"enough = {ENOUGH}", f"words = {WORDS}", "", "[right]"]
    lines += [f"{rule} = {percent}" for rule, percent in shares.items()]
    target = PACKS / "en" / "data" / "trust.toml"
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(shares)} rules written to {target.name}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
