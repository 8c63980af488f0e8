"""The single words with which customers ask, wish and tell, as sets ready for look-up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from goodword.coach.topics import Topics

Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class AskingWords:
    """What `questions.toml` and `answers.toml` of a pack say; there stands what each list is for."""

    wh: Words
    wh_is: Words
    auxiliaries: Words
    shaky_auxiliaries: Words
    being: Words
    relatives: Words
    asking_wh: Words
    before_infinitive: Words
    selves: Words
    wishers: Words
    forbids: Words
    denials: Words
    likings: Words
    before_liking: Words
    alternatives: Words
    past: Words
    if_words: Words
    after_if: Words
    infinitive: Words
    that_words: Words
    bare_verbs: Words
    negations: Words
    purposes: Words
    you: Words
    pronouns: Words
    determiners: Words
    joiners: Words
    lead_ins: Words
    before_wh: Words
    nouns_of_wh: Words
    goes_on: Words
    polite: Words
    no_deeds: Words
    deeds: Words
    objects: Words
    wishes: Words
    no_wishes: Words
    agents: Words
    may_ask: Words
    reasons: Words
    statements: Words
    knowing: Words
    seeking: Words

    topics: Topics
    cuts: Mapping[str, Words]
    forms: Mapping[str, tuple[Words, Words]]
    scales: Scales
    meets: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Scale:
    """How much each sign counts, and from which sum on it is enough: with learned signs, and without.

    `sure`: by how much more a sum must be for the answer to be as likely as not. Where both texts were read
    together, what the sum is beyond enough counts `line` times, and what they tell `left` times, from `base`.
    """

    weights: Mapping[str, float]
    enough: float
    unaided: float
    sure: float
    line: float = 1.0
    left: float = 0.0
    base: float = 0.0


Scales = Mapping[str, Mapping[str, Scale]]


def asking_words(data: Mapping[str, Any]) -> AskingWords:
    """The words of a pack's `questions.toml` and `answers.toml`."""
    asking, answering = data["questions"], data["answers"]
    lists = asking["clauses"]
    words = {
        field.name: frozenset(lists[field.name]) for field in fields(AskingWords) if field.type == "Words"
    }
    return AskingWords(
        **words,
        topics=Topics(answering, data["text"]["stop_words"]),
        cuts={name: frozenset(words) for name, words in answering["units"].items()},
        forms={name: (frozenset(one), frozenset(two)) for name, (one, two) in asking["forms"].items()},
        scales={
            kind: {
                state: Scale(
                    dict(scale["weights"]),
                    scale["enough"],
                    scale["unaided"],
                    scale["sure"],
                    **data.get("both_texts", {}).get("open", {}).get(kind, {}).get(state, {}),
                )
                for state, scale in states.items()
            }
            for kind, states in data["answer_weights"]["scales"].items()
        },
        meets=dict(data["answer_weights"]["meeting"]),
    )
