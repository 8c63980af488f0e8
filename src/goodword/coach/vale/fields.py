"""The fields of a YAML file, each with its line, so that an error can name it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from goodword.coach.errors import PackError, Place


@dataclass(frozen=True, slots=True)
class Word:
    """A plain value as it is written, and its line."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Field:
    """What stands under one key: a word, a list of words, or pairs of words."""

    value: Word | tuple[Word, ...] | tuple[tuple[Word, Word], ...]
    line: int


def read_fields(path: Path) -> Mapping[str, Field]:
    """The fields of the file; PackError with the line when it is not YAML or not a rule."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise PackError("V101", Place(str(path), line), f"this is not YAML: {error.problem}.") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        what = " ".join(str(error).split())
        raise PackError("V101", Place(str(path)), f"this is not YAML: {what}.") from error
    if not isinstance(root, yaml.MappingNode):
        raise PackError(
            "V102", Place(str(path), 1), "this is no rule; begin with 'extends: existence' or the like."
        )
    fields: dict[str, Field] = {}
    for key, value in root.value:
        name = _word(path, key)
        if name.text in fields:
            raise PackError("V103", Place(str(path), name.line), f"{name.text!r} stands twice; keep one.")
        fields[name.text] = Field(_value(path, value), name.line)
    return fields


def _value(path: Path, node: yaml.Node) -> Word | tuple[Word, ...] | tuple[tuple[Word, Word], ...]:
    if isinstance(node, yaml.SequenceNode):
        return tuple(_word(path, item) for item in node.value)
    if isinstance(node, yaml.MappingNode):
        return tuple((_word(path, key), _joined(path, value)) for key, value in node.value)
    return _word(path, node)


def _joined(path: Path, node: yaml.Node) -> Word:
    """A list under a key of pairs is several words to choose from."""
    if not isinstance(node, yaml.SequenceNode):
        return _word(path, node)
    return Word("|".join(_word(path, item).text for item in node.value), node.start_mark.line + 1)


def _word(path: Path, node: yaml.Node) -> Word:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.ScalarNode):
        raise PackError("V104", Place(str(path), line), "something nested stands here; write plain words.")
    return Word(str(node.value), line)
