"""`goodword coach lsp|mcp`: the coach for editors and for tools, over standard input and output."""

from __future__ import annotations

import argparse
from importlib import import_module, util

from goodword.coach.commands.choosing import add_choice
from goodword.coach.commands.terminal import FINE
from goodword.coach.errors import InputError

# Both stand on packages of their own, so they are loaded only when they are called for.
SERVERS = {"lsp": ("goodword.coach.lsp.server", "pygls"), "mcp": ("goodword.coach.mcp_server", "mcp")}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--template", action="store_true", help="gaps such as {{name}} are meant to be there")
    add_choice(parser)


def run(args: argparse.Namespace) -> int:
    module, package = SERVERS[args.coach_command]
    if util.find_spec(package) is None:
        name = args.coach_command
        need = f"'goodword coach {name}' needs the package {package}. Run: pip install 'goodword[{name}]'"
        raise InputError("I209", need)
    import_module(module).serve(args)
    return FINE
