"""Who may be the same person as a customer, and why."""

import tomllib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from psycopg import sql
from rapidfuzz import fuzz

from goodword.kit import rows

from .models import Customer, CustomerAddress, CustomerPhone
from .names import words_of

# Names that differ by a slip of the pen reach this; two first names of one family do not.
NEAR = 88
# How many are looked at for one reason; an office of thousands must not hold up the others.
LOOKED_AT = 300
SUGGESTED = 0.5
SCORES = {
    "address": 0.95,
    "name_organisation": 0.9,
    "name_domain": 0.9,
    "name_mailbox": 0.85,
    "name_phone": 0.95,
    "near_organisation": 0.75,
    "near_domain": 0.75,
    "phone": 0.6,
    "name": 0.5,
}


def _others(table: str, key: str, match: str) -> bytes:
    """A statement for pairs of a customer and a value: each customer with the newest others who match it."""
    statement = sql.SQL(
        "SELECT wanted.customer, found.{key} "
        "FROM unnest(%s::bigint[], %s::text[]) AS wanted (customer, value) CROSS JOIN LATERAL "
        "(SELECT {key} FROM {table} WHERE {match} ORDER BY {key} DESC LIMIT %s) AS found "
        "WHERE found.{key} <> wanted.customer"
    )
    names = {"table": sql.Identifier(table), "key": sql.Identifier(key)}
    return statement.format(**names, match=sql.SQL(match)).as_bytes()


# The expressions are those of the indexes.
_SAME_ADDRESS = _others(
    "customers_customeraddress", "customer_id", r"regexp_replace(address, '\+[^@]*@', '@') = wanted.value"
)
_SAME_DOMAIN = _others(
    "customers_customeraddress", "customer_id", "regexp_replace(address, '^.*@', '') = wanted.value"
)
_SAME_PHONE = _others("customers_customerphone", "customer_id", "number = wanted.value")
_SAME_WORDS = _others(
    "customers_customer",
    "id",
    "to_tsvector('simple', coalesce(name, '')) @@ to_tsquery('simple', wanted.value)",
)


@dataclass(slots=True)
class Likeness:
    """Another customer, and the reasons why it may be the same person."""

    other: Customer
    why: list[str] = field(default_factory=list)

    @property
    def score(self) -> float:
        """Between 0 and 1: the best reason, and a little more for each further one."""
        best = max((SCORES[reason] for reason in self.why), default=0.0)
        return min(0.99, best + 0.03 * (len(self.why) - 1)) if self.why else 0.0


def likely(customers: Sequence[Customer]) -> dict[int, list[Likeness]]:
    """For each of these customers those who may be the same person, the likeliest first.

    A bounded number of rows is looked at for each, in a handful of queries for all.
    """
    known = _known_of(customers)
    return {customer.pk: _likely(customer, known) for customer in customers}


@dataclass(slots=True)
class _Known:
    """What was read for several customers: those who share something with them, and everybody's addresses."""

    addresses: dict[int, set[str]]
    by_address: dict[int, list[Customer]]
    by_phone: dict[int, list[Customer]]
    by_name: dict[int, list[Customer]]
    by_domain: dict[int, list[Customer]]


def _known_of(customers: Sequence[Customer]) -> _Known:
    own = _addresses_of([customer.pk for customer in customers])
    pairs = [(pk, address) for pk, addresses in own.items() for address in addresses]
    named = [customer for customer in customers if _is_full_name(customer)]
    domains = {
        (one.pk, domain) for one in named for domain in map(_own_domain, own.get(one.pk, ())) if domain
    }
    same_name = _shared(_SAME_WORDS, [(one.pk, _words_query(words_of(one.name))) for one in named])
    by_name = {one.pk: [it for it in same_name.get(one.pk, ()) if _has_same_name(one, it)] for one in named}
    return _Known(
        addresses=own | _addresses_of({other.pk for others in by_name.values() for other in others}),
        by_address=_shared(_SAME_ADDRESS, [(pk, _without_tag(address)) for pk, address in pairs]),
        by_phone=_shared(_SAME_PHONE, _phones_of(customers)),
        by_name=by_name,
        by_domain=_shared(_SAME_DOMAIN, domains),
    )


def _likely(customer: Customer, known: _Known) -> list[Likeness]:
    found: dict[int, Likeness] = {}

    def note(other: Customer, why: str) -> None:
        likeness = found.setdefault(other.pk, Likeness(other))
        if why not in likeness.why:
            likeness.why.append(why)

    for other in known.by_address.get(customer.pk, ()):
        note(other, "address")
    for other in known.by_phone.get(customer.pk, ()):
        note(other, "name_phone" if _is_near(customer, other) else "phone")
    if _is_full_name(customer):
        _by_name(customer, known, note)
    good = [one for one in found.values() if one.score >= SUGGESTED]
    return sorted(good, key=lambda one: (-one.score, one.other.pk))


def _by_name(customer: Customer, known: _Known, note: Callable[[Customer, str], None]) -> None:
    """Same or near names, together with something else the two share."""
    named = known.by_name.get(customer.pk, [])
    addresses = known.addresses.get(customer.pk, set())
    domains = {_own_domain(address) for address in addresses} - {""}
    mailboxes = {_mailbox(address) for address in addresses}
    for other in named:
        if customer.organisation_id and other.organisation_id == customer.organisation_id:
            note(other, "name_organisation")
        for address in known.addresses.get(other.pk, ()):
            if _own_domain(address) in domains:
                note(other, "name_domain")
            if _mailbox(address) in mailboxes:
                note(other, "name_mailbox")
    # A name that only a few have says something by itself.
    for other in named if len(named) <= 2 else ():
        note(other, "name")
    if customer.organisation_id:
        colleagues = Customer.objects.filter(organisation=customer.organisation_id).exclude(pk=customer.pk)
        for other in _near(customer, colleagues.exclude(name="").order_by("-id")[:LOOKED_AT]):
            note(other, "near_organisation")
    for other in _near(customer, known.by_domain.get(customer.pk, ())):
        note(other, "near_domain")


def _shared(statement: bytes, wanted: Collection[tuple[int, str]]) -> dict[int, list[Customer]]:
    """Others who have what is wanted of each customer, by the customer's number."""
    if not wanted:
        return {}
    numbers, values = zip(*sorted(set(wanted)), strict=True)
    pairs = rows.execute(statement, [list(numbers), list(values), LOOKED_AT])
    people = Customer.objects.in_bulk({other for _pk, other in pairs}) if pairs else {}
    found: dict[int, list[Customer]] = {}
    for pk, other in pairs:
        if other in people:
            found.setdefault(pk, []).append(people[other])
    return found


def _phones_of(customers: Sequence[Customer]) -> list[tuple[int, str]]:
    return list(CustomerPhone.objects.filter(customer__in=customers).values_list("customer_id", "number"))


def _near(customer: Customer, others: Iterable[Customer]) -> list[Customer]:
    return [other for other in others if _is_near(customer, other) and not _has_same_name(customer, other)]


def _is_full_name(customer: Customer) -> bool:
    return len(words_of(customer.name)) >= 2


def _words_query(words: Iterable[str]) -> str:
    return " & ".join(f"'{word}'" for word in words)


def _is_near(customer: Customer, other: Customer) -> bool:
    mine, theirs = (" ".join(sorted(words_of(one.name))) for one in (customer, other))
    return bool(mine and theirs and fuzz.ratio(mine, theirs) >= NEAR)


def _has_same_name(customer: Customer, other: Customer) -> bool:
    return sorted(words_of(customer.name)) == sorted(words_of(other.name))


def _addresses_of(customers: Collection[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    every = CustomerAddress.objects.filter(customer__in=customers).values_list("customer_id", "address")
    for number, address in every if customers else ():
        found.setdefault(number, set()).add(address)
    return found


def _own_domain(address: str) -> str:
    """What stands behind the @, unless anybody can have an address there."""
    domain = address.rpartition("@")[2]
    return "" if domain in public_domains() else domain


def _mailbox(address: str) -> str:
    return address.rpartition("@")[0].partition("+")[0]


def _without_tag(address: str) -> str:
    local, _at, domain = address.rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


@cache
def public_domains() -> frozenset[str]:
    """Domains where anybody can have an address, from `data/mail_domains.toml`."""
    text = (files("goodword.customers") / "data" / "mail_domains.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)["public"])
