"""Reads an expression, as Vale and its like write them, into parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NoReturn

from goodword.coach.expressions.parts import Char, Choice, Edge, Group, Look, OneOf, Part, Repeat, Sequence

NO_LIMIT = 60  # what '*' and '+' mean here: a reply has no use for more, and a limit cannot run away
NO_LIMIT_OF_GROUPS = 20  # of a part in brackets
MOST_REPEATS = 200
_COUNT = re.compile(r"\{(\d{1,4})(,?)(\d{0,4})\}")
_FLAGS = re.compile(r"\(\?([ims]*)(-[ims]+)?([:)])")
_NAMED = re.compile(r"\(\?P?<([A-Za-z_]\w{0,40})>")
_HEX = re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|x\{([0-9A-Fa-f]{1,6})\}")
_PROPERTY = re.compile(r"p\{([LNP])\}")
_PROPERTIES: Mapping[str, str] = {"L": r"[^\W\d_]", "N": r"\d", "P": r"[^\w\s]"}
_CLASSES = "dDwWsS"
_EDGES: Mapping[str, str] = {"b": r"\b", "B": r"\B", "A": r"\A", "z": r"\Z", "Z": r"\Z"}
_CONTROLS: Mapping[str, str] = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
_LOOKS = ("(?=", "(?!", "(?<=", "(?<!")


def read_expression(source: str) -> Choice:
    """The alternatives of `source`; ValueError says what in it cannot be used."""
    reader = _Reader(source)
    choice = reader.choice()
    if reader.at < len(source):
        raise ValueError(f"the expression {source!r} has a ')' too many")
    return choice


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.groups = 0

    def choice(self) -> Choice:
        sequences = [self.sequence()]
        while self._here("|"):
            self.at += 1
            sequences.append(self.sequence())
        return tuple(sequences)

    def sequence(self) -> Sequence:
        parts: list[Part] = []
        while self.at < len(self.source) and self.source[self.at] not in "|)":
            if (flags := _FLAGS.match(self.source, self.at)) and flags[3] == ")":
                parts.append(self._rest_with(flags))
            else:
                parts.append(self._repeated(self._part()))
        return tuple(parts)

    def _rest_with(self, flags: re.Match[str]) -> Part:
        """`(?i)` holds for what follows it in its bracket."""
        self.at = flags.end()
        return Group(self.choice(), opening=f"(?{flags[1]}{flags[2] or ''}:")

    def _part(self) -> Part:
        char = self.source[self.at]
        if char == "(":
            return self._bracket()
        if char == "[":
            return self._class()
        if char == "\\":
            return self._escape()
        if char in "*+?":
            self._refuse(f"has a {char!r} with nothing before it to repeat")
        self.at += 1
        if char in "^$":
            return Edge(char)
        return OneOf(".") if char == "." else Char(char)

    def _bracket(self) -> Part:
        source = self.source
        for opening in _LOOKS:
            if source.startswith(opening, self.at):
                return Look(opening, self._inside(len(opening)))
        if named := _NAMED.match(source, self.at):
            return self._captured(named.end() - self.at)
        if flags := _FLAGS.match(source, self.at):
            return Group(self._inside(flags.end() - self.at), opening=f"(?{flags[1]}{flags[2] or ''}:")
        if source.startswith("(?>", self.at):
            return Group(self._inside(3), opening="(?>")
        if source.startswith("(?", self.at):
            self._refuse(f"has a bracket {source[self.at : self.at + 4]!r} that is not known here")
        return self._captured(1)

    def _captured(self, opening: int) -> Group:
        self.groups += 1
        number = self.groups
        return Group(self._inside(opening), number=number)

    def _inside(self, opening: int) -> Choice:
        self.at += opening
        body = self.choice()
        if not self._here(")"):
            self._refuse("has a '(' that is never closed")
        self.at += 1
        return body

    def _class(self) -> OneOf:
        start, source = self.at, self.source
        at = start + 1
        at += source.startswith("^", at)
        pieces: list[str] = ["[^"] if at > start + 1 else ["["]
        first = at
        while at < len(source) and (source[at] != "]" or at == first):
            if source.startswith("[:", at) or source.startswith("\\p", at):
                self._refuse("uses a class by name; list the characters, or use \\w, \\d and \\s")
            width = 2 if source[at] == "\\" else 1
            piece = source[at : at + width]
            pieces.append("\\" + piece if piece in set("[]&~|") else piece)
            at += width
        if at >= len(source):
            self._refuse("has a '[' that is never closed")
        self.at = at + 1
        inside = source[first:at]
        plain = not set("\\-^") & set(inside) and pieces[0] == "[" and len(inside) <= 12
        return OneOf("".join([*pieces, "]"]), inside if plain else "")

    def _escape(self) -> Part:
        self.at += 1
        if self.at >= len(self.source):
            self._refuse("ends with a backslash")
        char = self.source[self.at]
        if char.isdigit():
            self._refuse("refers back to a group; write the words out instead")
        if found := _HEX.match(self.source, self.at):
            self.at = found.end()
            return Char(chr(min(int(found[1] or found[2] or found[3], 16), 0x10FFFF)))
        if found := _PROPERTY.match(self.source, self.at):
            self.at = found.end()
            return OneOf(_PROPERTIES[found[1]])
        self.at += 1
        if char in _CLASSES:
            return OneOf("\\" + char)
        if char in _EDGES:
            return Edge(_EDGES[char])
        if char in _CONTROLS:
            return Char(_CONTROLS[char])
        if char.isalpha():
            self._refuse(f"has '\\{char}', which is not known here")
        return Char(char)

    def _repeated(self, part: Part) -> Part:
        while self.at < len(self.source):
            counts = self._counts(NO_LIMIT if isinstance(part, Char | OneOf) else NO_LIMIT_OF_GROUPS)
            if counts is None:
                return part
            if isinstance(part, Edge | Look):
                self._refuse("repeats something that has no width")
            least, most = counts
            how = self.source[self.at] if self._here("?") or self._here("+") else ""
            self.at += len(how)
            part = Repeat(part, least, most, how)
        return part

    def _counts(self, unlimited: int) -> tuple[int, int] | None:
        char = self.source[self.at]
        if char in "*+?":
            self.at += 1
            return (1, unlimited) if char == "+" else (0, unlimited if char == "*" else 1)
        found = _COUNT.match(self.source, self.at) if char == "{" else None
        if found is None:
            return None
        self.at = found.end()
        least = int(found[1])
        most = int(found[3]) if found[3] else least + (unlimited if found[2] else 0)
        if most > MOST_REPEATS or most < least or not most:
            self._refuse(f"repeats {found[0]} times; the most is {MOST_REPEATS}")
        return least, most

    def _here(self, char: str) -> bool:
        return self.source.startswith(char, self.at)

    def _refuse(self, what: str) -> NoReturn:
        raise ValueError(f"the expression {self.source!r} {what}")
