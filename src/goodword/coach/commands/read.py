"""`goodword coach read`: how a customer's message reads."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from goodword.coach.commands.json_lines import read_lines
from goodword.coach.commands.terminal import FINE, say
from goodword.coach.drafts import open_draft
from goodword.coach.human import show_reading
from goodword.coach.reviewing import read


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", nargs="?", default="-", metavar="FILE", help="the message; - or nothing: standard input"
    )
    parser.add_argument("--json", action="store_true", help="JSON lines in, JSON lines out")
    parser.add_argument("--now", help="the moment of writing, ISO form (default: now; with --json: none)")
    parser.add_argument("--tz", help="the time zone by name, e.g. Europe/Berlin")


def run(args: argparse.Namespace) -> int:
    if args.json:
        return read_lines(args.file, args)
    message = open_draft(args.file).page.raw
    say(show_reading(read(message, now=args.now or datetime.now(UTC), tz=args.tz)))
    return FINE
