"""The people of the sample: those who answer and those who write."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from . import script

LANGUAGES = ("en",) * 82 + ("de",) * 7 + ("fr",) * 6 + ("es",) * 5


@dataclass(frozen=True, slots=True)
class Clerk:
    """Somebody of the house: `key` is the handle used in mentions."""

    key: str
    name: str
    email: str
    role: str
    teams: tuple[str, ...]
    languages: tuple[str, ...]

    @property
    def first(self) -> str:
        return self.name.split()[0]


@dataclass(frozen=True, slots=True)
class Writer:
    """A customer; `addresses` begins with the usual one."""

    number: int
    name: str
    language: str
    addresses: tuple[str, ...]
    organisation: str
    city: str
    street: str
    since: datetime
    note: str = ""

    @property
    def first(self) -> str:
        return self.name.split()[0]


def clerks() -> tuple[Clerk, ...]:
    """The agents; the first is the one the demo presents."""
    company = script.table("company")
    return tuple(_clerk(entry, company["domain"]) for entry in company["agent"])


def writers(count: int, *, chance: Random, now: datetime) -> tuple[Writer, ...]:
    """Customers with different names, some with several addresses or a firm."""
    people = script.table("people")
    taken: set[str] = set()
    return tuple(_writer(number, people, taken, chance, now) for number in range(1, count + 1))


def ascii_name(name: str) -> str:
    """A name as it stands in a mail address."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return "".join(letter for letter in plain.replace(" ", ".") if letter.isalnum() or letter in ".-")


def _clerk(entry: dict[str, Any], domain: str) -> Clerk:
    key = ascii_name(entry["name"].split()[0])
    return Clerk(
        key=key,
        name=entry["name"],
        email=f"{key}@{domain}",
        role=entry["role"],
        teams=tuple(entry["teams"]),
        languages=("en", *entry.get("languages", ())),
    )


def _writer(number: int, people: dict[str, Any], taken: set[str], chance: Random, now: datetime) -> Writer:
    language = chance.choice(LANGUAGES)
    name = _new_name(people[language], taken, chance)
    local = ascii_name(name)
    domains = people["domains"]
    work = chance.choice(domains["work"]) if chance.random() < 0.18 else ""
    addresses = [f"{local}@{chance.choice(domains['private'])}"]
    if work:
        addresses.append(f"{local}@{work}")
    if chance.random() < 0.08:
        addresses.append(f"{local}.{chance.randint(60, 99)}@{domains['private'][number % 3]}")
    return Writer(
        number=number,
        name=name,
        language=language,
        addresses=tuple(addresses),
        organisation=work.split(".")[0].replace("-", " ").title(),
        city=chance.choice(people["places"][language]),
        street=street(people, language, chance),
        since=now - timedelta(days=chance.randint(190, 2400)),
        note=chance.choice(people["notes"]["general"]) if chance.random() < 0.12 else "",
    )


def street(people: dict[str, Any], language: str, chance: Random) -> str:
    """A made-up street with a number, written as in that language."""
    name, number = chance.choice(people["streets"][language]), chance.randint(1, 88)
    return f"{number} {name}" if language in {"en", "fr"} else f"{name} {number}"


def _new_name(names: dict[str, list[str]], taken: set[str], chance: Random) -> str:
    while True:
        name = f"{chance.choice(names['given'])} {chance.choice(names['surname'])}"
        if name not in taken:
            taken.add(name)
            return name
