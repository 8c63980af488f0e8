"""`goodword service recompute`: service clocks computed anew from the event log, held against what is stored.

Exit code 1 when something differed and `--check` left it so.
"""

import argparse
from itertools import islice

from goodword.inbox import clocks
from goodword.kit.terminal import say

NAMED = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--conversation", type=_number, action="append", metavar="N", help="this one; may be given again"
    )
    which.add_argument("--all", action="store_true", help="every conversation that a service level held for")
    parser.add_argument("--check", action="store_true", help="only tell differences, change nothing")


def run(arguments: argparse.Namespace) -> int:
    """Tell every difference, up to fifty by name."""
    numbers = None if arguments.all else arguments.conversation
    found = clocks.recompute(numbers, write=not arguments.check)
    count = 0
    for sentence in islice(found, NAMED):
        say(sentence)
        count += 1
    count += sum(1 for _sentence in found)
    if not count:
        return say("Every service clock is as the event log says.")
    if arguments.check:
        return say(f"{count} differences. Run it without --check to set them right.", code=1)
    return say(f"{count} differences, set right.")


def _number(text: str) -> int:
    digits = text.removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        raise argparse.ArgumentTypeError(f"'{text}' is no number of a conversation, such as 48213.")
    return int(digits)
