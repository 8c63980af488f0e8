"""What the record of a customer gives to their export."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from goodword.mail.suppressions import suppressed

from . import registry
from .models import CustomValue
from .registry import Asked, Entry, Section


@registry.exporting.add
def record(asked: Asked) -> Iterable[Section]:
    """Everything this room keeps, but for what it works out by itself."""
    one = asked.customer
    yield Section("record", _("Record"), [_about(asked)])
    yield _section("addresses", _("Mail addresses"), one.addresses, "address", "created_at")
    yield _section("phones", _("Phone numbers"), one.phones, "shown", "number", "label", "created_at")
    yield _section("handles", _("Names in networks"), one.handles, "network", "handle", "created_at")
    yield _section(
        "references", _("Numbers elsewhere"), one.references, "source", "external_id", "created_at"
    )
    yield Section("own_fields", _("Further details"), _own_values(asked))
    yield _section(
        "consents", _("Consents"), one.consents, "purpose", "given", "at", "how", "proof", "recorded_at"
    )
    yield Section("no_mail", _("Notices that are not sent"), _no_mail(asked))
    bought = ("product", "order_number", "sku", "quantity", "amount", "currency", "bought_at", "delivered_at")
    yield _section(
        "purchases", _("Purchases"), one.purchases, *bought, "warranty_until", "source", "external_id"
    )
    runs = (
        "plan",
        "state",
        "amount",
        "currency",
        "started_on",
        "renews_on",
        "ended_on",
        "source",
        "external_id",
    )
    yield _section("subscriptions", _("Subscriptions"), one.subscriptions, *runs)
    yield _section("contacts", _("When we wrote unasked"), one.contacts, "at", "purpose", "what")
    yield _section("moments", _("Good and bad moments"), one.moments, "at", "kind", "weight", "note")
    if asked.internal:
        yield _section("notes", _("Notes of the team"), one.notes, "created_at", "author__name", "body")


def facts_of(rows: "QuerySet[Any]", *names: str) -> Iterator[Entry]:
    """These fields of each row, a few rows at a time."""
    found = rows.order_by("pk").values_list(*names)
    for values in found.iterator(chunk_size=200):
        yield Entry({name.replace("__name", ""): value for name, value in zip(names, values, strict=True)})


def _section(key: str, title: str, rows: Any, *names: str) -> Section:
    return Section(key, title, facts_of(rows.all(), *names))


def _about(asked: Asked) -> Entry:
    one = asked.customer
    names = ("name", "greeting_name", "tier", "preferred_channel", "language", "time_zone", "since")
    facts = {"number": one.pk} | {name: getattr(one, name) for name in names}
    return Entry(facts | {"organisation": str(one.organisation) if one.organisation else ""})


def _own_values(asked: Asked) -> Iterator[Entry]:
    for value in CustomValue.objects.filter(customer=asked.customer).select_related("field").order_by("pk"):
        yield Entry({"field": value.field.label, "value": value.value})


def _no_mail(asked: Asked) -> Iterator[Entry]:
    addresses = asked.customer.addresses.values_list("address", flat=True)
    for address, one in suppressed(addresses).items():
        yield Entry(
            {"address": address, "why": one.get_reason_display(), "since": one.at, "topic": one.topic}
        )
