"""The lock files pin versions and hashes, and name no host."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("name", ["desk.lock", "dev.lock"])
def test_python_locks_have_hashes_and_no_host(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    assert re.search(r"https?://", text) is None
    pins = [line for line in text.splitlines() if "==" in line and not line.startswith(" ")]
    assert len(pins) > 40
    assert text.count("--hash=sha256:") >= len(pins)


def test_the_script_lock_names_no_host() -> None:
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))
    packages = [package for path, package in lock["packages"].items() if path]
    assert packages
    assert [package for package in packages if "resolved" in package] == []
    assert all("integrity" in package for package in packages)
