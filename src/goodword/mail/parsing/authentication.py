"""What mail servers wrote of a mail's sender: `Authentication-Results` (RFC 8601), read without belief.

Anybody can write such a field into a mail; `mail.trust` decides which of them count. Nothing here raises.
"""

import re
from email.message import Message

from goodword.mail.parsing.headers import raw_fields
from goodword.mail.parsing.records import Claim, Result

FIELDS_LIMIT = 30
RESULTS_LIMIT = 50
METHODS = {"spf", "dkim", "dmarc"}

_AROUND_SIGNS = re.compile(r"\s*([/.=])\s*")
_RESULT = re.compile(r"([a-z][a-z0-9-]*)(?:/(\d{1,3}))?=([a-z]+)(?![^\s])", re.IGNORECASE)
_PROPERTY = re.compile(
    r"\b(smtp|header)\.(mailfrom|from|d|i|helo)=(\"[^\"]{0,320}\"|[^\s;\"]{1,320})", re.IGNORECASE
)
_VERSION = re.compile(r"\d{1,3}")


def claims(message: Message) -> tuple[Claim, ...]:
    """The `Authentication-Results` that stand on top of the mail, the latest first: fields that follow one
    another make up one block, and what stands below the next other field was there before it came.
    """
    found: list[Claim] = []
    block = -1
    before = ""
    for name, _value in message.raw_items():
        if name.casefold() == "authentication-results":
            block += before != name.casefold()
            found.append(Claim("", block, ()))
        before = name.casefold()
        if len(found) >= FIELDS_LIMIT:
            break
    values = raw_fields(message, "Authentication-Results")
    return tuple(_claim(value, empty.block) for value, empty in zip(values, found, strict=False))


def _claim(value: str, block: int) -> Claim:
    head, *segments = _segments(value)
    words = head.split()
    if "=" in head:
        # Some servers leave their own name out: the first results stand in its place.
        words, segments = [], [head, *segments]
    if len(words) > 1 and not (_VERSION.fullmatch(words[1]) and int(words[1]) == 1):
        segments = []  # another version may mean other things
    results = [result for segment in segments[:RESULTS_LIMIT] if (result := _result(segment))]
    return Claim(words[0].strip('"').casefold()[:255] if words else "", block, tuple(results))


def _result(segment: str) -> Result | None:
    text = _AROUND_SIGNS.sub(r"\1", segment.strip())
    found = _RESULT.match(text)
    if not found or (found[2] and int(found[2]) != 1) or found[1].casefold() not in METHODS:
        return None
    properties = {
        f"{kind}.{name}".casefold(): value.strip('"')
        for kind, name, value in reversed(_PROPERTY.findall(text))
    }
    method = found[1].casefold()
    told = {
        "spf": properties.get("smtp.mailfrom") or properties.get("smtp.helo", ""),
        "dkim": properties.get("header.d") or properties.get("header.i", ""),
        "dmarc": properties.get("header.from", ""),
    }
    return Result(method, found[3].casefold(), told[method].rpartition("@")[2].casefold().rstrip("."))


def _segments(value: str) -> list[str]:
    """`value` without its comments, cut at the semicolons that stand in no quoted string; at least one."""
    pieces: list[str] = []
    piece: list[str] = []
    depth, quoted, position = 0, False, 0
    while position < len(value):
        char = value[position]
        position += 1
        if char == "\\" and (depth or quoted) and position < len(value):
            char = "" if depth else char + value[position]
            position += 1
        elif quoted:
            quoted = char != '"'
        elif char == "(":
            depth += 1
            continue
        elif char == ")" and depth:
            depth -= 1
            char = " "
        elif char == '"' and not depth:
            quoted = True
        elif char == ";" and not depth:
            pieces.append("".join(piece))
            piece = []
            continue
        if not depth:
            piece.append(char)
    return [*pieces, "".join(piece)]
