"""`goodword worker`: jobs only, any number of them on any number of machines."""

import argparse

from goodword.kit import config
from goodword.ops import server

from .serve import launch


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command has no options."""


def run(arguments: argparse.Namespace) -> int:
    """Work until stopped."""
    return launch(config.load(), server.Parts(pages=False, mail=False), ready="Goodword's worker is ready.")
