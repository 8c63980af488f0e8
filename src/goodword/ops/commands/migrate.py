"""`goodword migrate`: the tables brought up to date, which every command does by itself when it starts."""

import argparse

from goodword.kit.terminal import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command has no options."""


def run(arguments: argparse.Namespace) -> int:
    """Say that it is done; the preparation of every command has done it."""
    return say("The tables are up to date.")
