"""Expressions that others wrote are bounded, and mean what they meant."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.coach.expressions.writing import phrases_of, python_of

PIECES = st.recursive(
    st.sampled_from(["a", "b", " ", ".", r"\w", r"\s", "[ab]", "[^a]", r"\d", "ab"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{0,3}", "{2}"])).map(lambda p: f"(?:{p[0]}){p[1]}"),
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda many: f"(?:{'|'.join(many)})"),
        inner.map(lambda one: f"({one})"),
    ),
    max_leaves=8,
)


def usable(source):
    try:
        return python_of(source)
    except ValueError:
        return None


@given(PIECES, st.text(alphabet="ab 1.", max_size=20))
@settings(max_examples=300, deadline=None)
def test_what_is_let_in_finds_what_python_finds(source, text):
    written = usable(source)
    if written is None:
        return
    ours = [found.span() for found in re.finditer(written, text)]
    theirs = [found.span() for found in re.finditer(source, text)]
    assert ours == theirs


@given(st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_any_text_is_an_expression_or_is_refused_with_a_sentence(source):
    written = usable(source)
    if written is None:
        with pytest.raises(ValueError, match=r"^the expression "):
            python_of(source)
    else:
        re.compile(written)
        phrases_of(source)


@pytest.mark.parametrize(
    "source",
    [
        "(a+)+$",
        "(a|aa)+$",
        "(a|a?)+$",
        "(.*)*x",
        r"(?:\w+\s?)+$",
        "(?:a*b*)*c",
        "(?:.|a)+b",
        r"(\w|\d)+x",
        ".*a.*b.*c",
        r"(?:(?:a{0,9}){0,9}){0,9}b",
    ],
)
def test_expressions_that_run_away_are_refused(source):
    assert usable(source) is None


@pytest.mark.parametrize(
    ("source", "phrases"),
    [
        ("app(?:lication)? file", ["app file", "application file"]),
        ("(?:give|gave) rise", ["give rise", "gave rise"]),
        (r"\bvery\b", ["very"]),
        ("gr[ae]y", ["gray", "grey"]),
        (r"e\.g\.", ["e.g."]),
        (r"\w+ly", None),
        ("(?i)very", None),
    ],
)
def test_plain_words_become_phrases(source, phrases):
    assert phrases_of(source) == phrases


def test_brackets_are_named_apart_and_apostrophes_and_spaces_are_forgiving():
    written = python_of("(don't) (mind)", "t3g")
    found = re.search(written, "We don’t\nmind.")
    assert found is not None
    assert found.groupdict() == {"t3g1": "don’t", "t3g2": "mind"}


@pytest.mark.parametrize(
    "source",
    [
        r"\w+ly-\w+",
        r"\b[^\s-]+ly-\w+\b",
        r"(?:[^\s,]+,){1,} \w+ (?:and|or) \w+[.?!]",
        r"(?:\w+-)+\w+",
        r"\$\d+(?:[.,]\d+)*",
        r"(?:[A-Z][a-z]+ ){2,}",
        r"\(.+\)",
        r"(?<=\s)[-–]\d+(?:\.\d+)?\b",
        r"\b[A-Z]{2,5}s?\b(?!\s\()",
        r"\bnot\b.{0,20}\bun\w+",
        r"https?://\S+",
    ],
)
def test_expressions_of_common_styles_are_let_in(source):
    assert usable(source) is not None
