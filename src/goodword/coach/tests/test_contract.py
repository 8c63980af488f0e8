"""The JSON form is stable: the names, their order and their types."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from goodword.coach import read, review
from goodword.coach.json_form import as_json, as_text

CASES = Path(__file__).parent / "cases"
MESSAGE = (
    "My lamp arrived broken AGAIN and I'm fed up. When will I get a new one? "
    "Order 88213, ana@example.org, £49."
)


def test_a_review_has_the_fields_of_the_contract():
    result = as_json(
        review(
            "Hello Ana,\n\nas I already said, I'll refund the £49 by Friday if you send the photo.",
            customer_message=MESSAGE,
            customer_name="Ana",
            now="2026-11-18T10:00:00",
            tz="Europe/Berlin",
        )
    )
    assert json.loads(json.dumps(result)) == result
    assert list(result) == ["language", "findings", "questions", "commitments", "acts", "scores"]
    assert list(result["findings"][0]) == [
        "rule",
        "category",
        "practice",
        "severity",
        "in",
        "start",
        "end",
        "quote",
        "message",
        "why",
        "suggestions",
    ]
    assert list(result["questions"][0]) == ["start", "end", "quote", "kind", "answered", "answered_by"]
    assert result["commitments"] == [
        {
            "start": 31,
            "end": 82,
            "quote": "I'll refund the £49 by Friday if you send the photo",
            "action": "refund the £49",
            "who": "agent",
            "due": "2026-11-20",
            "due_text": "by Friday",
            "condition": "if you send the photo",
            "firm": True,
            "kind": "money",
        }
    ]
    assert list(result["acts"][0]) == ["start", "end", "act"]
    assert set(result["scores"]["respect"]) == {"score", "rests_on"}
    assert result["scores"]["respect"]["score"] < 100
    assert result["scores"]["respect"]["rests_on"][0].startswith("findings/")


def test_a_reading_has_the_fields_of_the_contract():
    result = as_json(read(MESSAGE, now="2026-11-18T10:00:00+01:00"))
    assert list(result) == [
        "language",
        "feeling",
        "strength",
        "complaint",
        "urgency",
        "urgency_cause",
        "churn_risk",
        "formality",
        "vulnerability",
        "questions",
        "details",
        "rests_on",
    ]
    assert result["feeling"] == "angry"
    assert result["complaint"] is True
    assert {(d["kind"], d["value"]) for d in result["details"]} >= {
        ("order", "88213"),
        ("mail", "ana@example.org"),
        ("amount", "£49"),
        ("product", "lamp"),
    }
    assert [quote["quote"] for quote in result["rests_on"]["feeling"]] == ["fed up"]


def test_the_json_of_a_review_is_the_same_as_text():
    result = review("I will send it by Friday. Calm down.", customer_message=MESSAGE, now="2026-11-18T10:00")
    assert result.findings
    assert json.loads(as_text(result)) == as_json(result)
    with pytest.raises(TypeError, match="has no form in JSON"):
        as_text({"moment": {1}})


def test_a_reply_in_another_language_gets_only_what_holds_in_every_language():
    result = review(
        "Hallo {name},\n\nIhre Lampe ist auf dem Weg und wird wird morgen bei Ihnen sein.",
        customer_message="Wo ist meine Lampe? Ich warte seit drei Wochen!",
        customer_name="Ana",
    )
    assert result.language == "de"
    assert {finding.rule for finding in result.findings} == {"placeholder", "doubled-word"}


def test_without_the_moment_of_writing_the_same_draft_gives_the_same_review():
    one = review("I'll call you tomorrow.")
    assert one == review("I'll call you tomorrow.")
    assert (one.commitments[0].due, one.commitments[0].due_text) == (None, "tomorrow")


def test_a_customer_s_message_is_read_once_and_always_the_same_while_its_answer_is_written():
    asked = {
        "customer_message": "Where is order HH-4471? My wedding is on Friday.",
        "now": "2026-11-18T10:00:00+00:00",
    }
    first = review("It is on its way.", **asked)
    for written in ("It will be there by Thursday.", "Sorry!", ""):
        review(written, **asked)
    assert review("It is on its way.", **asked) == first
    later = review("It is on its way.", **asked | {"now": "2026-11-18T23:00:00+00:00"})
    assert later.questions == first.questions


EVERYTHING = """
import hashlib, json, sys
from pathlib import Path
from goodword.coach.json_form import as_json
from goodword.coach.quality.cases import cases_in, reviewed

told = [as_json(reviewed(case)) for case in cases_in(Path(sys.argv[1]), "case")]
print(hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest())
"""


def test_the_same_drafts_get_the_same_reviews_in_every_process():
    def digest(seed):
        command = [sys.executable, "-c", EVERYTHING, str(CASES)]
        environ = {**os.environ, "PYTHONHASHSEED": seed}
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=True).stdout

    assert digest("1") == digest("77") == digest("9")
