"""`goodword mail reconcile`: what was delivered, what became of it, and whether anything is unexplained.

Exit code 1 when it is.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone
from rich.console import Console
from rich.table import Table

from goodword.mail import reconciling
from goodword.mail.reconciling import Line

LONGEST = 3660


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--days", type=_days, default=14, metavar="N", help="how many days back (14)")
    parser.add_argument("--json", action="store_true", help="one object for programs")


def run(arguments: argparse.Namespace) -> int:
    """Print a line for each mailbox and day, and name what is unexplained."""
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    lines = reconciling.reconcile(
        first=today - timedelta(days=arguments.days - 1), last=today, ask_servers=True
    )
    named = reconciling.unexplained(lines)
    if arguments.json:
        sys.stdout.write(json.dumps(_as_json(lines, named)) + "\n")
    else:
        _print(lines, named)
    return 1 if any(line.unexplained for line in lines) else 0


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= LONGEST):
        raise argparse.ArgumentTypeError(f"'{text}' is no number of days from 1 to {LONGEST}.")
    return int(text)


def _as_json(lines: Sequence[Line], named: Sequence[str]) -> dict[str, object]:
    return {
        "days": [
            {
                "day": line.day.isoformat(),
                "mailbox": line.mailbox.address,
                "server": line.server,
                "delivered": line.delivered,
                "sources": dict(line.sources),
                "stored": line.kept,
                "unexplained": line.unexplained,
                "became": {bucket.value: count for bucket, count in line.counts.items()},
            }
            for line in lines
        ],
        "unexplained": sum(line.unexplained for line in lines),
        "named": list(named),
    }


def _print(lines: Sequence[Line], named: Sequence[str]) -> None:
    console = Console()
    if not lines:
        console.print("No mail was delivered in these days.", highlight=False)
        return
    table = Table(box=None, pad_edge=False)
    for name in ("Day", "Mailbox"):
        table.add_column(name, no_wrap=True)
    for name in ("Server has", "Delivered", "Stored", "Messages", "Recorded", "Needs a person", "Waiting"):
        table.add_column(name, justify="right")
    table.add_column("Unexplained", justify="right")
    for line in lines:
        figures = (line.delivered, line.kept, line.messages, line.recorded, line.needs_person, line.waiting)
        server = "–" if line.server is None else str(line.server)
        table.add_row(
            line.day.isoformat(), line.mailbox.address, server, *map(str, figures), str(line.unexplained)
        )
    console.print(table)
    if named:
        console.print("Unexplained: " + ", ".join(named), highlight=False, soft_wrap=True)
        return
    console.print("Everything is accounted for.", highlight=False)
