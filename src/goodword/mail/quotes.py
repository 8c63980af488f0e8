"""A plain body divided into what its sender wrote, what they quoted, and their signature.

The rules are the tables in `data/quotes.toml`. Where they leave a doubt the text stays with what was
written: a quote shown twice disturbs less than a sentence that nobody reads.
"""

import re
from dataclasses import dataclass
from functools import cache

from goodword.mail.signatures import FENCE, RULE, unsigned
from goodword.mail.tables import folded, table

LINES_LIMIT = 5_000
INTRODUCTION_LINES = 6
INTRODUCTION_LENGTH = 400

_YEAR_OR_TIME = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.h]\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b"
    r"|\d{4}\s?[年년]|\b\d{1,2}\.? ?\w{3,9}\.? \d{4}"
)
_DATE_FIRST = re.compile(
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}\.? \w{3,10}\.? \d{4})\b"
    r"|\d{4}\s?[年년]"
)
_STAMP_FIRST = re.compile(r"\w{2,12}\.?, \d|\d{1,2}:\d\d")
_DAY = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")
_STAMP_AND_NAME = re.compile(
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}),? \d{1,2}:\d\d(?::\d\d)? "
    r"(?:GMT|UTC)?[+-]\d{1,2}:?\d\d ((?:[^\W\d_][\w.'’-]* ?){2,4})"
)
_EMAIL = re.compile(r"[^\s@<>\"']{1,64}@[^\s@<>\"']{1,200}\.\w{2,}")
_QUOTED = re.compile(r"\s{0,3}(?:>|\||[A-Z]{1,3}> ?)")
# Marks of writing direction, which programs put around names and addresses of right-to-left languages.
_DIRECTIONS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_MARKS = " \t>*_-=–—#|" + _DIRECTIONS
_LABEL = re.compile(
    r"[>*\s]{0,12}([^\W\d_][^\s:\uff1a>*]{0,20}(?: [^\s:\uff1a>*]{1,20}){0,3})\*?\s?[:\uff1a]"
)
_ADDRESS_ENDS = re.compile(rf"@[^\s@<>\"']{{1,200}}[>)\]\"'{_DIRECTIONS}]{{0,6}}\s?[:\uff1a]$")


@dataclass(frozen=True, slots=True)
class Split:
    """The parts of a body; together they hold every line of it."""

    reply: str
    quoted: str
    signature: str


def split(text: str, *, sender: str = "") -> Split:
    """Divide `text`; `sender` is the display name of who wrote it, by which a bare signature is known."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    rest = lines[LINES_LIMIT:]
    lines = lines[:LINES_LIMIT]
    kept, quoted = _apart(lines, _first_mark(lines))
    kept, signature = unsigned(kept, sender)
    if not _has_words(kept) and not _has_words(signature):
        kept, quoted = lines, []
    elif not _has_words(kept) and not quoted:
        kept, signature = signature, []
    if rest and not quoted:
        kept, signature, rest = kept + signature + rest, [], []
    return Split(_joined(kept), _joined(quoted + rest), _joined(signature))


def is_introduction(text: str) -> bool:
    """Whether `text`, one line or a few, introduces a quoted mail ('On 3 May 2026 Ann wrote:')."""
    lines = [line for line in text.split("\n") if line.strip()]
    return bool(lines) and (_introduction(lines, 0) == len(lines) or _is_separator(lines[0]))


def quote_start(lines: list[str]) -> int | None:
    """The index of the line from which all but a signature is older mail; None when an answer stands
    below it.
    """
    mark = _first_mark(lines)
    found = mark or _last_quote(lines)
    if found is None:
        return None
    _kept, quoted = _apart(lines, mark)
    if not quoted:
        return None
    start = found[0]
    own, _signature = unsigned(lines[start + len(quoted) :], "")
    return None if _has_words(own) else start


def _apart(lines: list[str], mark: tuple[int, int] | None) -> tuple[list[str], list[str]]:
    if mark is None:
        return _without_last_quote(lines)
    start, after = mark
    before, following = lines[:start], lines[after:]
    first = next((line for line in following if line.strip()), "")
    if not _QUOTED.match(first):
        # The older mail stands bare below its introduction. With nothing above, what follows may be all
        # there is.
        return (before, lines[start:]) if _has_words(before) else (following, before + lines[start:after])
    return _around_quote(lines, start, after)


def _around_quote(lines: list[str], start: int, after: int) -> tuple[list[str], list[str]]:
    """An introduction with marked lines below it: what stands between or below them was written by the
    sender.
    """
    if _QUOTED.match(lines[start]):
        after = start
    end = _end_of_quote(lines, after)
    before, below = lines[:start], lines[end:]
    own, signature = unsigned(below, "")
    if not _has_words(own):
        return before + signature, lines[start:end]
    again = _first_mark(below)
    interleaved = any(_QUOTED.match(line) for line in own)
    if again is not None and not interleaved:
        kept, more = _apart(below, again)
        return before + kept, lines[start:end] + more
    if interleaved or _has_words(before):
        return before + lines[after:], lines[start:after]
    return below, before + lines[start:end]


def _without_last_quote(lines: list[str]) -> tuple[list[str], list[str]]:
    found = _last_quote(lines)
    if found is None:
        return lines, []
    start, end = found
    return lines[:start] + lines[end:], lines[start:end]


def _last_quote(lines: list[str]) -> tuple[int, int] | None:
    """No introduction at all: marked lines at the very end are a quote when something stands above them."""
    start = end = len(unsigned(lines, "")[0])
    while start and (_QUOTED.match(lines[start - 1]) or not lines[start - 1].strip()):
        start -= 1
    while start < end and not lines[start].strip():
        start += 1
    own = any(line.strip() and not _QUOTED.match(line) for line in lines[:start])
    return (start, end) if own and start < end else None


def _end_of_quote(lines: list[str], start: int) -> int:
    position = end = start
    while position < len(lines):
        line = lines[position]
        if _QUOTED.match(line):
            end = position + 1
        elif line.strip() and not (end == position and position > start and _wrapped_quote(lines, position)):
            break
        elif line.strip():
            end = position + 1
        position += 1
    return end


def _wrapped_quote(lines: list[str], position: int) -> bool:
    """A long marked line that a program broke leaves one bare line between two marked ones."""
    follows = lines[position + 1] if position + 1 < len(lines) else ""
    return len(lines[position - 1]) > 60 and bool(_QUOTED.match(follows))


def _first_mark(lines: list[str]) -> tuple[int, int] | None:
    """Where the first older mail begins and where its introduction ends."""
    fenced = False
    for index, line in enumerate(lines):
        if FENCE.match(line):
            fenced = not fenced and any(FENCE.match(later) for later in lines[index + 1 : index + 400])
        if fenced or not line.strip():
            continue
        end = _mark_at(lines, index)
        if end is not None:
            return index, end
    return None


def _mark_at(lines: list[str], index: int) -> int | None:
    line = lines[index]
    if _is_separator(line):
        block = _header_block(lines, index + 1)
        return block or index + 1
    if RULE.fullmatch(line):
        return _header_block(lines, index + 1) or _block_by_shape(lines, index + 1)
    block = _header_block(lines, index)
    if block and not _QUOTED.match(line):
        return block
    return _introduction(lines, index)


def _is_separator(line: str) -> bool:
    line = line.replace("&nbsp;", " ")
    words = line.strip(_MARKS + ":[]").casefold()
    if not words or len(words) > 100:
        return False
    if any(item in words for item in folded("quotes", "markers")):
        return len(words) < 60 or line.strip(" >*")[:2] in {"##", "--", "__", "=="}
    marked = line.strip(" >*")[:2] in {"--", "__", "==", "- "} or line.endswith(":")
    return marked and len(words) <= 60 and words.startswith(folded("quotes", "separators"))


@cache
def _label_roles() -> dict[str, str]:
    return {label: role for role in table("quotes")["labels"] for label in folded("quotes", "labels", role)}


def _header_block(lines: list[str], start: int) -> int | None:
    """The end of a block such as 'From: ... Sent: ... Subject: ...' that begins at or right after `start`."""
    while start < len(lines) and not lines[start].strip(" >"):
        start += 1
    if start >= len(lines) or _role(lines[start]) is None:
        return None
    roles: set[str] = set()
    position = start
    bare = 0
    while position < len(lines) and position - start < 14 and bare < 3:
        role = _role(lines[position])
        if role:
            roles.add(role)
            bare = 0
        elif not lines[position].strip(" >"):
            break
        else:
            bare += 1
        position += 1
    return position if "from" in roles and len(roles) >= 3 else None


def _block_by_shape(lines: list[str], start: int) -> int | None:
    """The end of a block of fields in a language that no table knows: below a rule, a line with an address,
    a line with a date and time, and no line that is not one of fields.
    """
    while start < len(lines) and not lines[start].strip():
        start += 1
    end = start
    while end < len(lines) and end - start < 8 and _LABEL.match(lines[end]):
        end += 1
    block = lines[start:end]
    whole = end == len(lines) or not lines[end].strip()
    dated = any(len(_YEAR_OR_TIME.findall(line)) >= 2 for line in block)
    return end if whole and len(block) >= 3 and dated and _has_address(block[0]) else None


def _role(line: str) -> str | None:
    found = _LABEL.match(line)
    return _label_roles().get(found[1].strip().casefold()) if found else None


def _introduction(lines: list[str], start: int) -> int | None:
    """The line after 'On ... wrote:' that begins at `start` and may run over several lines."""
    first = lines[start].strip(_MARKS + "\"'<").casefold()
    if not _may_introduce(first, lines[start]):
        return start + 1 if _names_time(lines[start]) and _quote_follows(lines, start) else None
    joined = ""
    for position in range(start, min(start + INTRODUCTION_LINES, len(lines))):
        joined = f"{joined} {lines[position].strip(' >*|')}".strip()
        if len(joined) > INTRODUCTION_LENGTH:
            return None
        if _complete(joined, lines, position):
            return None if _begins_again(lines, start + 1, position) else position + 1
    return None


def _begins_again(lines: list[str], start: int, end: int) -> bool:
    """Whether an introduction that ends with line `end` begins in earnest below the line it was sought
    from.
    """
    return any(
        lines[index].strip()
        and _opens(lines[index].strip(_MARKS + "\"'<").casefold())
        and _DAY.search(lines[index])
        and _introduction(lines, index) == end + 1
        for index in range(start, end + 1)
    )


def _opens(first: str) -> bool:
    """Whether a line begins with a word or a date that introductions begin with."""
    return first.partition(" ")[0].rstrip(".,") in folded("quotes", "starts") or bool(
        _DATE_FIRST.match(first)
    )


def _may_introduce(first: str, line: str) -> bool:
    if len(line) > INTRODUCTION_LENGTH:
        return False
    return (
        _opens(first)
        or first.startswith(_starts_of_words())
        or bool(_YEAR_OR_TIME.match(first))
        or bool(re.match(r"\d{1,2}\.? \w{3,10}\.? \d{4}", first))
        or _has_address(line)
    )


@cache
def _starts_of_words() -> tuple[str, ...]:
    return tuple(f"{start} " for start in folded("quotes", "starts") if " " in start)


def _has_address(line: str) -> bool:
    # Most lines have none, and to find that out by the pattern alone takes as long as all else here.
    return "@" in line and bool(_EMAIL.search(line))


def _complete(joined: str, lines: list[str], position: int) -> bool:
    low = joined.casefold()
    ends = low.rstrip(" -*" + _DIRECTIONS).endswith((":", "\uff1a"))
    if not (ends or "@" in low or low.endswith("--") or joined[:1].isdigit()):
        return False  # as most lines of a mail, whatever they begin with
    dated = bool(_YEAR_OR_TIME.search(joined))
    addressed = _has_address(joined)
    says = any(verb in low for verb in folded("quotes", "verbs"))
    quoted = _quote_follows(lines, position)
    if ends:
        if addressed and quoted and (dated or _ADDRESS_ENDS.search(joined.rstrip(" -*" + _DIRECTIONS))):
            return True  # whatever the language: somebody's address, a colon, and a quote
        return (says and (dated or addressed)) or (addressed and _stamped(joined))
    if says and dated and (low.endswith("--") or (addressed and low.endswith(folded("quotes", "verbs")))):
        return True
    stamped = _STAMP_AND_NAME.fullmatch(joined)
    if stamped and all(word[0].isupper() for word in stamped[1].split()):
        return True  # somebody's name, which a line of a log or a diary does not end with
    return quoted and bool(_DATE_FIRST.match(joined)) and addressed and joined.endswith(">")


def _quote_follows(lines: list[str], position: int) -> bool:
    return bool(
        _QUOTED.match(next((line for line in lines[position + 1 : position + 4] if line.strip()), ""))
    )


def _names_time(line: str) -> bool:
    """Whether a line begins with a name and ends with 'wrote on 3 May 2026:'."""
    says = line.endswith((":", "\uff1a")) and any(
        verb in line.casefold() for verb in folded("quotes", "verbs")
    )
    return says and bool(_YEAR_OR_TIME.search(line))


def _stamped(joined: str) -> bool:
    """Whether a line without any verb gives a date and then the sender, as some programs write it."""
    several = len(_YEAR_OR_TIME.findall(joined)) >= 2
    return bool(_DATE_FIRST.match(joined) or (several and _STAMP_FIRST.match(joined)))


def _has_words(lines: list[str]) -> bool:
    return any(line.strip(" >|") for line in lines)


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n").rstrip()
