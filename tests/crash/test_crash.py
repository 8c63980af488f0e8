"""The crash test in its short form; `make test-crash` runs it whole."""

import subprocess
import sys

import pytest

MAILS = 2000
LIMIT_SECONDS = 1200


@pytest.mark.e2e
def test_nothing_is_lost_doubled_or_crossed_while_processes_are_killed() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash", "--mails", str(MAILS)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=LIMIT_SECONDS, check=False,
    )  # fmt: skip
    print(done.stdout)  # noqa: T201 shown beside a failure, and by `pytest -s`
    assert done.returncode == 0, done.stdout
