"""`goodword coach rules test FOLDER` tells every error of a folder, with file, line and remedy."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from goodword.coach.cli import main

RULE = (Path(__file__).parent / "rules" / "no_dude_warn.toml").read_text(encoding="utf-8")


def rules(*arguments):
    command = [sys.executable, "-m", "goodword", "coach", "rules", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def folder_with(tmp_path, text, name="mine.toml"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_good_folder_passes_and_its_rules_are_used(tmp_path):
    done = rules("test", folder_with(tmp_path, RULE))
    assert done.returncode == 0
    assert done.stdout == "1 rule with 2 lines tested, 0 lines failed.\n"
    review = [sys.executable, "-m", "goodword", "coach", "review", "--rules", str(tmp_path), "-"]
    shown = subprocess.run(
        review, input="Hello dude.", capture_output=True, text=True, timeout=60, check=False
    )
    assert shown.returncode == 1
    assert "[R1 no-dude]" in shown.stdout


@pytest.mark.parametrize(
    ("wrong", "right", "line", "says"),
    [
        ('kind = "phrase"', 'kind = "phrasse"', 3, "kind is 'phrasse'; it must be one of"),
        ('kind = "phrase"', 'kind = "phrasse"', 3, "Did you mean 'phrase'?"),
        ('category = "tone"', 'category = "tome"', 4, "Did you mean 'tone'?"),
        (
            'severity = "warn"',
            'severity = "wran"',
            6,
            "it must be one of stop, warn, hint. Did you mean 'warn'?",
        ),
        ("phrases =", "phrasses =", 7, "'phrasses' is no option of kind 'phrase'; its options are: "),
        ("phrases =", "phrasses =", 7, "Did you mean 'phrases'?"),
        ('["dude"]', '"dude"', 7, "phrases is 'dude'; it must be a list."),
        ('["dude"]', "[3]", 7, "phrases holds 3; each of its items must be text."),
        ('["dude"]', '["dude (a|b"]', 7, "the brackets of 'dude (a|b' do not match; a ')' is missing"),
        ("message = ", "message = 3 # ", 8, "message is 3; it must be text."),
        ('"Match the customer\'s tone."', '" "', 9, "why is empty; write it out."),
        ('good = ["Hello Ana."]', "good = []", 10, "'good' is empty; give at least one line"),
        ('["Hello Ana."]', '"Hello Ana."', 10, "good is 'Hello Ana.'; it must be a list."),
        ('["Hello Ana."]', "[7]", 10, "good holds 7; each of its items must be text, or a table"),
        ('["Hello Ana."]', '["Hello dude Ana."]', 10, "finds something in the good line 'Hello dude Ana.'."),
        ('["Hello dude."]', '["Hello."]', 11, "finds nothing in the bad line 'Hello.'."),
        (
            '["Hello dude."]',
            '[{ darft = "Hello dude." }]',
            11,
            "it has no field 'darft'. Did you mean 'draft'?",
        ),
        (
            '["Hello dude."]',
            '[{ draft = "dude", now = "today" }]',
            11,
            "now is 'today'; it must be an ISO date",
        ),
        ('id = "no-dude"', "id = no-dude", 2, "this is not TOML: Invalid value"),
        ("bad =", "why =", 11, "this is not TOML: Cannot overwrite a value"),
        ("[[rule]]", "[rule]", 0, "begin each rule with [[rule]]."),
        ("[[rule]]", "[[rules]]", 1, "'rules' stands outside of a rule; begin each rule with [[rule]]."),
        ("good =", 'only_if = { feelings = ["angry"] }\ngood =', 10, "Did you mean 'feeling'?"),
        ("good =", 'only_if = { draft_has = ["no.such"] }\ngood =', 10, "there is no word list 'no.such'"),
    ],
)
def test_each_error_names_its_file_and_line_and_what_to_do(tmp_path, capsys, wrong, right, line, says):
    assert wrong in RULE
    code = main(["rules", "test", str(folder_with(tmp_path, RULE.replace(wrong, right)))])
    place = f"{tmp_path / 'mine.toml'}:{line}: " if line else f"{tmp_path / 'mine.toml'}: "
    told = [row for row in capsys.readouterr().out.splitlines() if says in row]
    assert told
    assert place in told[0]
    assert code == (1 if "finds" in says or "it has no field" in says or "now is" in says else 2)


def test_all_errors_of_all_files_are_told_at_once(tmp_path):
    folder_with(tmp_path, RULE.replace('"warn"', '"wran"') + RULE.replace("no-dude", "two"))
    folder_with(tmp_path, RULE.replace("no-dude", "three").replace('["dude"]', "3"), "other.toml")
    folder_with(tmp_path, RULE.replace("no-dude", "two"), "third.toml")
    done = rules("test", tmp_path)
    assert done.returncode == 2
    first, second, third, last = done.stdout.splitlines()
    assert "mine.toml:6: rule 'no-dude': severity is 'wran'" in first
    assert "other.toml:7: rule 'three': phrases is 3" in second
    assert f"third.toml:1: rule 'two': the id is taken by {tmp_path / 'mine.toml'}:12" in third
    assert last == "1 rule with 2 lines tested, 0 lines failed, 3 errors to mend."


def test_a_changed_file_stands_for_its_folder(tmp_path):
    folder_with(tmp_path, RULE)
    done = rules("test", tmp_path / "mine.toml", tmp_path)
    assert done.stdout == "1 rule with 2 lines tested, 0 lines failed.\n"


def test_a_folder_without_rules_or_that_is_not_there_is_said(tmp_path):
    assert "there is no rule; put [[rule]] tables into *.toml files" in rules("test", tmp_path).stdout
    missing = rules("test", tmp_path / "nothing")
    assert missing.returncode == 2
    assert "there is no such folder; give a folder of rules." in missing.stdout


def test_rules_are_listed_as_json_and_explained_with_the_nearest_name(tmp_path):
    listed = json.loads(rules("list", "--json", "--rules", folder_with(tmp_path, RULE)).stdout)
    own = next(rule for rule in listed if rule["id"] == "no-dude")
    assert own["bad"] == ["Hello dude."]
    assert own["file"] == str(tmp_path / "mine.toml")
    assert own["line"] == 1
    assert "bad:  Hello dude." in rules("explain", "no-dude", "--rules", tmp_path).stdout
    wrong = rules("explain", "clam-down")
    assert wrong.returncode == 2
    assert (
        "There is no rule 'clam-down'; 'rules list' shows them all. Did you mean 'calm-down'?" in wrong.stderr
    )
