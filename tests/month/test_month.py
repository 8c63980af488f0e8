"""The simulated month in its short form; `make test-month` runs it whole."""

import subprocess
import sys
from pathlib import Path

import pytest

# A holiday, a Saturday, the Sunday on which the clocks of Berlin change, and a Monday.
SHORT = ["--days", "4", "--first", "2026-10-23", "--step", "15", "--kills", "0.06"]
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
