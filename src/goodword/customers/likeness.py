"""Who may be the same person as a customer, and why."""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q, QuerySet
from rapidfuzz import fuzz

from .models import Customer, CustomerAddress, CustomerPhone
from .models.reach import Domain, WithoutTag
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


def likely(customer: Customer) -> list[Likeness]:
    """Those who may be the same person, the likeliest first; a bounded number of rows is looked at."""
    found: dict[int, Likeness] = {}

    def note(other: Customer, why: str) -> None:
        if other.pk != customer.pk:
            likeness = found.setdefault(other.pk, Likeness(other))
            if why not in likeness.why:
                likeness.why.append(why)

    addresses = list(customer.addresses.values_list("address", flat=True))
    for other in _same_address(addresses):
        note(other, "address")
    for other in _same_phone(customer):
        note(other, "name_phone" if _is_near(customer, other) else "phone")
    if len(words_of(customer.name)) >= 2:
        _by_name(customer, addresses, note)
    good = [one for one in found.values() if one.score >= SUGGESTED]
    return sorted(good, key=lambda one: (-one.score, one.other.pk))


def _by_name(customer: Customer, addresses: list[str], note: Callable[[Customer, str], None]) -> None:
    """Same or near names, together with something else the two share."""
    named = list(_same_name(customer))
    domains = {address.rpartition("@")[2] for address in addresses} - public_domains()
    mailboxes = {_mailbox(address) for address in addresses}
    theirs = _addresses_of(named)
    for other in named:
        if customer.organisation_id and other.organisation_id == customer.organisation_id:
            note(other, "name_organisation")
        for address in theirs.get(other.pk, ()):
            if address.rpartition("@")[2] in domains:
                note(other, "name_domain")
            if _mailbox(address) in mailboxes:
                note(other, "name_mailbox")
    # A name that only a few have says something by itself.
    for other in named if len(named) <= 2 else ():
        note(other, "name")
    if customer.organisation_id:
        for other in _near(customer, Customer.objects.filter(organisation=customer.organisation_id)):
            note(other, "near_organisation")
    if domains:
        of_domain = CustomerAddress.objects.annotate(domain=Domain()).filter(domain__in=domains)
        for other in _near(customer, Customer.objects.filter(pk__in=of_domain.values("customer_id"))):
            note(other, "near_domain")


def _same_address(addresses: list[str]) -> Iterable[Customer]:
    """Those with an address that differs only by what stands behind a plus sign."""
    plain = {_without_tag(address) for address in addresses}
    rows = CustomerAddress.objects.annotate(plain=WithoutTag()).filter(plain__in=plain)
    return [row.customer for row in rows.select_related("customer")[:LOOKED_AT]]


def _same_phone(customer: Customer) -> Iterable[Customer]:
    numbers = list(customer.phones.values_list("number", flat=True))
    rows = CustomerPhone.objects.filter(number__in=numbers) if numbers else CustomerPhone.objects.none()
    return [row.customer for row in rows.select_related("customer")[:LOOKED_AT]]


def _same_name(customer: Customer) -> QuerySet[Customer]:
    """Those whose name has the same words in any order."""
    words = words_of(customer.name)
    query = SearchQuery(" & ".join(f"'{word}'" for word in words), config="simple", search_type="raw")
    rows = Customer.objects.annotate(words=SearchVector("name", config="simple")).filter(words=query)
    same = [row.pk for row in rows.order_by("-id")[:LOOKED_AT] if sorted(words_of(row.name)) == sorted(words)]
    return Customer.objects.filter(Q(pk__in=same) & ~Q(pk=customer.pk))


def _near(customer: Customer, rows: QuerySet[Customer]) -> Iterable[Customer]:
    looked_at = rows.exclude(pk=customer.pk).exclude(name="").order_by("-id")[:LOOKED_AT]
    return [other for other in looked_at if _is_near(customer, other) and not _has_same_name(customer, other)]


def _is_near(customer: Customer, other: Customer) -> bool:
    mine, theirs = (" ".join(sorted(words_of(one.name))) for one in (customer, other))
    return bool(mine and theirs and fuzz.ratio(mine, theirs) >= NEAR)


def _has_same_name(customer: Customer, other: Customer) -> bool:
    return sorted(words_of(customer.name)) == sorted(words_of(other.name))


def _addresses_of(customers: list[Customer]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = CustomerAddress.objects.filter(customer__in=customers).values_list("customer_id", "address")
    for number, address in rows:
        found.setdefault(number, []).append(address)
    return found


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
