"""The coach on the command line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from goodword.coach.cli import main

RULE = (Path(__file__).parent / "rules" / "no_dude_stop.toml").read_text(encoding="utf-8")
GOOD = "Hello Ana,\n\nI have sent the new lamp today, and it will be with you by Friday 27 November.\n\nTom\n"


def run(*arguments, given=""):
    command = [sys.executable, "-m", "goodword.coach.cli", *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, check=False)


def test_review_underlines_the_words_and_says_why(tmp_path, capsys):
    (tmp_path / "tone.toml").write_text(RULE, encoding="utf-8")
    draft = tmp_path / "draft.txt"
    draft.write_text("Hello Ana,\n\nit\tis in Porto, dude.\n", encoding="utf-8")
    assert main(["review", str(draft), "--rules", str(tmp_path)]) == 1
    assert capsys.readouterr().out.splitlines()[:6] == [
        f"{draft}:3:17: stop [R1 no-dude]",
        "  it is in Porto, dude.",
        "                  ~~~~",
        "  'dude' is too casual.",
        "  Why: Match the customer's tone.",
        "  Instead: Ana",
    ]


def test_a_good_reply_ends_with_exit_code_0(tmp_path, capsys):
    draft = tmp_path / "draft.txt"
    draft.write_text(GOOD, encoding="utf-8")
    customer = tmp_path / "mail.txt"
    customer.write_text("Where is my new lamp?", encoding="utf-8")
    assert main(["review", str(draft), "--customer", str(customer), "--name", "Ana Silva"]) == 0
    assert "Nothing to put right." in capsys.readouterr().out


def test_json_lines_come_back_one_for_one_and_a_bad_line_harms_no_other():
    lines = [
        json.dumps({"draft": "Calm down.", "now": "2026-11-18T10:00:00+00:00"}),
        "{not json",
        json.dumps({"customer_message": "Hi"}),
        json.dumps({"draft": "Hi", "attachments": "two"}),
        json.dumps({"draft": GOOD, "customer_name": None}),
        "",
    ]
    done = run("review", "--json", given="\n".join(lines))
    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 2
    assert [("error" in line) for line in out] == [False, True, True, True, False]
    assert out[0]["findings"][0]["rule"] == "calm-down"
    assert out[1]["line"] == 2
    assert "Line 3: [I203] 'draft' is missing" in done.stderr
    assert "Line 4: [I204] attachments is 'two'; it must be a whole number or null." in done.stderr
    assert out[4]["findings"] == []


def test_a_misspelled_field_is_named_and_fields_of_others_are_let_be():
    lines = [
        json.dumps({"draft": "Hi", "custmer_message": "Where is it?"}),
        json.dumps({"draft": "Hi", "id": 7}),
    ]
    done = run("review", "--json", given="\n".join(lines))
    assert (
        "Line 1: [I206] There is no field 'custmer_message'. Did you mean 'customer_message'?" in done.stderr
    )
    assert ["error" in json.loads(line) for line in done.stdout.splitlines()] == [True, False]


def test_read_takes_json_lines_and_plain_text():
    done = run("read", "--json", given=json.dumps({"customer_message": "I am furious! Order 88213."}) + "\n")
    assert done.returncode == 0
    assert json.loads(done.stdout)["feeling"] == "angry"
    plain = run("read", "-", given="I am furious! Order 88213.")
    assert "feeling:     angry (3 of 3)" in plain.stdout
    assert "order:       88213" in plain.stdout


def test_rules_are_listed_explained_and_tested(tmp_path, capsys):
    assert main(["rules"]) == 0
    assert "calm-down" in capsys.readouterr().out
    assert main(["rules", "explain", "calm-down"]) == 0
    assert "bad:  Please calm down and send us the number." in capsys.readouterr().out
    assert main(["rules", "explain", "no-such-rule"]) == 2
    assert "There is no rule 'no-such-rule'" in capsys.readouterr().err
    (tmp_path / "mine.toml").write_text(
        '[[rule]]\nid = "dude"\nkind = "phrase"\ncategory = "tone"\npractice = "R1"\nseverity = "warn"\n'
        'phrases = ["dude"]\nmessage = "m"\nwhy = "w"\ngood = ["Hello dude."]\nbad = ["Hello."]\n',
        encoding="utf-8",
    )
    assert main(["rules", "test", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert f"{tmp_path / 'mine.toml'}:11: rule 'dude': finds nothing in the bad line 'Hello.'." in out
    assert "1 rule with 2 lines tested, 2 lines failed." in out


@pytest.mark.parametrize("arguments", [["review", "/no/such/file"], ["read", "/no/such/file", "--json"]])
def test_a_file_that_is_not_there_is_said_in_a_sentence(arguments, capsys):
    assert main(arguments) == 2
    assert "'/no/such/file' cannot be read: No such file or directory." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("absent", "arguments", "says"),
    [
        ("pygls", ["lsp"], "'goodword coach lsp' needs the package pygls. Run: pip install 'goodword[lsp]'"),
        ("mcp", ["mcp"], "'goodword coach mcp' needs the package mcp. Run: pip install 'goodword[mcp]'"),
        (
            "yaml",
            ["rules", "--rules", "."],
            "rules in YAML need the package PyYAML. Run: pip install 'goodword",
        ),
    ],
)
def test_a_missing_extra_is_named_with_the_command_that_brings_it(tmp_path, absent, arguments, says):
    (tmp_path / "Avoid.yml").write_text("extends: existence\nmessage: m\ntokens: [a]\n", encoding="utf-8")
    program = (
        f"import sys; sys.modules[{absent!r}] = None\n"  # how Python says that a package is not there
        f"from goodword.coach.cli import main; sys.exit(main({arguments!r}))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path)
    assert done.returncode == 2
    assert says in done.stderr
