"""What the TOML files hold, read once and checked: scenarios, exchanges, goods, phrases."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from .wording import Wording, compiled

HERE = Path(__file__).parent
Speaker = Literal["customer", "agent", "note"]


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody's part: `after` is hours since the turn before, `days` the time until a promise falls due,
    `promised` its kind.
    """

    by: Speaker
    say: Wording
    after: tuple[float, float] = (1, 20)
    likely: float = 1
    promise: Wording | None = None
    what: Wording | None = None
    promised: str = "do"
    days: tuple[int, int] = (2, 4)
    poor: Wording | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """One kind of conversation, told differently each time."""

    id: str
    team: str
    language: str
    feeling: str
    tone: str
    weight: int
    work: bool
    tags: tuple[str, ...]
    kinds: frozenset[str]
    subjects: Wording
    own_slots: dict[str, list[str]] = field(hash=False)
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer that can follow in any English conversation."""

    customer: Wording
    agent: Wording


@dataclass(frozen=True, slots=True)
class Product:
    """Something the shop sells."""

    name: str
    kind: str
    price: int
    faults: list[str]
    parts: list[str]
    colours: list[str]


@dataclass(frozen=True, slots=True)
class Phrases:
    """How letters begin and end and how days are named, in one language."""

    date: str
    short_date: str
    weekdays: list[str]
    months: list[str]
    agent_hello: Wording
    agent_offer: Wording
    agent_bye: Wording
    poor_bye: Wording
    customer: dict[str, Wording]


@cache
def table(name: str) -> dict[str, Any]:
    """One of the TOML files beside this module; not to be changed."""
    with (HERE / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def scenarios() -> tuple[Scenario, ...]:
    """All scenarios, in the order of their files."""
    files = sorted((HERE / "scenarios").glob("*.toml"))
    return tuple(_scenario(entry) for path in files for entry in table(f"scenarios/{path.stem}")["scenario"])


@cache
def exchanges() -> tuple[Exchange, ...]:
    """Exchanges that lengthen a conversation."""
    return tuple(
        Exchange(compiled(entry["customer"]), compiled(entry["agent"]))
        for entry in table("further")["exchange"]
    )


@cache
def products() -> tuple[Product, ...]:
    """The goods of the shop."""
    return tuple(Product(**entry) for entry in table("goods")["product"])


@cache
def phrases(language: str) -> Phrases:
    """Greetings, farewells and names of days in a language."""
    entry = dict(table("phrases")[language])
    entry["customer"] = {name: compiled(lines) for name, lines in entry["customer"].items()}
    for name in ("agent_hello", "agent_offer", "agent_bye", "poor_bye"):
        entry[name] = compiled(entry[name])
    return Phrases(**entry)


def _scenario(entry: dict[str, Any]) -> Scenario:
    return Scenario(
        id=entry["id"],
        team=entry["team"],
        language=entry.get("language", "en"),
        feeling=entry["feeling"],
        tone=entry.get("tone", ""),
        weight=entry["weight"],
        work=entry.get("work", False),
        tags=tuple(entry["tags"]),
        kinds=frozenset(entry.get("kinds", ())),
        subjects=compiled(entry["subjects"]),
        own_slots=entry.get("slots", {}),
        turns=tuple(_turn(turn) for turn in entry["turn"]),
    )


def _turn(entry: dict[str, Any]) -> Turn:
    return Turn(
        by=entry["by"],
        say=compiled(entry["say"]),
        after=tuple(entry.get("after", (1, 20))),
        likely=entry.get("chance", 1),
        promise=compiled(entry["promise"]) if "promise" in entry else None,
        what=compiled([entry["what"]]) if "what" in entry else None,
        promised=entry.get("promised", "do"),
        days=tuple(entry.get("days", (2, 4))),
        poor=compiled(entry["poor"]) if "poor" in entry else None,
    )
