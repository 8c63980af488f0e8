"""`goodword coach review` over several files: what is shown, what is counted, how it ends."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = [sys.executable, "-m", "goodword", "coach"]
RULE = (Path(__file__).parent / "rules" / "no_dude_stop.toml").read_text(encoding="utf-8")
RUDE = "Hello Ana,\n\nplease calm down, it will come.\n"
KIND = "Hello Ana,\n\nI have sent the new lamp today, and it will be with you by Friday 27 November.\n\nTom\n"


def coach(*arguments, given="", cwd=None):
    command = [*PROGRAM, *map(str, arguments)]
    return subprocess.run(
        command, input=given, capture_output=True, text=True, timeout=60, check=False, cwd=cwd
    )


@pytest.fixture
def replies(tmp_path):
    (tmp_path / "rude.txt").write_text(RUDE, encoding="utf-8")
    (tmp_path / "kind.md").write_text(KIND, encoding="utf-8")
    return tmp_path


def test_each_finding_names_its_file_line_and_column(replies):
    (replies / "tone.toml").write_text(RULE)
    (replies / "dude.txt").write_text("Hello Ana,\n\nit is in Porto, dude.\n")
    done = coach("review", "--rules", ".", "dude.txt", "kind.md", cwd=replies)
    assert done.returncode == 1
    assert "dude.txt:3:17: stop [R1 no-dude]" in done.stdout.splitlines()
    assert done.stdout.splitlines()[-1].startswith("2 drafts: 1 to stop for, ")


@pytest.mark.parametrize(
    ("draft", "least", "code"),
    [
        ("Please calm down.", "stop", 1),
        ("Sorry if you feel upset.", "stop", 0),
        ("Sorry if you feel upset.", "warn", 1),
        ("We utilize your account to find the order for you today.", "warn", 0),
        ("We utilize your account to find the order for you today.", "hint", 1),
        ("Please calm down.", "never", 0),
    ],
)
def test_the_exit_code_follows_the_severity_asked_for(draft, least, code):
    assert coach("review", "-", "--fail-on", least, given=draft).returncode == code


def test_a_file_that_cannot_be_used_keeps_no_other_from_being_reviewed(replies):
    (replies / "latin.txt").write_bytes("Schöne Grüße".encode("latin-1"))
    done = coach("review", "latin.txt", "missing.txt", "rude.txt", cwd=replies)
    assert done.returncode == 2
    assert "calm-down" in done.stdout
    assert "Save it as UTF-8." in done.stderr
    assert "'missing.txt' cannot be read: No such file or directory." in done.stderr


def test_the_customer_s_message_is_found_beside_the_draft(replies):
    (replies / "kind.md.customer.txt").write_text("Where is my lamp? Can I also cancel the chair?")
    done = coach("review", "kind.md", cwd=replies)
    assert "[answered] Where is my lamp?" in done.stdout
    assert "kind.md.customer.txt:1:" in done.stdout, "what is open points at the customer's file"


def test_a_rule_can_be_switched_off_and_a_wrong_name_is_put_right(replies):
    assert coach("review", "rude.txt", "--off", "calm-down", cwd=replies).returncode == 0
    wrong = coach("review", "rude.txt", "--off", "clam-down", cwd=replies)
    assert wrong.returncode == 2
    assert "There is no rule 'clam-down'" in wrong.stderr
    assert "Did you mean 'calm-down'?" in wrong.stderr


def test_a_template_may_have_gaps_and_nothing_else_is_let_through(replies):
    draft = "Hi {{customer.first_name}},\n\nI will write to you by {{date}}. Please calm down.\n"
    (replies / "saved.txt").write_text(draft)
    assert "placeholder" in coach("review", "saved.txt", cwd=replies).stdout
    done = coach("review", "saved.txt", "--template", cwd=replies)
    assert "placeholder" not in done.stdout
    assert "calm-down" in done.stdout
    assert done.stdout.count("saved.txt:") == 1, "words around a gap are left alone too"


def test_what_markdown_does_not_show_is_not_reviewed(replies):
    aside = "---\ntitle: calm down\n---\nHello Ana,\n\n<!-- calm down -->\n```\ncalm down\n```\n\n"
    (replies / "aside.md").write_text(aside + "Please calm down.\n")
    done = coach("review", "aside.md", cwd=replies)
    places = [line.split(": ")[0] for line in done.stdout.splitlines() if line.startswith("aside.md")]
    assert [place.rsplit(":", 1)[0] for place in places] == ["aside.md:11"]


def test_json_of_text_files_names_the_file_and_counts_in_its_code_points(replies):
    (replies / "dos.txt").write_bytes("Grüße 🙂\r\n\r\nPlease calm down.\r\n".encode())
    done = coach("review", "--json", "dos.txt", "kind.md", cwd=replies)
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["file"], second["file"]) == ("dos.txt", "kind.md")
    found = next(finding for finding in first["findings"] if finding["rule"] == "calm-down")
    text = (replies / "dos.txt").read_bytes().decode()
    assert text[found["start"] : found["end"]] == found["quote"]
    assert "calm down" in found["quote"]


def test_nothing_in_a_draft_reaches_the_terminal_as_a_command(replies):
    (replies / "odd.txt").write_text("Please calm down \x1b[2J\x1b]0;gone\x07 now.\n")
    done = coach("review", "odd.txt", cwd=replies)
    assert "\x1b" not in done.stdout
    assert "\x07" not in done.stdout


def shown_on_a_terminal(arguments, **settings):
    ours, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | settings
    with subprocess.Popen([*PROGRAM, *arguments], stdout=theirs, stdin=subprocess.DEVNULL, env=environment):
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # how the far end of a terminal says that it is closed
                break
            if not piece:
                break
            shown += piece
    os.close(ours)
    return shown.decode()


def test_colour_is_for_terminals_that_want_it(replies):
    draft = str(replies / "rude.txt")
    assert "\x1b[31mstop\x1b[0m" in shown_on_a_terminal(["review", draft])
    assert "\x1b" not in shown_on_a_terminal(["review", draft], NO_COLOR="1")
    assert "\x1b" not in coach("review", draft).stdout


def test_a_folder_s_own_settings_hold_for_its_drafts(replies):
    (replies / ".git").mkdir()
    (replies / ".goodword.toml").write_text('off = ["calm-down"]\ntemplate = true\n')
    below = replies / "saved"
    below.mkdir()
    (below / "reply.txt").write_text("Hi {{name}}, please calm down.")
    assert "calm-down" not in coach("review", "saved/reply.txt", cwd=replies).stdout
    assert coach("review", "saved/reply.txt", cwd=replies).returncode == 0
    (below / ".goodword.toml").write_text("off = []\n")
    assert "placeholder" in coach("review", "saved/reply.txt", cwd=replies).stdout, "the nearest file counts"


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ('of = ["calm-down"]', "'of' is no setting; there are off, rules, template. Did you mean 'off'?"),
        ('off = "calm-down"', "off is 'calm-down'; it must be a list."),
        ('off = ["clam-down"]', "There is no rule 'clam-down'"),
        ('rules = ["missing"]', "there is no such folder; give a folder of rules."),
        ("off = [", "this is not TOML"),
    ],
)
def test_settings_that_cannot_be_used_are_told_with_their_file(replies, settings, says):
    (replies / ".goodword.toml").write_text(settings)
    done = coach("review", "rude.txt", cwd=replies)
    assert done.returncode == 2
    assert says in done.stderr
    assert ".goodword.toml" in done.stderr or "missing" in done.stderr


def test_of_a_very_long_line_only_what_stands_around_a_quote_is_shown(replies):
    much = "The lamp is with us and it is for you. " * 2000
    (replies / "long.txt").write_text(f"{much}Please calm down. {much}")
    done = coach("review", "long.txt", cwd=replies)
    shown = done.stdout.splitlines()
    at = next(n for n, line in enumerate(shown) if line.endswith("[R1 calm-down]"))
    assert shown[at].startswith("long.txt:1:")
    line, marks = shown[at + 1], shown[at + 2]
    assert "calm down" in line[marks.index("~") : marks.rindex("~") + 1]
    assert max(map(len, shown)) < 900


def test_a_file_that_is_no_text_is_named(replies):
    (replies / "picture.txt").write_bytes(b"Hello \xff\xd8\xff")
    (replies / "lines.jsonl").write_bytes(b"\xff\xd8\xff")
    done = coach("review", "picture.txt", "kind.md", cwd=replies)
    assert done.returncode == 2
    assert "'picture.txt' is not text in UTF-8: byte 7 is no letter of it. Save it as UTF-8." in done.stderr
    assert "lines.jsonl" in coach("review", "--json", "lines.jsonl", cwd=replies).stderr


def test_lines_of_json_may_begin_with_a_byte_order_mark(replies):
    (replies / "lines.jsonl").write_bytes(b'\xef\xbb\xbf{"draft": "Please calm down."}\n')
    assert coach("review", "--json", "lines.jsonl", cwd=replies).returncode == 1
