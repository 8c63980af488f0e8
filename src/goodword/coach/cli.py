"""The coach on the command line: `goodword coach review|read|rules|archive|lsp|mcp`.

Exit codes: 0 when nothing was found that `--fail-on` names, 1 when something was, 2 when an input or pack
cannot be used.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from goodword.coach.commands import archive, read, review, rules, serving
from goodword.coach.commands.terminal import BROKEN_OFF, UNUSABLE, complain, sentence_of
from goodword.coach.errors import CoachError


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the coach: what it is for, its arguments, and what it does (returns the exit code)."""

    meaning: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


COMMANDS: Mapping[str, Command] = {
    "review": Command("review draft replies", review.add_arguments, review.run),
    "read": Command("read a customer's message", read.add_arguments, read.run),
    "rules": Command("list, explain or test rules", rules.add_arguments, rules.run),
    "archive": Command("read an archive of conversations", archive.add_arguments, archive.run),
    "lsp": Command("serve an editor over standard input and output", serving.add_arguments, serving.run),
    "mcp": Command("serve tools to a language model's client", serving.add_arguments, serving.run),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the coach's commands and options to `parser`."""
    commands = parser.add_subparsers(dest="coach_command", required=True, metavar="|".join(COMMANDS))
    for name, command in COMMANDS.items():
        described = f"{command.meaning[0].upper()}{command.meaning[1:]}."
        command.add_arguments(commands.add_parser(name, help=command.meaning, description=described))


def run(args: argparse.Namespace) -> int:
    """Do what the parsed arguments ask for; return the exit code."""
    try:
        return COMMANDS[args.coach_command].run(args)
    except BrokenPipeError:
        # Whoever read along has seen enough; nothing more may be written, not even at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNUSABLE
    except KeyboardInterrupt:
        complain("Broken off.")
        return BROKEN_OFF
    except (CoachError, OSError, UnicodeDecodeError) as error:
        complain(sentence_of(error))
        return UNUSABLE


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="goodword coach", description="The coach, on the command line.")
    add_arguments(parser)
    return run(parser.parse_args(argv))


if __name__ == "__main__":
    sys.exit(main())
