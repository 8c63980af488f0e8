"""'Make it better' makes what is safe, promises nothing, and sees what another wording adds."""

from collections import Counter
from pathlib import Path

import pytest

from goodword.coach import review
from goodword.coach.quality.cases import cases_in
from goodword.coach.rewriting import additions, rewrite
from goodword.coach.ruletest import FIELDS

CASES = Path(__file__).parent / "cases"
NOW = "2026-11-18T10:00:00+00:00"


def test_safe_replacements_are_made_and_shown_with_their_reason():
    made = rewrite("Hi Ana,\n\nPlease utilise the the label.", customer_name="Ana", now=NOW)
    assert "the the" not in made.text
    assert [change.was for change in made.changes] == ["utilise", "the the"]
    assert all(change.why for change in made.changes)


def test_a_good_draft_stays_as_it_is():
    draft = "Hi Ana,\n\nYour parcel is in Porto. I'll ring you on Friday when it is out for delivery.\n\nTom"
    assert rewrite(draft, customer_name="Ana", now=NOW).text == draft


def test_what_the_customer_suffers_is_acknowledged_after_the_greeting():
    made = rewrite(
        "Dear Ruth,\n\nPlease send us the certificate.",
        customer_message="My husband died three weeks ago. How do I close his account?",
        now=NOW,
    )
    assert made.text.startswith("Dear Ruth,\n\nI am very sorry for your loss.")


@pytest.mark.parametrize("case", cases_in(CASES, "case", "dev"), ids=lambda case: case["id"])
def test_a_rewrite_has_no_more_remarks_and_no_more_promises_than_the_draft(case):
    given = {name: case[name] for name in FIELDS if name in case}
    draft = given.pop("draft")
    before, made = review(draft, **given), rewrite(draft, **given)
    assert len(made.review.findings) <= len(before.findings)
    dues = [Counter(one.due for one in found.commitments) for found in (made.review, before)]
    assert dues[0] <= dues[1]
    assert {addition.kind for addition in additions(draft, made.text, **given)} <= {"name"}


DRAFT = "Hi Ana, we hope to refund the €40 by Friday."


@pytest.mark.parametrize(
    ("written", "kind", "words"),
    [
        ("Hi Ana, we will refund the €40 by Friday.", "promise", "will refund the €40 by Friday"),
        ("Hi Ana, we hope to refund the €40 by Friday. I'll call you today.", "promise", "call you today"),
        ("Hi Ana, we hope to refund the €45 by Friday.", "figure", "45"),
        (
            "Hi Ana, we hope to refund the €40 by Friday. See www.example.com/help.",
            "address",
            "www.example.com/help",
        ),
        ("Hi Ana, we hope to refund the €40 by Friday through Paypal.", "name", "Paypal"),
    ],
)
def test_a_wording_that_says_more_than_the_draft_is_seen(written, kind, words):
    found = additions(DRAFT, written, customer_name="Ana", now=NOW)
    assert kind in [addition.kind for addition in found]
    assert any(words in addition.quote for addition in found)


def test_a_wording_that_uses_what_the_customer_said_adds_nothing():
    written = "Hi Ana, I have your order 4471 before me. We hope to refund the €40 by Friday."
    assert additions(DRAFT, written, customer_message="Order 4471 is broken.", now=NOW) == ()


def test_a_dash_between_two_figures_adds_none():
    assert additions("Call us Mon–Fri 9–5.", "Do call us Mon–Fri 9–5.") == ()
