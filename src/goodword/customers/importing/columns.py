"""Which columns a file may have, from `data/columns.toml`, and how systems call states."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

KINDS = ("purchases", "subscriptions", "customers")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the name of the field, what it means, how a cell is read, and what systems call it."""

    name: str
    about: str
    called: tuple[str, ...]
    kind: str = "text"
    needed: bool = False


@cache
def columns(kind: str) -> tuple[Column, ...]:
    """The columns of files of that kind."""
    text = (files("goodword.customers") / "data" / "columns.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)[kind]
    return tuple(Column(**{**row, "called": tuple(row["called"])}) for row in rows)


@cache
def states() -> dict[str, str]:
    """The states of subscriptions by what systems call them, squeezed."""
    text = (files("goodword.customers") / "data" / "states.toml").read_text(encoding="utf-8")
    return {squeezed(word): state for state, words in tomllib.loads(text).items() for word in words}


def squeezed(heading: str) -> str:
    """A heading without what makes no difference."""
    return "".join(character for character in heading.casefold() if character.isalnum())
