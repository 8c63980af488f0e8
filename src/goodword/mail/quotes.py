"""A plain body divided into what its sender wrote, what they quoted, and their signature.

The rules are the tables in `data/quotes.toml`. Where they leave a doubt the text stays with what was
written: a quote shown twice disturbs less than a sentence that nobody reads.
"""

import re
from dataclasses import dataclass
from functools import cache

from goodword.mail.tables import table

LINES_LIMIT = 5_000
INTRODUCTION_LINES = 6
INTRODUCTION_LENGTH = 400
SIGNATURE_LINES = 14

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
_STAMP_ALONE = re.compile(r"\d{4}-\d\d-\d\d \d{1,2}:\d\d GMT[+-]\d\d:\d\d \S.{0,80}")
_EMAIL = re.compile(r"[^\s@<>\"']{1,64}@[^\s@<>\"']{1,200}\.\w{2,}")
_QUOTED = re.compile(r"\s{0,3}(?:>|\||[A-Z]{1,3}> ?)")
_MARKS = " \t>*_-=–—#|"
_UNDERSCORES = re.compile(r"[ >*]*(?:_{5,}|-{20,}|={20,}|\*{20,})\s*")
_LABEL = re.compile(r"[>*\s]{0,12}([^\W\d_][\w \-/]{0,20}?)\*?\s?[:\uff1a]")
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_DELIMITER = re.compile(r"\s?(?:--|—|–)[ \t]?")
_CONTACT = re.compile(r"(?:https?://|www\.)\S+|[^\s@]+@[^\s@]+\.\w+|\+?[\d(][\d\s()./-]{6,}\d")
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,3}")


@dataclass(frozen=True, slots=True)
class Split:
    """The parts of a body; joined they hold every line of it but introductions such as 'On Monday Ann
    wrote:'.
    """

    reply: str
    quoted: str
    signature: str


def split(text: str, *, sender: str = "") -> Split:
    """Divide `text`; `sender` is the display name of who wrote it, by which a bare signature is known."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    rest = lines[LINES_LIMIT:]
    lines = lines[:LINES_LIMIT]
    kept, quoted = _apart(lines)
    kept, signature = _unsigned(kept, sender)
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
    found = _first_mark(lines) or _last_quote(lines)
    _kept, quoted = _apart(lines)
    if found is None or not quoted:
        return None
    start = found[0]
    own, _signature = _unsigned(lines[start + len(quoted) :], "")
    return None if _has_words(own) else start


def _apart(lines: list[str]) -> tuple[list[str], list[str]]:
    mark = _first_mark(lines)
    if mark is None:
        return _without_last_quote(lines)
    start, after = mark
    before, following = lines[:start], lines[after:]
    first = next((line for line in following if line.strip()), "")
    if not _QUOTED.match(first):
        # The older mail stands bare below its introduction. With nothing above, what follows may be all
        # there is.
        return (before, lines[start:]) if _has_words(before) else (following, [])
    return _around_quote(lines, start, after)


def _around_quote(lines: list[str], start: int, after: int) -> tuple[list[str], list[str]]:
    """An introduction with marked lines below it: what stands between or below them was written by the
    sender.
    """
    if _QUOTED.match(lines[start]):
        after = start
    end = _end_of_quote(lines, after)
    before, below = lines[:start], lines[end:]
    own, signature = _unsigned(below, "")
    if not _has_words(own):
        return before + signature, lines[start:end]
    again = _first_mark(below)
    interleaved = any(_QUOTED.match(line) for line in own)
    if again is not None and not interleaved:
        kept, more = _apart(below)
        return before + kept, lines[start:end] + more
    if interleaved or _has_words(before):
        return before + lines[after:], []
    return below, lines[start:end]


def _without_last_quote(lines: list[str]) -> tuple[list[str], list[str]]:
    found = _last_quote(lines)
    if found is None:
        return lines, []
    start, end = found
    return lines[:start] + lines[end:], lines[start:end]


def _last_quote(lines: list[str]) -> tuple[int, int] | None:
    """No introduction at all: marked lines at the very end are a quote when something stands above them."""
    own, _signature = _unsigned(lines, "")
    start = end = len(own)
    while start and (_QUOTED.match(lines[start - 1]) or not lines[start - 1].strip()):
        start -= 1
    while start < end and not lines[start].strip():
        start += 1
    if start == end or not any(line.strip() and not _QUOTED.match(line) for line in lines[:start]):
        return None
    return start, end


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
        if _FENCE.match(line):
            fenced = not fenced and any(_FENCE.match(later) for later in lines[index + 1 : index + 400])
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
    if _UNDERSCORES.fullmatch(line):
        return _header_block(lines, index + 1)
    block = _header_block(lines, index)
    if block and not _QUOTED.match(line):
        return block
    return _introduction(lines, index)


def _is_separator(line: str) -> bool:
    words = line.strip(_MARKS + ":").casefold()
    if not words or len(words) > 60:
        return False
    marked = line.strip(" >*")[:2] in {"--", "__", "==", "- "} or line.rstrip().endswith(":")
    return marked and any(
        words == item or (words.startswith(item) and marked) for item in table("quotes")["separators"]
    )


@cache
def _label_roles() -> dict[str, str]:
    return {label: role for role, labels in table("quotes")["labels"].items() for label in labels}


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


def _role(line: str) -> str | None:
    found = _LABEL.match(line)
    return _label_roles().get(found[1].strip().casefold()) if found else None


def _introduction(lines: list[str], start: int) -> int | None:
    """The line after 'On ... wrote:' that begins at `start` and may run over several lines."""
    first = lines[start].strip(_MARKS + "\"'<").casefold()
    if not _may_introduce(first, lines[start]):
        return None
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
    starts = table("quotes")["starts"]
    return first.partition(" ")[0].rstrip(".,") in starts or bool(_DATE_FIRST.match(first))


def _may_introduce(first: str, line: str) -> bool:
    if len(line) > INTRODUCTION_LENGTH:
        return False
    starts = table("quotes")["starts"]
    return (
        _opens(first)
        or first.startswith(tuple(f"{start} " for start in starts if " " in start))
        or bool(_YEAR_OR_TIME.match(first))
        or bool(re.match(r"\d{1,2}\.? \w{3,10}\.? \d{4}", first))
        or bool(_EMAIL.search(line))
    )


def _complete(joined: str, lines: list[str], position: int) -> bool:
    low = joined.casefold()
    dated = bool(_YEAR_OR_TIME.search(joined))
    addressed = bool(_EMAIL.search(joined))
    says = any(verb in low for verb in table("quotes")["verbs"])
    if low.rstrip(" -*").endswith((":", "\uff1a")):
        return (says and (dated or addressed)) or (addressed and _stamped(joined))
    if (
        says
        and dated
        and (low.endswith("--") or (addressed and low.endswith(tuple(table("quotes")["verbs"]))))
    ):
        return True
    if _STAMP_ALONE.fullmatch(joined):
        return True
    follows = next((line for line in lines[position + 1 : position + 4] if line.strip()), "")
    dated_address = bool(_DATE_FIRST.match(joined)) and addressed and joined.endswith(">")
    return bool(_QUOTED.match(follows)) and dated_address


def _stamped(joined: str) -> bool:
    """Whether a line without any verb gives a date and then the sender, as some programs write it."""
    opens = _DATE_FIRST.match(joined) or (
        _STAMP_FIRST.match(joined) and len(_YEAR_OR_TIME.findall(joined)) >= 2
    )
    return bool(opens)


def _unsigned(lines: list[str], sender: str) -> tuple[list[str], list[str]]:
    """`lines` without the signature at their end, and the signature."""
    end = len(lines)
    end = _before_disclaimer(lines, end)
    end = _before_delimiter(lines, end)
    end = _before_device(lines, end)
    end = _before_contact(lines, end, sender)
    return lines[:end], lines[end:]


def _before_delimiter(lines: list[str], end: int) -> int:
    last = _last_words(lines, end)
    for index in range(last, max(-1, last - SIGNATURE_LINES - 1), -1):
        line = lines[index]
        if _FENCE.match(line):
            break  # what looks like a delimiter above is part of somebody's code
        if _DELIMITER.fullmatch(line) or (re.fullmatch(r"_{5,}|-{5,}", line.strip()) and index < last):
            return index
    return end


def _before_device(lines: list[str], end: int) -> int:
    """Before 'Sent from my phone' and the like; several such lines may stand below one another."""
    starts = tuple(table("quotes")["devices"]["starts"])
    cut = end
    for index in range(_last_words(lines, end), max(-1, end - 60), -1):
        words = lines[index].strip(" *<>([{_").casefold()
        if not words:
            continue
        if len(words) > 160 or not words.startswith(starts):
            break
        cut = index
    return cut


def _before_disclaimer(lines: list[str], end: int) -> int:
    starts = tuple(table("quotes")["disclaimers"]["starts"])
    for index in range(max(0, end - 60), end):
        opens = index == 0 or not lines[index - 1].strip() or bool(_UNDERSCORES.fullmatch(lines[index - 1]))
        if opens and lines[index].strip(" *_").casefold().startswith(starts):
            return index
    return end


def _before_contact(lines: list[str], end: int, sender: str) -> int:
    """Before a last paragraph that is a name with ways to reach its owner."""
    last = _last_words(lines, end)
    start = last
    while start > 0 and lines[start - 1].strip():
        start -= 1
    block = lines[start : last + 1]
    if start == 0 or not 2 <= len(block) <= 7 or not _NAME.fullmatch(block[0].strip(" ,*")):
        return end
    ways = sum(1 for line in block[1:] if _CONTACT.search(line))
    named = {word for word in sender.casefold().split() if len(word) > 2} & set(block[0].casefold().split())
    return start if ways >= (1 if named else 2) else end


def _last_words(lines: list[str], end: int) -> int:
    index = end - 1
    while index >= 0 and not lines[index].strip():
        index -= 1
    return index


def _has_words(lines: list[str]) -> bool:
    return any(line.strip(" >|") for line in lines)


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n").rstrip()
