"""The pre-commit hooks: run as pre-commit runs them, with the changed files as arguments."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[4]
HOOKS = {
    hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
}
RULE = (Path(__file__).parent / "rules" / "no_dude_warn.toml").read_text(encoding="utf-8")


def run(hook, folder, *arguments):
    """The exit code and output of the hook for all files in `folder`; None where no file concerns it."""
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    wanted = [
        name for name in names if re.search(hook["files"], name) and not re.search(hook["exclude"], name)
    ]
    if not wanted:
        return None
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [*shlex.split(hook["entry"]), *arguments, *wanted],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=folder,
        env=os.environ | {"PATH": path},
    )


@pytest.fixture
def house(tmp_path):
    for folder in ("replies", "goodword-rules/House"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "replies" / "sent.md").write_text("Hi {{name}},\n\nyour order {{number}} left us today.\n")
    (tmp_path / "replies" / "sent.md.customer.txt").write_text("Calm down, dude.")
    (tmp_path / "README.md").write_text("Please calm down, dude.")
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'shop'\n")
    (tmp_path / "goodword-rules" / "tone.toml").write_text(RULE)
    (tmp_path / "goodword-rules" / "House" / "Avoid.yml").write_text(
        "extends: existence\nmessage: m\ntokens: [and/or]\n"
    )
    return tmp_path


def test_saved_replies_with_gaps_pass(house):
    done = run(HOOKS["goodword-coach"], house)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_saved_reply_with_a_fault_fails_by_name_and_line(house):
    (house / "replies" / "late.txt").write_text("Hi {{name}},\n\nplease calm down.\n\nSee you, dude.\n")
    done = run(HOOKS["goodword-coach"], house, "--fail-on", "warn", "--rules", "goodword-rules")
    assert done.returncode == 1
    assert re.search(r"^replies/late.txt:3:\d+: stop \[R1 calm-down\]", done.stdout, re.MULTILINE)
    assert "replies/late.txt:5:10: warn [R1 no-dude]" in done.stdout
    assert "README.md" not in done.stdout


def test_rules_are_tested_once_for_each_folder(house):
    done = run(HOOKS["goodword-rules"], house)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("lines failed.") == 2
    (house / "goodword-rules" / "tone.toml").write_text(RULE.replace('["Hello dude."]', '["Hello."]'))
    failed = run(HOOKS["goodword-rules"], house)
    assert failed.returncode == 1
    assert (
        "goodword-rules/tone.toml:11: rule 'no-dude': finds nothing in the bad line 'Hello.'."
        in failed.stdout
    )


def test_hooks_leave_a_repository_without_replies_or_rules_alone(tmp_path):
    (tmp_path / "notes.md").write_text("Please calm down.")
    (tmp_path / "pyproject.toml").write_text("")
    assert [run(hook, tmp_path) for hook in HOOKS.values()] == [None, None]
