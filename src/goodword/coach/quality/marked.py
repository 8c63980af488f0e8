"""Labelled cases as marked texts: a customer's message and several replies, labelled where the words stand.

    split: dev
    === bank, a card abroad
    C: [h1 I had to borrow money for dinner, which was mortifying.] [q2 Is the card blocked?]
    R: [1 Borrowing for dinner is no way to spend an evening.] {blame You should have told us before.}
    = 1y 2n
    ! unanswered@2

In `C:`, the message, stand its questions (`q`), requests (`r`), concerns (`c`), hardships (`h`) and kind
words (`k`), each with its number. In each `R:`, a reply, stand the words that deal with them, and in braces
those with a fault of a category. `=` says of each number whether it is answered (`y`, `p` for partly, `n`),
`!` what else is missing; a file without any `!` is labelled for questions alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

KINDS = {"q": "question", "r": "request", "c": "concern", "h": "concern", "k": ""}
STATES = {"y": "yes", "p": "partly", "n": "no"}
CATEGORIES = {
    "listening": "active_listening",
    "negative": "negative_phrasing",
    "unanswered": "unanswered_question",
}

_OPENS = re.compile(r"\[([qrchk]?)(\d+(?:,\d+)*) |\{([a-z]+) ")
_STATE = re.compile(r"(\d+)([ypn])")
_MISSING = re.compile(r"([a-z]+)@(\d+)")


class MarkedError(ValueError):
    """A file is not as it has to be; the text names the file and the line and says what to do."""


@dataclass(slots=True)
class Marked:
    """A text without its marks, and where each stood: start, end, letter, numbers; start, end, category."""

    text: str = ""
    items: list[tuple[int, int, str, list[int]]] = field(default_factory=list)
    faults: list[tuple[int, int, str]] = field(default_factory=list)


def marked_in(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each reply of a file as a case, with the name of its table: `case`, or `asked` without any `!`.

    Raises MarkedError.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or not lines[0].startswith("split: "):
        raise MarkedError(f"{path}:1: the first line has to say the part, as 'split: dev'.")
    split, table = lines[0].removeprefix("split: "), "asked"
    if any(line.startswith("!") for line in lines):
        table = "case"
    last = "!" if table == "case" else "= "
    block = reply = 0
    message, texts, states = "", list[str](), list[str]()
    for number, line in enumerate(lines[1:], start=2):
        if line.startswith("==="):
            block, reply, message, texts = block + 1, 0, "", []
        elif line.startswith("C: "):
            texts = [line[3:]]
        elif line.startswith("R: "):
            message, texts, states = message or "\n".join(texts).rstrip(), [line[3:]], []
        elif line.startswith("= "):
            states = line[2:].split()
        elif not line.startswith(last):
            texts.append(line)
        if line.startswith(last):
            reply += 1
            missing = line[1:].split() if table == "case" else None
            case = _case(message, "\n".join(texts).rstrip(), states, missing, f"{path}:{number}")
            yield table, {"id": f"{path.stem}-{block}-{reply}", "split": split, **case}


def _case(
    message: str, said: str, states: list[str], missing: list[str] | None, where: str
) -> dict[str, Any]:
    customer, draft = read_marks(message, where), read_marks(said, where)
    wanted = {place: customer.text[start:end] for start, end, _, places in customer.items for place in places}
    found = [_STATE.fullmatch(state) for state in states]
    known = {int(one[1]): STATES[one[2]] for one in found if one}
    if not all(found) or known.keys() != wanted.keys():
        raise MarkedError(
            f"{where}: '= {' '.join(states)}' has to give y, p or n for each of {sorted(wanted)}."
        )
    by: dict[int, list[str]] = {}
    for start, end, _, places in draft.items:
        for place in places:
            by.setdefault(place, []).append(draft.text[start:end])
    questions = [
        {"quote": wanted[place], "kind": KINDS[letter], "answered": known[place]}
        | (_answered_by(by[place]) if place in by and known[place] != "no" else {})
        for _, _, letter, places in customer.items
        for place in places
        if KINDS.get(letter)
    ]
    case: dict[str, Any] = {
        "customer_message": customer.text,
        "draft": draft.text,
        "questions": questions,
    }
    if missing is None:
        return case
    faults = [(category, "draft", draft.text[start:end]) for start, end, category in draft.faults]
    for lack in missing:
        lacks = _MISSING.fullmatch(lack)
        if not lacks or int(lacks[2]) not in wanted:
            raise MarkedError(
                f"{where}: '{lack}' has to be a category and one of {sorted(wanted)}, as 'empathy@1'."
            )
        faults.append((lacks[1], "customer", wanted[int(lacks[2])]))
    if any(category == "attachment" for category, _, _ in faults):
        case["attachments"] = 0  # it says that something is attached, and nothing is
    return case | {
        "wanted": [
            {"category": CATEGORIES.get(category, category), "in": place, "quote": quote}
            for category, place, quote in faults
        ]
    }


def _answered_by(quotes: list[str]) -> dict[str, Any]:
    """The first words that deal with it, and those that do `beside` them."""
    return {"by": quotes[0]} | ({"beside": quotes[1:]} if quotes[1:] else {})


def read_marks(text: str, where: str = "text") -> Marked:
    """The text without its marks, and where they stood. Raises MarkedError."""
    marked = Marked()
    opened: list[tuple[re.Match[str], int]] = []
    place = 0
    while place < len(text):
        found = _OPENS.match(text, place)
        if found:
            opened.append((found, len(marked.text)))
            place = found.end()
            continue
        sign = text[place]
        if sign in "]}":
            if not opened or opened[-1][0][0][0] != {"]": "[", "}": "{"}[sign]:
                raise MarkedError(f"{where}: nothing that '{sign}' could close after {text[:place][-30:]!r}.")
            begun, start = opened.pop()
            if begun[3]:
                marked.faults.append((start, len(marked.text), begun[3]))
            else:
                numbers = [int(number) for number in begun[2].split(",")]
                marked.items.append((start, len(marked.text), begun[1], numbers))
        elif sign in "[{":
            raise MarkedError(
                f"{where}: after '{sign}' a number or a category has to stand: {text[place:][:30]!r}."
            )
        else:
            marked.text += sign
        place += 1
    if opened:
        raise MarkedError(f"{where}: {opened[-1][0][0]!r} is never closed.")
    marked.items.sort()
    return marked
