"""What the sample company knows of each customer: how they are reached and addressed, what they allowed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from goodword.customers import phones
from goodword.customers.models import Consent, Customer, CustomerPhone

from . import script
from .cast import Writer
from .ledger import Happening, Ledger

TABLES = (CustomerPhone, Consent)
FORTY = 40


@dataclass(frozen=True, slots=True)
class Known:
    """What stands in the customer's own row, and the number that goes with it ('' for none)."""

    details: dict[str, str]
    phone: str
    label: str


def known_of(writer: Writer) -> Known:
    """The same customer is known in the same way each time."""
    facts, chance = script.table("customers"), _chance(writer, 1)
    zone = _zone(writer, facts["zones"])
    phone, label = _phone(zone, facts["phones"], chance)
    details = {
        "tier": tier_of(writer),
        "time_zone": zone,
        "greeting_name": _addressed(writer, facts["addressed"], chance),
        "preferred_channel": _channel(writer, phone, facts["channels"], chance),
    }
    return Known(details, phone, label)


def tier_of(writer: Writer) -> str:
    """Those who write most buy most."""
    place = (writer.number - 1) % FORTY
    for tier in script.table("customers")["tier"]:
        if place < tier["of_forty"]:
            return str(tier["name"])
        place -= tier["of_forty"]
    return ""


def tell_of(writer: Writer, customer: Customer, known: Known, ledger: Ledger, *, now: datetime) -> None:
    """Note down the number and what they said yes and no to."""
    if known.phone:
        found = phones.read(known.phone, time_zone=customer.time_zone)
        row = CustomerPhone(customer=customer, number=found.number, shown=found.shown, label=known.label)
        row.created_at = writer.since
        ledger.add(row)
        _tell(ledger, "customer.phone_added", customer, writer.since, number=found.shown)
    chance, said = _chance(writer, 2), set[tuple[str, bool]]()
    for entry in script.table("customers")["consent"]:
        drawn, days, number = chance.random(), chance.uniform(*entry["after"]), chance.randint(1_000, 9_999)
        upon = (entry.get("upon", ""), True)
        asked = upon in said if upon[0] else (entry["purpose"], entry["given"]) not in said
        at = writer.since + timedelta(days=days)
        if asked and drawn < entry["share"] and at < now:
            said.add((entry["purpose"], entry["given"]))
            _consented(entry, customer, number, at, ledger)


def _consented(entry: dict[str, Any], customer: Customer, number: int, at: datetime, ledger: Ledger) -> None:
    said = {"purpose": entry["purpose"], "given": entry["given"], "how": entry["how"]}
    proof = entry["proof"].format(number=number)
    ledger.add(Consent(customer=customer, proof=proof, at=at, recorded_at=at, **said))
    _tell(ledger, "customer.consent", customer, at, **said)


def _tell(ledger: Ledger, kind: str, customer: Customer, at: datetime, **details: Any) -> None:
    ledger.tell(Happening(at, kind, customer=customer, facts={"details": details}))


def _zone(writer: Writer, zones: dict[str, Any]) -> str:
    there = (zone for zone, cities in zones["cities"].items() if writer.city in cities)
    return str(next(there, zones[writer.language]))


def _phone(zone: str, facts: dict[str, Any], chance: Random) -> tuple[str, str]:
    patterns, drawn = facts["numbers"].get(zone), chance.random()
    if not patterns or drawn > facts["share"]:
        return "", ""
    return chance.choice(patterns).format(n=chance.randint(0, 999)), chance.choice(facts["labels"])


def _addressed(writer: Writer, facts: dict[str, Any], chance: Random) -> str:
    given, _space, surname = writer.name.partition(" ")
    words = str(facts["as"].get(given, ""))
    return words.format(surname=surname) if chance.random() < facts["share"] else ""


def _channel(writer: Writer, phone: str, facts: dict[str, Any], chance: Random) -> str:
    (channel,) = chance.choices(facts["kinds"], weights=facts["weights"])
    if writer.note in facts["only_mail"]:
        return "mail"
    return "" if channel in {"phone", "message"} and not phone else str(channel)


def _chance(writer: Writer, part: int) -> Random:
    """Drawn for each customer apart, so that one more entry in the data changes nobody else."""
    return Random(writer.number * 10 + part)  # noqa: S311 nothing secret is drawn
