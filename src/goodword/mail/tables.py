"""The room's word tables: the small TOML files in `data/`, read once."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """The content of `data/<name>.toml`; treat it as read-only."""
    file = resources.files(__package__) / "data" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def folded(name: str, *path: str) -> tuple[str, ...]:
    """A list of words in `data/<name>.toml`, ready to be compared with words whose case is folded."""
    found: Any = table(name)
    for key in path:
        found = found[key]
    return tuple(str(word).casefold() for word in found)
