"""Which language a text is in, guessed from its commonest little words."""

from __future__ import annotations

from goodword.coach.case import Case
from goodword.coach.text import Text

FEW_WORDS = 4
ENOUGH = 200  # words looked at


def of_draft(case: Case) -> str:
    return guess(case, case.draft)


def of_customer(case: Case) -> str:
    return guess(case, case.customer)


def guess(case: Case, text: Text) -> str:
    """An ISO 639-1 code; `und` when nothing speaks for any language; the pack's own for a few plain words."""
    words = [word.lower for word in text.words[:ENOUGH]]
    if not words:
        return "und"
    known: dict[str, list[str]] = case.pack.data["language"]["little_words"]
    counts = {language: _share(words, case, language) for language in known}
    best = max(counts, key=lambda language: counts[language])
    own = counts.get(case.pack.name, 0)
    if counts[best] == 0 or (len(words) < FEW_WORDS and counts[best] < 2):
        return case.pack.name if all(word.isascii() for word in words) else "und"
    return case.pack.name if own >= counts[best] * 0.9 else best


def _share(words: list[str], case: Case, language: str) -> int:
    little = case.pack.little_words[language]
    return sum(word in little for word in words)
