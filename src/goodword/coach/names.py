"""The name in a greeting, and the names a customer goes by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from goodword.coach.text import Text

_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|['’\-](?=[^\W\d_])){0,40}")
_MOST_PARTS = 4
_AFTER_NAME = (",", "!", ".", "\n", "", "-", "–", "—", ":", ";", "\r")


@lru_cache(maxsize=8)
def _opener(words: tuple[str, ...]) -> re.Pattern[str]:
    choice = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"\s{{0,20}}(?:{choice})[ ,]{{1,2}}")


def greeting_name(text: Text, words: Mapping[str, Any]) -> tuple[int, int] | None:
    """The span of the name in the greeting ('Hi Anna,' gives 'Anna'), or None when there is none.

    `words` are the pack's `greeting` data: openers, titles, and words that are no name.
    """
    opened = _opener(tuple(words["openers"])).match(text.lower)
    if opened is None:
        return None
    at = opened.end()
    span: tuple[int, int] | None = None
    for _ in range(_MOST_PARTS):
        match = _NAME.match(text.raw, at)
        if match is None or not match.group()[0].isupper() or match.group().lower() in words["no_names"]:
            break
        if match.group().lower() not in words["titles"]:
            span = (span[0] if span else match.start(), match.end())
        at = match.end() + 1 if text.raw[match.end() : match.end() + 2] == ". " else match.end()
        if text.raw[at : at + 1] != " ":
            break
        at += 1
    return span if span and text.raw[span[1] : span[1] + 1] in _AFTER_NAME else None


def first_names(name: str) -> frozenset[str]:
    """Every part of a customer's name, folded."""
    return frozenset(part.lower().strip(".,") for part in re.split(r"[\s\-]+", name) if part)
