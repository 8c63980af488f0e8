"""Words of a trade: terms that the customer never used and nobody explained."""

from __future__ import annotations

from collections.abc import Iterator

from goodword.coach.case import Case
from goodword.coach.checks.base import Hit, Kind, Wake, shorten
from goodword.coach.rule import Rule

_BESIDE = 45  # an explanation within so many signs belongs to the term
_MOST_NAMED = 3


def said_by_customer(case: Case, start: int, end: int) -> bool:
    """Whether each of the words stands in the customer's message, in this form or another."""
    first, last = case.draft.places(start, end)
    words, stems = case.customer.word_set, set(case.customer.own_stems)
    pairs = zip(case.draft.lowers[first:last], case.draft.own_stems[first:last], strict=True)
    return all(word in words or (stem and stem in stems) for word, stem in pairs)


def explained(case: Case, start: int, end: int) -> bool:
    """Whether the words beside a term say what it means, or it only names what was said plainly."""
    raw = case.draft.raw
    if raw[end : end + 2] == " (" or raw[max(0, start - 1) : start] in ("(", "'", '"', "‘", "“"):
        return True
    sentence = case.draft.sentence_at(start)
    return case.marks.first_within("explaining", end, min(sentence.end, end + _BESIDE)) is not None


def term(rule: Rule, case: Case) -> Iterator[Hit]:
    """The terms of the lists `tags` that stand in a sentence, as one remark."""
    spans = sorted(span for tag in rule.options["tags"] for span in case.marks.spans(tag))
    by_sentence: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for span in spans:
        if not said_by_customer(case, *span) and not explained(case, *span):
            by_sentence.setdefault(case.draft.sentence_at(span[0]), []).append(span)
    for found in by_sentence.values():
        named = list(dict.fromkeys(shorten(case.draft.quote(*span)) for span in found))[:_MOST_NAMED]
        values = {"terms": ", ".join(f"'{name}'" for name in named)}
        yield Hit(found[0][0], max(end for _, end in found), values=values)


KINDS = {
    "term": Kind(term, {"tags": list}, wakes=lambda rule: Wake(draft=tuple(rule.options["tags"]))),
}
