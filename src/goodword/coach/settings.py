"""A folder's own wishes: which rules are off, which are added, whether its files are templates.

They stand in `.goodword.toml` beside the drafts or in a folder above, up to the root of the repository.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from goodword.coach.errors import InputError, PackError, Place
from goodword.coach.pack import Pack, add_rules, load_pack, without_rules
from goodword.coach.rule import TYPE_NAMES, nearest
from goodword.coach.rule_files import RuleFiles, read_rules, read_toml

NAME = ".goodword.toml"
TYPES: Mapping[str, type] = {"off": list, "rules": list, "template": bool}
_OFF = re.compile(r"^off[ \t]*=[ \t]*\[", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a folder or a command line asks for. `place` is the file it comes from, if any."""

    off: tuple[str, ...] = ()
    rules: tuple[Path, ...] = ()
    template: bool = False
    place: Path | None = None

    def joined(self, other: Settings) -> Settings:
        """Both together; what `other` adds comes last."""
        rules = tuple(dict.fromkeys((*self.rules, *other.rules)))
        off = tuple(dict.fromkeys((*self.off, *other.off)))
        return Settings(off, rules, self.template or other.template, self.place or other.place)


def settings_for(draft: Path) -> Settings:
    """The settings that hold for the file `draft`; PackError when they are written wrongly."""
    for folder in draft.absolute().parents:
        if (folder / NAME).is_file():
            return read_settings(folder / NAME)
        if (folder / ".git").exists():
            break
    return Settings()


def read_settings(path: Path) -> Settings:
    given = read_toml(path)
    for name, value in given.items():
        place = Place(str(path))
        if name not in TYPES:
            known = ", ".join(TYPES)
            raise PackError(
                "S101", place, f"{name!r} is no setting; there are {known}.{nearest(name, TYPES)}"
            )
        if not isinstance(value, TYPES[name]):
            raise PackError("S102", place, f"{name} is {value!r}; it must be {TYPE_NAMES[TYPES[name]]}.")
        if isinstance(value, list) and not all(isinstance(item, str) for item in value):
            raise PackError("S103", place, f"{name} is {value!r}; each of its items must be text.")
    folders = tuple(path.parent / folder for folder in given.get("rules", ()))
    return Settings(tuple(given.get("off", ())), folders, given.get("template", False), path)


def switch_off(rule: str, folder: Path) -> Path:
    """Switch `rule` off for the drafts in `folder`, in the settings that hold there or in new ones.

    What else stands in the file stays as it is. Returns the file.
    """
    path = settings_for(folder / "draft").place or folder / NAME
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if path.is_file() and rule in read_settings(path).off:
        return path
    line = f'"{rule}", '
    changed, times = _OFF.subn(lambda found: found[0] + line, text, count=1)
    path.write_text(changed if times else f'off = ["{rule}"]\n{text}', encoding="utf-8")
    read_settings(path)
    return path


@dataclass(frozen=True, slots=True)
class Choice:
    """A pack as settings want it, and sentences on rules of theirs that are not applied here."""

    pack: Pack
    left_out: tuple[str, ...]


def choose(settings: Settings) -> Choice:
    """The pack that `settings` ask for; PackError or InputError when a folder or rule cannot be used."""
    folders = tuple((str(folder), _state(folder)) for folder in settings.rules)
    try:
        return _chosen(folders, settings.off)
    except InputError as error:
        if settings.place is None:
            raise
        raise PackError("S104", Place(str(settings.place)), error.sentence) from error


def _state(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """What tells whether a folder of rules has changed since it was read."""
    if not folder.is_dir():
        return ()
    files = (path for pattern in ("*", "*/*") for path in folder.glob(pattern) if path.is_file())
    stated = ((str(path), path.stat()) for path in files)
    return tuple(sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in stated))


@lru_cache(maxsize=16)
def _chosen(folders: tuple[tuple[str, Any], ...], off: tuple[str, ...]) -> Choice:
    pack, left_out = _with_folders(folders)
    return Choice(without_rules(pack, off) if off else pack, left_out)


@lru_cache(maxsize=8)
def _with_folders(folders: tuple[tuple[str, Any], ...]) -> tuple[Pack, tuple[str, ...]]:
    pack = load_pack()
    left_out: list[str] = []
    for name, _ in folders:
        found = _sound(read_rules(Path(name)))
        left_out += found.left_out
        pack = add_rules(pack, found.rules)
    return pack, tuple(left_out)


def _sound(found: RuleFiles) -> RuleFiles:
    for problem in found.problems:
        raise problem
    return found
