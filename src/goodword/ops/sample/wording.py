"""Text with choices: `[one|other]` inside a line, several lines to choose from, `{slot}` for what varies.

A line may begin with `<case>`. Choosing it settles the case of the conversation, and later paragraphs that
have lines for that case choose among these, so that an answer fits what was said before.
"""

import re
from dataclasses import dataclass
from random import Random
from string import Formatter

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_CASE = re.compile(r"<(\w+)> ")
_SPACES = re.compile(r" {2,}")

Piece = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One way to say a paragraph; `case` is empty when it fits every case."""

    case: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """Paragraphs, each with several lines that say the same; `say` picks one of each."""

    paragraphs: tuple[tuple[Line, ...], ...]

    def say(self, chance: Random, slots: dict[str, str]) -> str:
        """The paragraphs in one choice of words, with the slots filled and a blank line between them.

        The slot `case` is read and written.
        """
        text = "\n\n".join(filter(None, [_chosen(lines, chance, slots) for lines in self.paragraphs]))
        return _SPACES.sub(" ", text.format_map(slots)) if "{" in text else _SPACES.sub(" ", text)

    def slots(self) -> set[str]:
        """Names of all slots in any of the wordings."""
        return {
            name
            for paragraph in self.paragraphs
            for line in paragraph
            for piece in line.pieces
            for option in ([piece] if isinstance(piece, str) else piece)
            for _, name, _, _ in Formatter().parse(option)
            if name
        }


def compiled(say: list[str] | list[list[str]]) -> Wording:
    """A wording from its form in the files: one paragraph's lines to choose from, or a list of such lists."""
    paragraphs = [say] if say and isinstance(say[0], str) else say
    return Wording(tuple(tuple(_line(line) for line in lines) for lines in paragraphs))


def _line(text: str) -> Line:
    case = _CASE.match(text)
    pieces: list[Piece] = []
    for index, part in enumerate(_CHOICE.split(text[case.end() :] if case else text)):
        if index % 2:
            pieces.append(tuple(part.split("|")))
        elif part:
            pieces.append(part)
    return Line(case.group(1) if case else "", tuple(pieces))


def _chosen(lines: tuple[Line, ...], chance: Random, slots: dict[str, str]) -> str:
    fitting = [line for line in lines if line.case == slots["case"]] if slots["case"] else lines
    options = fitting or lines
    line = options[int(chance.random() * len(options))]
    if line.case:
        slots["case"] = line.case
    return "".join(
        [
            piece if isinstance(piece, str) else piece[int(chance.random() * len(piece))]
            for piece in line.pieces
        ]
    ).strip()
