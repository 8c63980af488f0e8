"""Fields of the sample company's own, and what stands in them."""

from random import Random
from typing import Any

from goodword.customers import actions as customers
from goodword.customers.models import Customer, Organisation

from . import script
from .placing import crew_now

LATEST = 30  # customers whom the fields are filled in for: those who wrote last


def make() -> None:
    """Add the fields, and fill them in for those who are seen first."""
    ada, chance = crew_now()["ada"], Random(61)  # noqa: S311 nothing secret is drawn
    entries = script.table("customers")["field"]
    for entry in entries:
        facts = {name: entry[name] for name in ("subject", "label", "kind")}
        customers.add_field(agent=ada, choices=entry.get("choices", ()), key=entry["key"], **facts)
    seen = Customer.objects.filter(conversations__isnull=False).order_by("-conversations__last_at")
    latest = dict.fromkeys(seen.values_list("pk", flat=True)[: LATEST * 3])
    for one in Customer.objects.filter(pk__in=list(latest)[:LATEST]).order_by("pk"):
        customers.set_values(of=one, values=_drawn(entries, "customer", chance), agent=ada)
    for number, firm in enumerate(Organisation.objects.order_by("name")):
        customers.set_values(of=firm, values=_drawn(entries, "organisation", chance, number), agent=ada)


def _drawn(
    entries: list[dict[str, Any]], subject: str, chance: Random, number: int | None = None
) -> dict[str, str]:
    """A value for some of the fields; with a number the one of that place in each list."""
    values: dict[str, str] = {}
    for entry in entries:
        known = entry["values"]
        drawn = chance.choice(known) if number is None else known[number % len(known)]
        if entry["subject"] == subject and chance.random() < entry["share"]:
            values[entry["key"]] = drawn
    return values
