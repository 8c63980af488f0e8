"""Whoever writes a rule wrongly is told file, line, rule, what is wrong and how to mend it."""

import pytest

from goodword.coach import load_pack
from goodword.coach.engine import Engine, Reader
from goodword.coach.errors import EngineError, InputError, PackError
from goodword.coach.pack import with_rules
from goodword.coach.reviewing import review

RULE = """
[[rule]]
id = "my-rule"
kind = "phrase"
category = "tone"
practice = "R1"
severity = "warn"
phrases = ["dude"]
message = "Not '{quote}'."
why = "It is too casual."
good = ["Hello."]
bad = ["Hello dude."]
"""


def write(folder, text):
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_rule_from_a_folder_is_added(tmp_path):
    pack = with_rules(load_pack(), write(tmp_path, RULE))
    found = review("Hello dude, all is well.", pack=pack).findings
    assert [(f.rule, f.quote, f.message) for f in found] == [("my-rule", "dude", "Not 'dude'.")]


@pytest.mark.parametrize(
    ("wrong", "right", "says"),
    [
        ('why = "It is too casual."', "", "[R101] {0}:2: {1}: 'why' is missing"),
        ('kind = "phrase"', 'kind = "phrases"', "[R102] {0}:4: {1}: kind is 'phrases'; it must be one of"),
        ('category = "tone"', 'category = "mood"', "[R103] {0}:5: {1}: category is 'mood'"),
        ('practice = "R1"', 'practice = "R9"', "[R104] {0}:6: {1}: practice is 'R9'"),
        ('severity = "warn"', 'severity = "error"', "[R105] {0}:7: {1}: severity is 'error'"),
        ('why = "', 'words = 3\nwhy = "', "[R106] {0}:10: {1}: 'words' is no option of kind 'phrase'"),
        ('phrases = ["dude"]', 'phrases = "dude"', "[R107] {0}:8: {1}: phrases is 'dude'; it must be a list"),
        ('bad = ["Hello dude."]', "bad = []", "[R108] {0}:12: {1}: 'bad' is empty"),
        ('phrases = ["dude"]', "", "[R110] {0}:2: {1}: 'phrases' is missing"),
        ('["dude"]', '["(dude|mate"]', "[R111] {0}:8: {1}: the brackets of '(dude|mate' do not match"),
        ('["dude"]', '["dude", ""]', "[R111] {0}:2: {1}: '' holds no words; write those to find"),
        ('["dude"]', '["dude", "*"]', "[R111] {0}:8: {1}: '*' holds no words; write those to find"),
        ('id = "my-rule"', "id = my-rule", "[P104] {0}:3: this is not TOML"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_place_and_the_remedy(tmp_path, wrong, right, says):
    folder = write(tmp_path, RULE.replace(wrong, right))
    with pytest.raises(PackError) as refused:
        with_rules(load_pack(), folder)
    assert str(refused.value).startswith(says.format(folder / "mine.toml", "rule 'my-rule'"))


def test_a_pattern_that_could_run_away_is_refused(tmp_path):
    rule = RULE.replace('kind = "phrase"', 'kind = "pattern"').replace(
        'phrases = ["dude"]', "pattern = '(a+)+b'"
    )
    with pytest.raises(PackError, match="repeats without a limit"):
        with_rules(load_pack(), write(tmp_path, rule))


def test_the_same_id_twice_is_refused_and_both_places_are_named(tmp_path):
    with pytest.raises(PackError, match=r"P105.*mine.toml:14.*taken by .*mine.toml:2"):
        with_rules(load_pack(), write(tmp_path, RULE + RULE))


def test_a_reader_that_needs_what_nobody_gives_is_refused_when_loaded():
    late = Reader("moments", "times", ("draft",), lambda case: [])
    early = Reader("promises", "commitments", ("times",), lambda case: [])
    with pytest.raises(
        EngineError, match="'promises' needs 'times', which nothing before it gives; put 'moments' before it"
    ):
        Engine((early, late))
    with pytest.raises(EngineError, match="a second time"):
        Engine((late, late))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"now": "today"}, "now is 'today'; it must be an ISO date and time"),
        ({"now": "2026-11-18T10:00", "tz": "Mars/Base"}, "tz is 'Mars/Base'; it must be a time zone"),
        ({"tz": "Mars/Base"}, "tz is 'Mars/Base'; it must be a time zone"),
        ({"attachments": -1}, "attachments is -1; it must be 0 or more"),
        ({"holidays": ["Christmas"]}, "A holiday is 'Christmas'; it must be a date"),
        ({"now": "0001-01-01T00:00:00+14:00", "tz": "America/Lima"}, "cannot be told in the time zone"),
    ],
)
def test_unusable_input_gets_a_sentence(given, says):
    with pytest.raises(InputError, match=says):
        review("Hello.", **given)
