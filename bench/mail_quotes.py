"""How often a reply is told apart from quote and signature: measured against pairs with the expected answer.

    python bench/mail_quotes.py FOLDER [--show]

FOLDER holds `reply_pairs_*.jsonl.gz`, one JSON object a line: `id`, `format` (text, eml, html, signature),
`text`, `reply` or `signature`. White space is ignored in the comparison. `--show` prints what differs.
"""

import argparse
import gzip
import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from goodword.mail import html, html_quotes, quotes
from goodword.mail.parsing import parse


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def ours(pair: dict[str, Any]) -> str:
    if pair["format"] == "eml":
        return parse(pair["text"].encode()).reply_text
    if pair["format"] == "html":
        return html.to_text(html_quotes.split(pair["text"])[0])
    found = quotes.split(pair["text"])
    return found.signature if pair["format"] == "signature" else found.reply


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--show", action="store_true")
    options.add_argument("--only", default="")
    args = options.parse_args()
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for file in sorted(args.folder.glob("reply_pairs_*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            pairs = [json.loads(line) for line in lines]
        for pair in pairs:
            if args.only not in pair["id"]:
                continue
            wanted = pair["signature"] if pair["format"] == "signature" else pair["reply"]
            got = ours(pair)
            good = squeezed(got) == squeezed(wanted)
            for name in ("all", pair["format"]):
                total[name] += 1
                right[name] += good
            if args.show and not good:
                print(f"=== {pair['id']}\n--- wanted\n{wanted[:1500]}\n--- got\n{got[:1500]}")
    for name in sorted(total):
        print(f"{name:32} {right[name]:4} of {total[name]:4}  {right[name] / total[name]:.1%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
