"""What stands below a mail for everybody: a signature, 'Sent from my phone', a paragraph of law."""

import re

from goodword.mail.tables import folded

SIGNATURE_LINES = 14
RULE = re.compile(r"[ >*]*(?:_{5,}|-{20,}|={20,}|\*{20,})\s*")
FENCE = re.compile(r"\s{0,3}(?:```|~~~)")

_DELIMITER = re.compile(r"\s?(?:--|—|–)[ \t]?")
_CONTACT = re.compile(r"(?:https?://|www\.)\S+|[^\s@]+@[^\s@]+\.\w+|\+?[\d(][\d\s()./-]{6,}\d")
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,3}")


def unsigned(lines: list[str], sender: str) -> tuple[list[str], list[str]]:
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
        if FENCE.match(line):
            break  # what looks like a delimiter above is part of somebody's code
        if _DELIMITER.fullmatch(line) or (re.fullmatch(r"_{5,}|-{5,}", line.strip()) and index < last):
            return index
    return end


def _before_device(lines: list[str], end: int) -> int:
    """Before 'Sent from my phone' and the like; several such lines may stand below one another."""
    starts = folded("quotes", "devices", "starts")
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
    starts = folded("quotes", "disclaimers", "starts")
    for index in range(max(0, end - 60), end):
        opens = index == 0 or not lines[index - 1].strip() or bool(RULE.fullmatch(lines[index - 1]))
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
