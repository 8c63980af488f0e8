"""`goodword serve`: the desk in one process."""

import argparse

from goodword.coaching import actions as coaching
from goodword.kit import config
from goodword.kit.terminal import say
from goodword.ops import server


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--no-pages", action="store_true", help="take mail in or run jobs only")
    parser.add_argument("--no-mail", action="store_true", help="do not listen for mail")
    parser.add_argument("--no-jobs", action="store_true", help="leave jobs to `goodword worker`")


def run(arguments: argparse.Namespace) -> int:
    """Serve until stopped."""
    settings = config.load()
    parts = server.Parts(pages=not arguments.no_pages, mail=not arguments.no_mail, jobs=not arguments.no_jobs)
    if not any((parts.pages, parts.mail, parts.jobs)):
        return say("Without pages, mail and jobs nothing is left to do; leave one option out.", code=2)
    where = f"{settings.url}/" if parts.pages else "no pages here"
    return launch(settings, parts, ready=f"Goodword is ready: {where}")


def launch(settings: config.Config, parts: server.Parts, *, ready: str) -> int:
    """Run the parts and say `ready` once they answer; a port in use is a sentence and exit code 1."""
    if trouble := coaching.trouble():
        say(f"The coach cannot be used, the rest can: {trouble}", code=1)
    try:
        server.require_free(*server.ports(settings, parts))
        server.run(settings, parts=parts, ready=lambda: say(ready))
    except server.PortInUse as error:
        return say(str(error), code=1)
    return 0
