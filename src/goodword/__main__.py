"""The command `goodword`: finds the command's module, which needs no more than its own part installed."""

import argparse
import contextlib
import logging
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module, util
from logging.handlers import SysLogHandler

from goodword import __version__
from goodword.kit.terminal import say

SYSTEM_LOG = "/dev/log"


class _SystemLog(SysLogHandler):
    """The log of the system, where the machine has one."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Say nothing: it would be said where a mail server reads."""


@dataclass(frozen=True)
class Command:
    """A command: its module, which has `add_arguments(parser)` and `run(arguments)`, and what it needs.

    `codes` are the only exit codes of a command that programs run; the last is for whatever goes wrong.
    """

    module: str
    meaning: str
    desk: bool = True
    database: bool = True
    demo: bool = False
    codes: tuple[int, ...] = ()


COMMANDS: dict[tuple[str, ...], Command] = {
    ("coach",): Command(
        "goodword.coach.cli", "review a draft or read a message, without the desk", desk=False, database=False
    ),
    ("demo",): Command("goodword.ops.commands.demo", "start Goodword with a sample company", demo=True),
    ("serve",): Command("goodword.ops.commands.serve", "start the desk: pages, mail listener, jobs"),
    ("worker",): Command("goodword.ops.commands.worker", "run jobs only, beside other processes"),
    ("check",): Command(
        "goodword.ops.commands.check", "tell what is misconfigured and how to mend it", database=False
    ),
    ("migrate",): Command("goodword.ops.commands.migrate", "bring the database up to date"),
    ("backup",): Command(
        "goodword.ops.commands.backup", "write the whole house into one file, while it works"
    ),
    ("restore",): Command(
        "goodword.ops.commands.restore", "put a backup back into an empty house", database=False
    ),
    ("export",): Command("goodword.ops.commands.export", "write the whole house as lines of JSON and files"),
    ("import",): Command("goodword.ops.commands.import_", "bring an export into an empty house"),
    ("seed",): Command("goodword.ops.commands.seed", "fill the database with conversations, for measuring"),
    ("service", "recompute"): Command(
        "goodword.inbox.commands.service_recompute", "compute service clocks anew from the event log"
    ),
    ("token",): Command("goodword.api.commands.token", "make, list and revoke API tokens"),
    ("mail", "receive"): Command(
        # Mail servers give a mail back to its sender on any code but these.
        "goodword.mail.commands.receive",
        "take one mail from standard input",
        codes=(0, 65, 75),
    ),
    ("mail", "reconcile"): Command(
        "goodword.mail.commands.reconcile", "hold what was delivered against what became of it"
    ),
    ("mail", "import"): Command("goodword.mail.commands.import_", "take in .eml folders, Maildir and mbox"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    words = next((words for words in COMMANDS if tuple(given[: len(words)]) == words), None)
    if words is None:
        return _overview(given)
    command, rest = COMMANDS[words], given[len(words) :]
    return _run_for_programs(command, words, rest) if command.codes else _run(command, words, rest)


def _run_for_programs(command: Command, words: tuple[str, ...], rest: list[str]) -> int:
    try:
        code = _run(command, words, rest)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            say(end.code, code=code)
    except BaseException as error:
        _log(error, " ".join(words))
        sentence = "Goodword could not take this now. Give it again later; the log of the system says why."
        return say(sentence, code=command.codes[-1])
    return code if code in command.codes else command.codes[-1]


def _log(error: BaseException, words: str) -> None:
    """Write what went wrong into the log of the system; a mail server may quote to customers what it reads
    here, so only a person at a terminal sees it at once.
    """
    if sys.stderr.isatty():
        traceback.print_exception(error)
    trace = (type(error), error, error.__traceback__)
    record = logging.LogRecord("goodword", logging.ERROR, __file__, 0, "goodword %s failed.", (words,), trace)
    with contextlib.suppress(OSError):
        handler = _SystemLog(address=SYSTEM_LOG, facility=SysLogHandler.LOG_MAIL)
        handler.handle(record)
        handler.close()


def _run(command: Command, words: tuple[str, ...], rest: list[str]) -> int:
    asks_for_help = "-h" in rest or "--help" in rest
    if command.desk and (code := _prepare(command, " ".join(words), database=not asks_for_help)):
        return code
    module = import_module(command.module)
    parser = argparse.ArgumentParser(prog=f"goodword {' '.join(words)}", description=command.meaning)
    module.add_arguments(parser)
    return int(module.run(parser.parse_args(rest)) or 0)


def _prepare(command: Command, words: str, *, database: bool) -> int:
    if util.find_spec("django") is None:
        return say(f"'goodword {words}' needs the desk. Run: pip install 'goodword[desk]'", code=2)
    start = import_module("goodword.ops.start")
    return int(start.prepare(database=command.database and database, demo=command.demo))


def _overview(given: list[str]) -> int:
    if given in (["--version"], ["version"]):
        return say(f"goodword {__version__}")
    lines = ["usage: goodword COMMAND …", ""]
    lines += [f"  {' '.join(words):<14} {command.meaning}" for words, command in COMMANDS.items()]
    lines += ["", "goodword COMMAND --help tells more."]
    asked = not given or given[0] in {"-h", "--help", "help"}
    if not asked:
        lines.insert(0, f"There is no command '{' '.join(given[:2])}'.")
    return say("\n".join(lines), code=0 if asked else 2)


if __name__ == "__main__":
    sys.exit(main())
