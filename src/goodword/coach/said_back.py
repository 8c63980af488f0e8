"""The customer's words turned round, to be said back: 'I lost my watch' becomes 'You lost your watch'."""

from __future__ import annotations

from goodword.coach.case import Case

_MOST_WORDS = 22


def said_to(case: Case, start: int, end: int) -> str:
    """The customer's sentence as one says it to them, without its full stop; empty where that reads badly.

    It reads well where it is a statement of moderate length that begins with the customer or what is theirs.
    """
    data = case.pack.data["empathy"]["said_back"]
    text = case.customer
    words = text.words_in(start, end)
    if (
        not words
        or len(words) > _MOST_WORDS
        or text.raw[end - 1] in "?,"
        or words[0].lower not in data["begins"]
    ):
        return ""
    turned, at = [], start
    for place, word in enumerate(words):
        instead = data["turned"].get(word.lower, text.raw[word.start : word.end])
        before = words[place - 1].lower if place else ""
        if before in data["persons"]:
            instead = data["agreeing"].get(word.lower, instead)
        turned += [text.raw[at : word.start], instead]
        at = word.end
    said = " ".join("".join(turned).split()).rstrip(" .!;:,")
    return said[:1].upper() + said[1:]
