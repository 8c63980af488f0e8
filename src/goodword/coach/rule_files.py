"""The rules in a folder: TOML files of our own form, and Vale's YAML styles."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module, util
from pathlib import Path
from typing import Any

from goodword.coach.checks import KINDS
from goodword.coach.errors import InputError, PackError, Place
from goodword.coach.rule import Rule, nearest, rule_from_toml

FORMS = Path(__file__).parent / "packs" / "vale.toml"
_HEAD = re.compile(r"\s*\[\[\s*(\w+)\s*\]\]")
_TOML_LINE = re.compile(r"\(at line (\d+)")
_YAML = ("*.yml", "*.yaml", "*/*.yml", "*/*.yaml")


@dataclass(frozen=True, slots=True)
class RuleFiles:
    """What a folder holds: its rules, what is wrong with it, and sentences on what is not applied here."""

    rules: tuple[Rule, ...]
    problems: tuple[PackError, ...]
    left_out: tuple[str, ...]


def rules_of(folder: Path) -> list[Rule]:
    """The rules in `folder`; PackError at the first thing that is wrong in it."""
    found = read_rules(folder)
    for problem in found.problems:
        raise problem
    return list(found.rules)


def read_rules(folder: Path) -> RuleFiles:
    """Everything in `folder`, with all that is wrong in it."""
    if not folder.is_dir():
        what = "this is a file" if folder.is_file() else "there is no such folder"
        return RuleFiles((), (PackError("P101", Place(str(folder)), f"{what}; give a folder of rules."),), ())
    rules: dict[str, Rule] = {}
    problems: list[PackError] = []
    left_out: list[str] = []
    for found in _each(folder, left_out):
        if isinstance(found, PackError):
            problems.append(sharpened(found))
        elif found.id in rules:
            other = rules[found.id].place
            taken = f"the id is taken by {other.file}:{other.line}; choose another."
            problems.append(PackError("P105", found.place, taken))
        else:
            rules[found.id] = found
    if not rules and not problems and not left_out:
        nothing = (
            "there is no rule; put [[rule]] tables into *.toml files, or a style of Vale into *.yml files."
        )
        problems.append(PackError("P103", Place(str(folder)), nothing))
    return RuleFiles(tuple(rules.values()), tuple(problems), tuple(left_out))


def _each(folder: Path, left_out: list[str]) -> Iterator[Rule | PackError]:
    for path in files_of(folder):
        yield from _toml_rules(path)
    styles = [path for path in _yaml_files(folder) if path.is_file()]
    if not styles:
        return
    if util.find_spec("yaml") is None:
        need = "rules in YAML need the package PyYAML. Run: pip install 'goodword[vale]'"
        yield PackError("P106", Place(str(styles[0])), need)
        return
    style, forms = import_module("goodword.coach.vale.style"), read_toml(FORMS)
    for path in styles:
        try:
            yield style.rule_of_file(path, forms)
        except style.LeftOut as reason:
            left_out.append(str(reason))
        except PackError as error:
            yield error


def _yaml_files(folder: Path) -> list[Path]:
    """Rule files of the style in `folder`, or of the styles in folders in it; hidden ones are passed over."""
    found = (path for pattern in _YAML for path in folder.glob(pattern))
    return sorted(path for path in found if not any(p[0] in "._" for p in path.relative_to(folder).parts))


def rule_named(name: str, rules: Iterable[Rule]) -> Rule:
    """The rule with the id `name`; InputError names the nearest where there is none."""
    known = {rule.id: rule for rule in rules}
    if name not in known:
        hint = nearest(name, known)
        raise InputError("I207", f"There is no rule {name!r}; 'rules list' shows them all.{hint}")
    return known[name]


def files_of(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.toml")) if folder.is_dir() else []


def read_toml(path: Path) -> dict[str, Any]:
    """Return what is in a TOML file; PackError with the line when it is not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        at = _TOML_LINE.search(str(error))
        place = Place(str(path), int(at[1]) if at else 0)
        raise PackError("P104", place, f"this is not TOML: {error}.") from error


def _toml_rules(path: Path) -> Iterator[Rule | PackError]:
    option_types = {name: kind.options for name, kind in KINDS.items()}
    try:
        content = read_toml(path)
    except PackError as error:
        yield error
        return
    tables = content.get("rule", [])
    yield from _strangers(path, content)
    if not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
        yield PackError(
            "P107", Place(str(path)), "'rule' is no list of tables; begin each rule with [[rule]]."
        )
        return
    lines = _rule_lines(path)
    for number, table in enumerate(tables):
        place = Place(str(path), lines[number] if number < len(lines) else 0)
        try:
            yield rule_from_toml(table, place, option_types)
        except PackError as error:
            yield error


def _strangers(path: Path, content: Mapping[str, Any]) -> Iterator[PackError]:
    """What stands in the file beside its rules; a rule's field written above [[rule]] lands there."""
    for name in content:
        if name != "rule":
            sentence = f"{name!r} stands outside of a rule; begin each rule with [[rule]]."
            yield sharpened(PackError("P108", Place(str(path), 1), sentence, about=name))


def _rule_lines(path: Path) -> list[int]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        number for number, line in enumerate(lines, 1) if (head := _HEAD.match(line)) and head[1] == "rule"
    ]


def sharpened(error: PackError) -> PackError:
    """`error` at the line of the words it is about, where they can be found in its rule's lines."""
    place = error.place
    if not (error.about and place.line and place.file.endswith(".toml")):
        return error
    return error.at(line_of(place, error.about) or place.line)


def line_of(place: Place, words: str, field: str = "") -> int:
    """The line of `place`'s rule that sets the field `words`, or else the first that holds them; 0: none.

    With `field` they are looked for from the line on that sets it, which counts if they are not found.
    """
    lines = Path(place.file).read_text(encoding="utf-8").splitlines()
    until = next((n for n in range(place.line, len(lines)) if _HEAD.match(lines[n])), len(lines))
    block = range(max(place.line, _line_setting(lines, range(place.line - 1, until), field)) - 1, until)
    found = next((n + 1 for n in block if words and words in lines[n]), 0)
    if field:
        return found or block.start + 1
    return _line_setting(lines, block, words) or found


def _line_setting(lines: Sequence[str], block: range, name: str) -> int:
    sets = re.compile(rf"\s*[\"']?{re.escape(name)}[\"']?\s*=")
    return next((n + 1 for n in block if name and sets.match(lines[n])), 0)
