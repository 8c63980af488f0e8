"""`goodword demo`: the desk with a sample company; no mail leaves the machine."""

import argparse
import sys
import webbrowser

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from goodword.kit import config
from goodword.kit.terminal import say
from goodword.ops import server
from goodword.ops.sample import load

from .serve import launch


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")


def run(arguments: argparse.Namespace) -> int:
    """Load the sample company once, then serve."""
    settings = config.load()
    parts = server.Parts()
    try:
        server.require_free(*server.ports(settings, parts))
    except server.PortInUse as error:
        return say(str(error), code=1)
    load_sample()
    if settings.smtp_port:
        say(f"Mail to {load.MAILBOX} is taken in by SMTP at {settings.smtp_host}:{settings.smtp_port}.")
    if sys.stdout.isatty() and not arguments.no_browser:
        webbrowser.open(settings.url)
    people = ", ".join(f"{email} ({role})" for email, role in load.LOG_INS)
    return launch(
        settings,
        parts,
        ready=f"Goodword is ready: {settings.url}/  Log in as {people}; password: {load.PASSWORD}",
    )


def load_sample() -> None:
    """Load the sample company with a progress bar; the second time there is nothing to do."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )
    with Progress(*columns) as bar:
        tasks: dict[str, object] = {}

        def progress(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)  # type: ignore[arg-type]

        load.load_sample(progress=progress)
