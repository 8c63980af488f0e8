"""Whatever the text, the coach answers: no exception, spans that fit, the same answer every time."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodword.coach import read, review
from goodword.coach.json_form import as_json
from goodword.coach.results import ACTS, CATEGORIES, PRACTICES, SEVERITIES

NOW = "2026-11-18T10:00:00+00:00"
PIECES = [
    "I'll ",
    "we will ",
    "refund ",
    "by Friday ",
    "in 24 hours ",
    "sorry if ",
    "İstanbul ",
    "😀",
    "\n",
    "\n\n",
    "> ",
    "your order ",
    "?",
    "!",
    "...",
    "£40 ",
    "when ",
    "(",
    ")",
    "the the ",
    "{name} ",
    "ﬁ",
    "ß",
    "\u0301",
    "\ud800",
    "XXX ",
    "4242 4242 4242 4242 ",
    "as soon as possible ",
    "\t",
    "Dear ",
    "27/11/2026 ",
    "2026-13-45 ",
    "0:60pm ",
]
TEXTS = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=()), max_size=300),
    st.lists(st.sampled_from(PIECES), max_size=60).map("".join),
)
SLOW = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(draft=TEXTS, message=TEXTS, name=st.one_of(st.none(), st.text(max_size=20)))
def test_any_text_can_be_reviewed_and_every_quote_is_what_stands_there(draft, message, name):
    result = review(draft, customer_message=message, customer_name=name, now=NOW, attachments=0)
    for finding in result.findings:
        text = draft if finding.where == "draft" else message
        assert 0 <= finding.start < finding.end <= len(text)
        assert finding.quote == text[finding.start : finding.end]
        assert finding.category in CATEGORIES
        assert finding.practice in PRACTICES
        assert finding.severity in SEVERITIES
    for question in result.questions:
        assert question.quote == message[question.start : question.end]
    for promise in result.commitments:
        assert promise.quote == draft[promise.start : promise.end]
        assert promise.quote
    assert all(act.act in ACTS for act in result.acts)
    assert result == review(draft, customer_message=message, customer_name=name, now=NOW, attachments=0)


@SLOW
@given(message=TEXTS)
def test_any_text_can_be_read_and_every_quote_is_what_stands_there(message):
    result = read(message, now=NOW)
    assert 0 <= result.strength <= 3
    for quotes in result.rests_on.values():
        assert all(one.quote == message[one.start : one.end] for one in quotes)
    for detail in result.details:
        assert detail.quote == message[detail.start : detail.end]
    assert as_json(result)["feeling"] == result.feeling


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "a ",
        "I will ",
        "which that who because ",
        "!?",
        "£1,",
        "a-",
        "1 2 3 ",
        "Hi A ",
        "{",
        "x.y@",
        "and send it ",
        "by Friday at 3pm ",
        "[[",
        "\n",
        "the the ",
        "order 1-",
        "if you ",
        "A.B.",
        "'",
        "10-",
        "we'll refund ",
        "AB ",
    ],
)
def test_a_long_text_of_one_piece_is_reviewed_to_its_end(piece):
    text = (piece * (20_000 // len(piece) + 1))[:20_000]
    result = review(
        text, customer_message=text, customer_name="Ana", now=NOW, policies=["Refunds take 3 days."]
    )
    assert not result.acts or result.acts[-1].end > len(text) - 2_000
