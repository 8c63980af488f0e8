"""Which rules a command goes by: those that come with the coach, a team's own, and some switched off."""

from __future__ import annotations

import argparse
from pathlib import Path

from goodword.coach.commands.terminal import complain, count_of
from goodword.coach.pack import Pack
from goodword.coach.settings import Settings, choose


def add_choice(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--rules",
        action="append",
        default=[],
        metavar="FOLDER",
        help="also go by the rules in FOLDER: *.toml, or a style of Vale; again for more",
    )
    parser.add_argument(
        "--off", action="append", default=[], metavar="RULE", help="leave out a rule; again for more"
    )


def chosen_pack(settings: Settings) -> Pack:
    """The pack that `settings` ask for; a sentence tells of rules that are left out.

    PackError or InputError when a folder or rule cannot be used.
    """
    choice = choose(settings)
    if choice.left_out:
        names = " ".join(str(folder) for folder in settings.rules)
        left_out = count_of(len(choice.left_out), "rule")
        complain(f"{left_out} left out; 'goodword coach rules test {names}' tells why.")
    return choice.pack


def asked(args: argparse.Namespace) -> Settings:
    """What the command line asks for."""
    folders = tuple(Path(folder) for folder in args.rules)
    return Settings(off=tuple(args.off), rules=folders, template=getattr(args, "template", False))
