"""The manual says what the code does."""

import re
from pathlib import Path

import pytest

from goodword.kit.config import SETTINGS

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEST = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)
NAMED = re.compile(r"`(?:[\w/]+/)?(test_\w+(?:\.py)?)`")
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


def test_every_setting_stands_in_the_manual_as_in_the_code() -> None:
    manual = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = [line for line in manual.splitlines() if line.startswith("| `")]
    wanted = [
        f"| `{setting.name}` | {f'`{setting.default}`' if setting.default else 'empty'} | {setting.meaning} |"
        for setting in SETTINGS
    ]
    assert rows == wanted


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_the_manual_leads_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    missing = [
        target
        for target in targets
        if not target.startswith(("http://", "https://", "mailto:")) and not (page.parent / target).exists()
    ]
    assert missing == []


def test_every_test_that_the_manual_names_is_there() -> None:
    tests = [path for folder in ("src", "tests") for path in (ROOT / folder).rglob("test_*.py")]
    known = {path.name for path in tests}
    known |= {name for path in tests for name in TEST.findall(path.read_text(encoding="utf-8"))}
    named = set(NAMED.findall((ROOT / "docs" / "mail.md").read_text(encoding="utf-8")))
    assert len(named) > 10
    assert named - known == set()


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 80
