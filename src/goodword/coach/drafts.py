"""Drafts in files: their words, the customer's message beside them, and their review.

The message that `reply.md` answers may lie beside it, as `reply.md.customer.txt`.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from goodword.coach.errors import InputError
from goodword.coach.pack import Pack
from goodword.coach.results import Finding, Review
from goodword.coach.reviewing import review

SIDECAR = ".customer.txt"
MARKDOWN = (".md", ".markdown")
TEXT = (".txt", ".text", *MARKDOWN)
# What in Markdown is not said to the customer: front matter, code, comments.
_ASIDE = re.compile(
    r"\A---[ \t]*\r?\n(?:(?!---)[^\n]*+\n){0,400}+---[ \t]*(?=\r?\n|\Z)"
    r"|^(?P<fence>```|~~~)[^\n]*+\n(?:(?!(?P=fence))[^\n]*+\n)*+(?:(?P=fence)[^\n]*+|\Z)"
    r"|<!--(?:(?!-->)[\s\S])*+(?:-->|\Z)"
    r"|`[^`\n]{1,400}+`",
    re.MULTILINE,
)
_VISIBLE = re.compile(r"[^\s]")


@dataclass(frozen=True)
class Page:
    """A named text, whose offsets can be told as lines and columns (both from 1)."""

    name: str
    raw: str

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.raw))]

    def position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line_span(self, line: int) -> tuple[int, int]:
        """Where line `line` begins and ends, without its newline."""
        start = self._starts[line - 1]
        end = self._starts[line] - 1 if line < len(self._starts) else len(self.raw)
        return start, end - (end > start and self.raw[end - 1] == "\r")


@dataclass(frozen=True)
class Draft:
    """A draft reply, and the customer's message where there is one."""

    page: Page
    customer: Page | None = None

    @property
    def words(self) -> str:
        """The draft as the customer reads it: in Markdown, asides are blanked."""
        if not self.page.name.lower().endswith(MARKDOWN):
            return self.page.raw
        return _ASIDE.sub(lambda found: _VISIBLE.sub(" ", found[0]), self.page.raw)

    def page_of(self, finding: Finding) -> Page:
        return self.page if finding.where == "draft" or self.customer is None else self.customer


@dataclass(frozen=True)
class Reviewed:
    """A draft with what the coach says of it by the rules of `pack`."""

    draft: Draft
    result: Review
    pack: Pack


def open_draft(name: str, customer: str | None = None) -> Draft:
    """The draft in the file `name` (`-`: standard input), answering the message in the file `customer`.

    Without `customer` the message is looked for beside the draft. OSError or InputError where a file cannot
    be read.
    """
    page = (
        Page("draft", _decoded(sys.stdin.buffer.read(), "standard input"))
        if name == "-"
        else open_page(Path(name))
    )
    beside = Path(name + SIDECAR)
    if customer is not None:
        return Draft(page, open_page(Path(customer)))
    return Draft(page, open_page(beside) if name != "-" and beside.is_file() else None)


def open_page(path: Path) -> Page:
    return Page(str(path), _decoded(path.read_bytes(), repr(str(path))))


def _decoded(content: bytes, name: str) -> str:
    """Every newline stays as it is, so that offsets are those of the file."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = f"byte {error.start + 1} is no letter of it"
        raise InputError("I211", f"{name} is not text in UTF-8: {where}. Save it as UTF-8.") from error


def review_draft(draft: Draft, *, pack: Pack, template: bool = False, **context: Any) -> Reviewed:
    """Review `draft`; `context` is what `review` takes. A `template` may have gaps still to be filled."""
    customer = draft.customer.raw if draft.customer else None
    result = review(draft.words, customer_message=customer, pack=pack, **context)
    return Reviewed(draft, without_gaps(result) if template else result, pack)


def without_gaps(result: Review) -> Review:
    """`result` without findings on gaps in the draft or on words that hold one; it has no scores."""
    gaps = [finding for finding in result.findings if finding.category == "placeholder"]
    kept = [
        finding
        for finding in result.findings
        if finding.where != "draft"
        or not any(gap.start < finding.end and finding.start < gap.end for gap in gaps)
    ]
    return replace(result, findings=tuple(kept), scores={})
