"""Speaking to the person at the terminal."""

import sys


def say(text: str, *, code: int = 0) -> int:
    """Write a line, to standard error when something is wrong; returns `code` for the process to end with."""
    print(text, file=sys.stderr if code else sys.stdout, flush=True)
    return code
