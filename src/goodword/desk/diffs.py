"""What changed between two texts, word by word."""

import re
from difflib import SequenceMatcher

_TOKEN = re.compile(r"\s+|[^\W_]+(?:['’\-][^\W_]+)*|[\W_]")
MOST_TOKENS = 3000  # beyond it the texts are shown one after the other, not compared


def word_diff(before: str, after: str) -> list[dict[str, str]]:
    """The pieces of both texts in order: `{"same": …}`, or `{"was": …, "now": …}` (either may be empty)."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(old) + len(new) > MOST_TOKENS:
        return [{"was": before, "now": after}]
    pieces: list[dict[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        was, now = "".join(old[a:b]), "".join(new[c:d])
        pieces.append({"same": was} if kind == "equal" else {"was": was, "now": now})
    return pieces
