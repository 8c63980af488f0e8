"""The customer's sentence that sounds most like a hardship, where none of the words for one is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from goodword.coach.case import Case
from goodword.coach.hardships import Hardship, is_upset
from goodword.coach.learned import heard
from goodword.coach.text import Sentence


def sounds_hard(case: Case) -> Hardship | None:
    """That sentence of a message of trouble as a hardship; None where none sounds so or nothing presses."""
    data = case.pack.data["empathy"]["sounds"]
    if not (case.mood.complaint or is_upset(case) or case.customer_marks.has(*data["trouble"])):
        return None
    if case.customer_marks.has(*case.pack.data["empathy"]["calm"]):
        return None
    told = heard(case)
    columns = {head: told.chances(head) for head in (*data["kinds"], *data["beside"])}
    if not all(columns.values()):
        return None
    weighed = [(_weight(case, data, columns, at, one), -at) for at, one in enumerate(told.sentences)]
    best, at = max(weighed, default=(0.0, 0))
    if best < data["enough"]:
        return None
    sentence = told.sentences[-at]
    name = data["kinds"][max(data["kinds"], key=lambda head: columns[head][-at])]
    return Hardship(name, data["weight"], "any", *sentence, sentence)


def _weight(
    case: Case, data: Mapping[str, Any], columns: Mapping[str, Sequence[float]], at: int, sentence: Sentence
) -> float:
    """The chance of any hardship, more where it is a worry and speaks of people; none for what is asked."""
    asked = any(
        one.start < sentence.end and sentence.start < one.end and one.kind != "concern"
        for one in case.questions
    )
    if asked or case.customer.raw[sentence.end - 1] == "?":
        return 0.0
    light = data["light"]
    weight = 1 - prod(1 - columns[head][at] * light.get(head, 1) for head in data["kinds"])
    weight += sum(share * columns[head][at] for head, share in data["beside"].items())
    people = not set(case.customer.lowers_in(*sentence)).isdisjoint(data["people"])
    return float(weight + (data["personal"] if people else -data["personal"]))
