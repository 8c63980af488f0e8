"""What fills the slots of a scenario: which product, which order, which days."""

from datetime import datetime, timedelta
from functools import lru_cache
from random import Random

from . import days, script
from .cast import Clerk, Writer, street
from .script import Product, Scenario

_LETTERS = "ACDEFHJKLMNPRTUVWXY34679"


def of_story(
    scenario: Scenario, *, chance: Random, writer: Writer, owner: Clerk, colleague: Clerk, opened: datetime
) -> dict[str, str]:
    """Values for every slot that does not change from turn to turn."""
    goods = _goods(scenario.kinds)
    language = scenario.language
    ordered = opened - timedelta(days=4 + int(chance.random() * 20))
    slots = (
        _things(goods[int(chance.random() * len(goods))], chance)
        | _numbers(chance)
        | _places(language, chance)
        | {
            "case": "",
            "first": writer.first,
            "name": writer.name,
            "city": writer.city,
            "street": writer.street,
            "address2": writer.addresses[-1] if len(writer.addresses) > 1 else _old_address(writer),
            "agent": owner.first,
            "mention": colleague.key,
            "ordered_on": ordered.date().isoformat(),
            "order_day": days.said_short(ordered.date(), language),
            "day": days.weekday(opened.date() - timedelta(days=1 + int(chance.random() * 5)), language),
            "weekday": days.weekday(opened.date() + timedelta(days=1 + int(chance.random() * 6)), language),
        }
    )
    for name, values in scenario.own_slots.items():
        slots[name] = values[int(chance.random() * len(values))]
    return slots


def on_day(slots: dict[str, str], moment: datetime, language: str) -> None:
    """Put the days as seen from `moment` into the slots."""
    slots["today"] = days.said(moment.date(), language)
    slots["next"] = days.said(days.working_day(moment.date() + timedelta(days=1)), language)


@lru_cache(maxsize=64)
def _goods(kinds: frozenset[str]) -> tuple[Product, ...]:
    return tuple(product for product in script.products() if not kinds or product.kind in kinds)


def _things(product: Product, chance: Random) -> dict[str, str]:
    others = script.products()
    other = others[int(chance.random() * len(others))]
    if other.name == product.name:
        other = others[others.index(product) - 1]
    part = product.parts[int(chance.random() * len(product.parts))]
    fault = product.faults[int(chance.random() * len(product.faults))]
    colour = product.colours[int(chance.random() * len(product.colours))]
    return {
        "product": product.name,
        "product2": other.name,
        "part": part,
        "part_cap": part.capitalize(),
        "fault": fault,
        "fault_cap": fault[0].upper() + fault[1:],
        "colour": colour,
        "colour_cap": colour.capitalize(),
        "price": f"€{product.price}.00",
        "partial": f"€{max(4, product.price * (15 + int(chance.random() * 4) * 5) // 100)}.00",
        "small": str(6 + int(chance.random() * 19)),
    }


def _numbers(chance: Random) -> dict[str, str]:
    letters = "".join([_LETTERS[int(chance.random() * 24)] for _ in range(4)])
    return {
        "order": f"HH-{10_000 + int(chance.random() * 89_999)}",
        "tracking": f"NP{100_000_000 + int(chance.random() * 899_999_999)}",
        "repair": f"R-{1_000 + int(chance.random() * 8_999)}",
        "code": f"HEARTH-{letters}",
        "n": str(2 + int(chance.random() * 5)),
        "late": str(33 + int(chance.random() * 20)),
        "time": f"{9 + int(chance.random() * 9)}:{int(chance.random() * 6)}5",
    }


@lru_cache(maxsize=1)
def _people() -> dict[str, dict[str, list[str]]]:
    return script.table("people")


def _places(language: str, chance: Random) -> dict[str, str]:
    places = _people()["places"][language]
    return {
        "city2": places[int(chance.random() * len(places))],
        "street2": street(_people(), language, chance),
    }


def _old_address(writer: Writer) -> str:
    return writer.addresses[0].split("@")[0] + ".old@example.net"
