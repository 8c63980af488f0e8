"""Which rules a command goes by: those that come with the coach, a team's own, and some switched off."""

from __future__ import annotations

import argparse
from pathlib import Path

from goodword.coach.commands.terminal import complain, count_of
from goodword.coach.pack import Pack, add_rules, load_pack, without_rules
from goodword.coach.rule_files import read_rules


def add_choice(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--rules",
        action="append",
        default=[],
        metavar="FOLDER",
        help="also go by the rules in FOLDER: *.toml, or a style of Vale; again for more",
    )
    parser.add_argument(
        "--off",
        action="append",
        default=[],
        metavar="RULE",
        help="leave out a rule; again for more",
    )


def chosen_pack(args: argparse.Namespace) -> Pack:
    """The pack that the arguments ask for; PackError or InputError when a folder or rule cannot be used."""
    pack = load_pack()
    for name in args.rules:
        found = read_rules(Path(name))
        for problem in found.problems:
            raise problem
        if found.left_out:
            complain(
                f"{count_of(len(found.left_out), 'rule')} in {name} left out; "
                f"'goodword coach rules test {name}' tells why."
            )
        pack = add_rules(pack, found.rules)
    return without_rules(pack, args.off) if args.off else pack
