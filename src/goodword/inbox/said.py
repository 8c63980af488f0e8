"""What somebody said where others take part, found again where the others repeat it."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from .models import Message

REPEATS = ("references", "text", "quoted", "quoted_html", "markdown", "html")
# A shorter line, such as a greeting, is nobody's own, unless it bears a name or a number.
WORDS, LETTERS, DIGITS = 5, 40, 6
_ATTRIBUTION = re.compile(r"\s*[^\n]*:\s*\Z")


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said in a conversation, so that it is found where others repeat it.

    `lines` are those of theirs alone that others repeat without marking them as a quotation.
    """

    messages: frozenset[int]
    header_ids: frozenset[str]
    lines: frozenset[str]
    since: datetime | None

    @classmethod
    def of(
        cls,
        messages: Collection[Message],
        theirs: Collection[int],
        is_common: Callable[[str, datetime], bool],
    ) -> Self:
        """Of a conversation's messages, the oldest first, what stands in theirs.

        A line is theirs alone when nobody here wrote it before them and `is_common` does not say that others
        wrote it elsewhere before that moment. It is asked only about lines that somebody repeats, and never
        about one that bears their name or a number.
        """
        own = [one for one in messages if one.pk in theirs]
        since = min((one.at for one in own), default=None)
        later = [one for one in messages if one.pk not in theirs and since is not None and one.at >= since]
        telling = _telling(messages, theirs)
        return cls(
            frozenset(one.pk for one in own),
            frozenset(one.header_id for one in own if one.header_id),
            frozenset(
                line
                for line in _repeated(telling, later)
                if (first := telling[line]) is None or not is_common(line, first)
            ),
            since,
        )

    def take_out_of(self, message: Message) -> bool:
        """Take out of somebody else's message what it repeats of these; whether there was any."""
        if self.since is None or message.at < self.since:
            return False
        before = [getattr(message, name) for name in REPEATS]
        message.references = [one for one in message.references if one not in self.header_ids]
        if message.quoted:  # the line above it says whose words they are
            message.text = _ATTRIBUTION.sub("", message.text)
        message.quoted = message.quoted_html = ""
        message.text = self._without(message.text)
        message.markdown = self._without(message.markdown)
        html = _plain(message.html)
        if any(line in html for line in self.lines) or message.text != before[1]:
            message.html = ""
        return before != [getattr(message, name) for name in REPEATS]

    def _without(self, text: str) -> str:
        """The text without quoted lines, the line above them that says whose they are, and their own."""
        kept: list[str] = []
        for line in text.splitlines():
            if _is_quoted(line) or _plain(line) in self.lines:
                while kept and not kept[-1].strip():
                    kept.pop()
                if kept and kept[-1].rstrip().endswith(":"):
                    kept.pop()
                continue
            kept.append(line)
        return "\n".join(kept) if len(kept) < len(text.splitlines()) else text


def _telling(messages: Iterable[Message], theirs: Collection[int]) -> dict[str, datetime | None]:
    """Their lines that are more than a greeting, and that nobody wrote here before them.

    Each with when they wrote it first, or with None where it bears their name or a number.
    """
    others: set[str] = set()
    telling: dict[str, datetime | None] = {}
    for one in messages:
        lines = {_plain(line) for line in one.text.splitlines() if not _is_quoted(line)}
        if one.pk in theirs:
            names = [name.casefold() for name in (one.sender_name, one.sender_address) if name]
            for line in lines - others:
                if _names(line, names):
                    telling[line] = None
                elif _is_sentence(line):
                    telling.setdefault(line, one.at)
        else:
            others |= lines
    return telling


def _is_sentence(line: str) -> bool:
    return len(line.split()) >= WORDS or len(line) >= LETTERS


def _names(line: str, names: Iterable[str]) -> bool:
    """Whether a line bears one of the names, or a number."""
    return sum(map(str.isdigit, line)) >= DIGITS or any(name in line.casefold() for name in names)


def _repeated(lines: Iterable[str], messages: Iterable[Message]) -> set[str]:
    found: set[str] = set()
    for one in messages:
        written = {_plain(line) for line in (*one.text.splitlines(), *one.markdown.splitlines())}
        html = _plain(one.html)
        found |= {line for line in lines if line in written or line in html}
    return found


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def _plain(text: str) -> str:
    return " ".join(text.lstrip("> ").split())
