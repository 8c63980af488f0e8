"""What belongs to a customer, in every room, as far as a joining has to move it."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Field, ManyToOneRel, Model, QuerySet, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from . import registry
from .models import (
    Consent,
    Customer,
    CustomerAddress,
    CustomerHandle,
    CustomerNote,
    CustomerPhone,
    CustomValue,
    Duplicate,
    Purchase,
    Subscription,
)
from .registry import Belonging

OWN = (
    Belonging(CustomerAddress, "customer", _("Mail addresses")),
    Belonging(CustomerPhone, "customer", _("Phone numbers")),
    Belonging(CustomerHandle, "customer", _("Handles")),
    Belonging(CustomerNote, "customer", _("Notes")),
    Belonging(Purchase, "customer", _("Purchases")),
    Belonging(Subscription, "customer", _("Subscriptions")),
    Belonging(CustomValue, "customer", _("Values of own fields")),
    Belonging(Consent, "customer", _("Consents")),
)


def belongings() -> list[Belonging]:
    """All of it: what rooms said of theirs, and every other relation to a customer, so none is missed."""
    said = [one for room in registry.belongings for one in room()] + list(OWN)
    known = {(one.model, one.field) for one in said}
    others = [
        Belonging(relation.related_model, relation.field.name)
        for relation in Customer._meta.get_fields(include_hidden=True)
        if isinstance(relation, ManyToOneRel) and relation.related_model is not Duplicate
    ]
    return said + [one for one in others if (one.model, one.field) not in known]


def rows_of(belonging: Belonging, customer_number: int) -> QuerySet[Model]:
    """The rows of one customer."""
    return belonging.model._base_manager.filter(**{_column(belonging): customer_number})


def in_the_way(belonging: Belonging, *, gone: int, kept: int) -> list[Model]:
    """The rows of `gone` that have no place beside those of `kept`, because there may be only one of them."""
    found: dict[Any, Model] = {}
    for others in _unique_beside(belonging):
        taken = set(rows_of(belonging, kept).values_list("pk", *others))
        values = {row[1:] for row in taken}
        for row in rows_of(belonging, gone) if taken else ():
            if tuple(getattr(row, name) for name in others) in values:
                found[row.pk] = row
    return list(found.values())


def give(belonging: Belonging, numbers: list[Any], *, of: int, to: int) -> int:
    """Give the rows of these numbers, as far as they are still `of`'s, to another customer; how many."""
    rows = rows_of(belonging, of).filter(pk__in=numbers)
    return rows.update(**{_column(belonging): to})


def _column(belonging: Belonging) -> str:
    return _field(belonging, belonging.field).attname


def _field(belonging: Belonging, name: str) -> "Field[Any, Any]":
    found = belonging.model._meta.get_field(name)
    assert isinstance(found, Field)
    return found


def _unique_beside(belonging: Belonging) -> Iterator[list[str]]:
    """The other fields of each rule by which a customer may have only one such row."""
    if _field(belonging, belonging.field).unique:
        yield []
    for rule in belonging.model._meta.constraints:
        if isinstance(rule, UniqueConstraint) and belonging.field in rule.fields and rule.condition is None:
            yield [_field(belonging, name).attname for name in rule.fields if name != belonging.field]
