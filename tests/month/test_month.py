"""The simulated month in its short form; `make test-month` runs it whole."""

import subprocess
import sys
from pathlib import Path

import pytest

# Ten days with the night in which the clocks of Berlin change, and a holiday.
SHORT = ["--days", "10", "--first", "2026-10-19"]
LIMIT_SECONDS = 1200


@pytest.mark.e2e
def test_everything_happens_once_and_in_time_while_workers_are_killed() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.month", *SHORT],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=LIMIT_SECONDS, check=False,
        cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    print(done.stdout)  # noqa: T201 shown beside a failure, and by `pytest -s`
    assert done.returncode == 0, done.stdout
