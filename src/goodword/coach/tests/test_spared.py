"""What the coach spares itself for speed would have found nothing."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodword.coach import load_pack, review
from goodword.coach.checks import KINDS
from goodword.coach.checks.base import Wake
from goodword.coach.factors import factors_of
from goodword.coach.moment_grammar import grammar
from goodword.coach.plan import Plan
from goodword.coach.text import fold

NOW = "2026-11-18T10:00:00+00:00"
PACK = load_pack()
FREELY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
CASES = [
    case
    for path in sorted((Path(__file__).parent / "cases").rglob("*.toml"))
    for table in tomllib.loads(path.read_text(encoding="utf-8")).values()
    if isinstance(table, list)
    for case in table
    if "draft" in case
]
MESSAGES = [case["customer_message"] for case in CASES if isinstance(case.get("customer_message"), str)]
TEXTS = [case["draft"] for case in CASES] + MESSAGES
TIME = PACK.data["time"]


def words_in(data):
    """Every word and phrase of a table, however deep."""
    if isinstance(data, str):
        return [data]
    return (
        [word for value in data for word in words_in(value)]
        + ([word for value in data.values() for word in words_in(value)] if isinstance(data, dict) else [])
        if isinstance(data, (list, dict))
        else []
    )


GLUE = [
    " ",
    ", ",
    "-",
    " the ",
    " on ",
    " at ",
    " by ",
    " before ",
    " of ",
    "'s ",
    ". ",
    "\n",
    " a ",
    "3",
    "21st",
    "12:30",
    "7.30pm",
]
MOMENTS = st.lists(st.one_of(st.sampled_from(words_in(TIME)), st.sampled_from(GLUE)), max_size=12).map(
    "".join
)


def atoms(lower):
    return [match.span() for match in re.compile(grammar(TIME)).finditer(lower)]


def spared_atoms(raw):
    return [match.span() for match in PACK.times._matches(PACK.text(raw))]


def test_moments_are_looked_for_wherever_one_of_the_cases_names_one():
    for raw in TEXTS:
        assert spared_atoms(raw) == atoms(PACK.text(raw).lower), raw


@FREELY
@given(raw=MOMENTS)
def test_moments_are_looked_for_wherever_time_words_stand(raw):
    assert spared_atoms(raw) == atoms(PACK.text(raw).lower)


def asked_of_every_rule():
    """The pack with rules that nothing wakes, so that each is asked of every draft."""
    pack = replace(PACK)
    kinds = {name: replace(kind, wakes=lambda rule: Wake()) for name, kind in KINDS.items()}
    object.__setattr__(pack, "plan", Plan(pack.rules, kinds))
    return pack


EVERY = asked_of_every_rule()


@pytest.mark.parametrize("place", range(0, len(CASES), 25))
def test_a_rule_that_is_not_woken_has_nothing_to_say_about_the_cases(place):
    for number, case in enumerate(CASES[place : place + 25]):
        context = {
            "customer_message": case.get("customer_message"),
            "customer_name": case.get("customer_name"),
            "earlier_replies": [CASES[(place + number) // 2]["draft"]],
            "policies": ["Refunds take 5 to 7 working days."],
            "attachments": 0,
            "now": NOW,
        }
        mine, every = (review(case["draft"], pack=pack, **context) for pack in (PACK, EVERY))
        assert mine.findings == every.findings


@FREELY
@given(
    pieces=st.lists(
        st.sampled_from([sentence for text in TEXTS for sentence in text.split(". ")]), max_size=6
    )
)
def test_a_rule_that_is_not_woken_has_nothing_to_say_about_mixtures(pieces):
    draft = ". ".join(pieces)
    mine, every = (review(draft, pack=pack, attachments=0, now=NOW) for pack in (PACK, EVERY))
    assert mine.findings == every.findings


PATTERNS = [rule.options["pattern"] for rule in PACK.rules if rule.kind == "pattern"]


@pytest.mark.parametrize(
    "pattern",
    [
        *PATTERNS,
        r"a?b+c",
        r"(?:ab|c)d(?=ef|g)",
        r"x{2,3}y*",
        r"[Ll]orem|\{\w{1,9}\}",
        r"(?:foo)?ba(?!r)",
        r"\bI\b|ß",
        r"(?i:insert|your) x|[£€] ?[xX]{1,6}|[xX]{3,20}(?!\w)",
    ],
)
def test_a_factor_of_an_expression_stands_in_whatever_it_matches(pattern):
    factors = factors_of(pattern)
    if not factors:
        return

    @settings(FREELY, max_examples=60)
    @given(text=st.from_regex(pattern))
    def stands(text):
        assert any(factor in fold(text) for factor in factors)

    stands()


def test_an_expression_without_a_sure_text_is_always_tried():
    for pattern in ("a?", "x*|abc", "(?i)ab", r"(ab)\1", "[a-z]{3}", "abc|"):
        assert factors_of(pattern) == frozenset()


def test_signs_and_parts_of_any_case_are_seen_in_an_expression():
    assert factors_of(r"(?i:insert) x") == {"insert x"}
    assert factors_of("[£€] {1,2}x") == {"£", "€"}
    assert factors_of("[’]x") == frozenset()  # folding makes it another sign


def test_a_word_without_end_is_no_slip_of_another():
    """Trying every letter at every place of it would take for ever."""
    assert not [found for found in review("w" * 500_000, now=NOW).findings if found.rule == "misspelled"]
