"""The examples of the manual do what they show."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs" / "coach" / "command-line.md").read_text(encoding="utf-8")
EDITORS = (ROOT / "docs" / "coach" / "editors.md").read_text(encoding="utf-8")
COMMAND = re.compile(r"^\$ (.*(?:\n> .*)*)", re.MULTILINE)


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


def examples():
    """Each command of the page with what it shows, in order."""
    for block in blocks(PAGE, "console"):
        parts = COMMAND.split(block)[1:]
        for command, shown in zip(parts[::2], parts[1::2], strict=True):
            yield command.replace("\n> ", "\n"), shown.strip("\n")


def test_each_example_of_the_command_line_shows_what_it_shows(tmp_path):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    seen = 0
    for command, shown in examples():
        done = subprocess.run(
            ["bash", "-c", command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
            cwd=tmp_path,
            env=os.environ | {"PATH": path},
        )
        assert done.stdout.strip("\n") == shown, command
        seen += 1
    assert seen > 12


def test_every_option_of_review_stands_in_the_manual():
    done = subprocess.run(
        [sys.executable, "-m", "goodword", "coach", "review", "--help"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    options = set(re.findall(r"--[a-z-]+", done.stdout)) - {"--help"}
    assert options == set(re.findall(r"--[a-z-]+", PAGE.split("## JSON")[0])) & options
    assert len(options) > 8


@pytest.mark.parametrize("page", [PAGE, EDITORS])
def test_examples_of_files_can_be_read(page):
    for text in blocks(page, "toml"):
        tomllib.loads(text)
    for text in blocks(page, "yaml"):
        yaml.safe_load(text)
    for text in blocks(page, "json"):
        json.loads(text)
