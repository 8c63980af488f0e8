"""What a server answers to FETCH, in whatever order it says it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

_NEW = re.compile(rb"\d+ \(")
_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"')
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_MOMENT = re.compile(rb'\bINTERNALDATE "([^"]{20,30})"')
_SHORT = re.compile(rb'\bBODY\[[^\]]*\](?:<\d+>)? "((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class Listed:
    """One mail as a server tells of it; what it did not tell is None."""

    uid: int
    size: int | None
    moment: datetime | None
    raw: bytes | None

    def with_more(self, other: "Listed") -> "Listed":
        """The same mail with what `other` tells besides: news of its flags may come apart from the rest."""
        return Listed(
            uid=self.uid,
            size=other.size if self.size is None else self.size,
            moment=self.moment or other.moment,
            raw=other.raw if self.raw is None else self.raw,
        )


def listed(said: Iterable[object]) -> Iterator[Listed]:
    """The mails in an answer; pieces without a UID (news of flags) are left out."""
    for words, literal in _grouped(said):
        uid = _UID.search(_QUOTED.sub(b'""', words))
        if uid is None:
            continue
        size = _SIZE.search(words)
        yield Listed(
            uid=int(uid[1]),
            size=int(size[1]) if size else None,
            moment=_moment(words),
            raw=_short(words) if literal is None else literal,
        )


def _grouped(said: Iterable[object]) -> Iterator[tuple[bytes, bytes | None]]:
    words, literal = b"", None
    for piece in said:
        head, more = piece if isinstance(piece, tuple) else (piece, None)
        if not isinstance(head, bytes):
            continue
        if _NEW.match(head) and words:
            yield words, literal
            words, literal = b"", None
        words += b" " + head
        literal = more if more is not None else literal
    if words:
        yield words, literal


def _short(words: bytes) -> bytes | None:
    found = _SHORT.search(words)
    return re.sub(rb"\\(.)", rb"\1", found[1]) if found else None


def _moment(words: bytes) -> datetime | None:
    found = _MOMENT.search(words)
    try:
        return datetime.strptime(found[1].decode("ascii").strip(), "%d-%b-%Y %H:%M:%S %z") if found else None
    except ValueError:
        return None
