"""Phrases are found in whatever way they are written, and whatever the book makes of them."""

from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.coach import load_pack
from goodword.coach.phrases import PhraseBook
from goodword.coach.text import Text
from goodword.coach.variants import MOST_VARIANTS, expand, framed, rows_of

PACK = load_pack()
PHRASES = sorted(
    {*chain.from_iterable(PACK.lists.values())}
    | {phrase for rule in PACK.rules for phrase in (*rule.made.get("phrases", ()), *rule.unless)}
)
MANY = [phrase for phrase in PHRASES if any(map(framed, rows_of(phrase)))]
WORDS = [
    "",
    "wonderful",
    " wonderful",
    "letter ",
    "letters",
    " new letter",
    "s",
    ", and ",
    "(all|any) of",
    "un",
]


def found(phrases, text):
    return PhraseBook({"tag": phrases}).find(Text(text)).spans("tag")


def literal(variant):
    return "".join(f"\\{char}" if char in "()|" else char for char in variant)


@pytest.mark.parametrize(
    ("phrase", "text", "quotes"),
    [
        ("a (b|c|) d", "a b d, a c d, a d, a e d", ["a b d", "a c d", "a d"]),
        ("(refund|pay)* it", "refund it, refunding it", []),
        ("we refund*", "We refunded and We refund, we refun", ["We refunded", "We refund"]),
        ("(not |)sorry", "sorry, not sorry, knot sorry", ["sorry", "not sorry", "sorry"]),
        ("yes|no way", "Yes or no way", ["Yes", "no way"]),
        ("we (all|both|each|now|soon|often|still|never) (reply|answer) *", "We all reply", []),
        ("one \\(1\\)", "One (1) of these", ["One (1)"]),
    ],
)
def test_a_phrase_stands_for_several(phrase, text, quotes):
    assert [text[start:end] for start, end in found([phrase], text)] == quotes


def test_phrases_of_many_choices_are_not_written_out():
    anchors = [anchor for phrase in MANY for row in rows_of(phrase) for anchor, _ in framed(row)]
    assert MANY
    assert 4 * len(anchors) < sum(len(expand(phrase)) for phrase in MANY)


def test_every_variant_of_the_packs_phrases_with_many_choices_is_found_whole():
    for phrase in MANY:
        book = PhraseBook({"tag": [phrase]})
        for variant in expand(phrase):
            bare = variant.rstrip("*")
            assert book.find(Text(f"xx {bare} xx")).spans("tag") == [(3, 3 + len(bare))], phrase
            assert book.find(Text(bare)).spans("tag") == [(0, len(bare))], phrase


@settings(deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5), min_size=2, max_size=5),
    st.lists(st.sampled_from([*WORDS, " ", "x", "all of", "any of"]), max_size=12),
    st.booleans(),
)
def test_a_phrase_is_found_where_its_variants_are(parts, pieces, opened):
    phrase = "".join(f"({'|'.join(part)})" for part in parts) + "*" * opened
    if not phrase.strip("()|* "):
        return
    try:
        variants = expand(phrase)
    except ValueError:
        return
    text = "".join(pieces)
    assert found([phrase], text) == found(list(map(literal, variants)), text)


@pytest.mark.parametrize(
    ("phrase", "wrong"),
    [
        ("a (b|c", "a ')' is missing"),
        ("a b) c", "a ')' too many"),
        ("a ((b|c) d", "a ')' is missing"),
        (" * ", "holds no words"),
        ("(a|b|c|d|e|f|g|h|i|j)" * 4, f"more than {MOST_VARIANTS} phrases"),
    ],
)
def test_a_phrase_that_cannot_be_read_is_refused_in_a_sentence(phrase, wrong):
    with pytest.raises(ValueError, match=wrong.replace(")", r"\)")):
        expand(phrase)
