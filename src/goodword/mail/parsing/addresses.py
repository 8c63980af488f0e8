"""Address lists of a mail: one pass over the characters, no recursion, no way to raise."""

import re

from goodword.mail.parsing.headers import decode_words
from goodword.mail.parsing.records import Address
from goodword.mail.tables import table

ADDRESS_LIMIT = 254
RECIPIENT_LIMIT = 1000

_AROUND_AT = re.compile(r" ?@ ?")
_AROUND_SIGNS = re.compile(r" ?([@.]) ?")
_LOCAL = re.compile(r'[^\s@<>()\[\]\\,;:"\x00-\x1f\x7f]{1,64}|"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e]){0,62}"')
_DOMAIN = re.compile(
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)*[^\W_](?:[\w-]{0,61}[^\W_])?|\[[0-9A-Fa-f:.IPv]{2,60}\]"
)


def plausible(email: str) -> str | None:
    """`email` with its domain in lower case when a mail could be sent to it, else None."""
    local, at, domain = email.strip().rpartition("@")
    domain = domain.rstrip(".")
    if not at or len(email) > ADDRESS_LIMIT or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        return None
    return f"{local}@{domain.lower()}"


def reads_no_answer(email: str) -> bool:
    """Whether mail to `email` is thrown away or answered by a machine (no-reply addresses, mail servers)."""
    local = email.partition("@")[0].casefold().partition("+")[0]
    silent: list[str] = table("automatic")["senders"]["silent"]
    return any(local == word or re.match(rf"{re.escape(word)}[-_.0-9]", local) for word in silent)


def addresses(value: str) -> tuple[Address, ...]:
    """The addresses in a raw address field, in order, each once; what is no address is left out."""
    found: dict[str, Address] = {}
    for item in _items(value):
        address = _address(*item)
        if address and len(found) < RECIPIENT_LIMIT:
            found.setdefault(address.key, address)
    return tuple(found.values())


def first_address(value: str) -> Address | None:
    """The first address in a raw address field."""
    return next(iter(addresses(value)), None)


def _address(phrase: str, route: str, comment: str) -> Address | None:
    written = (_AROUND_SIGNS.sub(r"\1", route) if route else _AROUND_AT.sub("@", phrase)).removeprefix(
        "mailto:"
    )
    email = plausible(written) or plausible(decode_words(written))
    if email is None:
        # 'Name user@example.org' without brackets: the last word that is an address, the rest is the name.
        words = phrase.split()
        email = next((plausible(word) for word in reversed(words) if "@" in word), None)
        phrase = " ".join(word for word in words if "@" not in word)
        return Address(_name(phrase, email), email) if email else None
    return Address(_name(phrase if route else comment, email), email)


def _name(phrase: str, email: str) -> str:
    name = decode_words(phrase).strip(" \"'").replace("<", "").replace(">", "")[:200].strip()
    return "" if name.casefold() == email.casefold() else name


class _Reader:
    """Collects one address after the other: the phrase, what stands in angle brackets, and the comment."""

    def __init__(self) -> None:
        self.phrase: list[str] = []
        self.route: list[str] = []
        self.comment: list[str] = []
        self.depth = 0
        self.quoted = False
        self.angle = False

    def take(self) -> tuple[str, str, str]:
        item = ("".join(self.phrase).strip(), "".join(self.route).strip(), "".join(self.comment).strip())
        self.__init__()  # type: ignore[misc]
        return item

    def put(self, char: str) -> None:
        target = self.comment if self.depth else self.route if self.angle else self.phrase
        target.append(char)


def _items(value: str) -> list[tuple[str, str, str]]:
    reader = _Reader()
    found: list[tuple[str, str, str]] = []
    position = 0
    while position < len(value):
        char = value[position]
        position += 1
        if char == "\\" and (reader.quoted or reader.depth) and position < len(value):
            reader.put(value[position])
            position += 1
        elif char == '"' and not reader.depth:
            reader.quoted = not reader.quoted
            reader.put(char)
        elif reader.quoted:
            reader.put(char)
        elif char in ",;" and not reader.depth and not reader.angle:
            found.append(reader.take())
        elif (
            char == ":" and not reader.depth and not reader.angle and "@" not in "".join(reader.phrase[-64:])
        ):
            reader.take()  # the name of a group: its members follow
        else:
            _structure(reader, char)
    found.append(reader.take())
    return [item for item in found if item[0] or item[1]]


def _structure(reader: _Reader, char: str) -> None:
    if char == "(":
        reader.depth += 1
    elif char == ")" and reader.depth:
        reader.depth -= 1
    elif char == "<" and not reader.depth:
        reader.angle, reader.route = True, []
    elif char == ">" and not reader.depth:
        reader.angle = False
    else:
        reader.put(char)
