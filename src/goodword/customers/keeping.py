"""Rows kept as plain data while they are out of their table, and put back."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import Field, ForeignKey, Model
from django.db.models.deletion import Collector

Row = dict[str, Any]


def take_out(rows: Iterable[Model]) -> list[Row]:
    """Delete rows together with what hangs on them, and return all of it as `put_back` takes it."""
    first = list(rows)
    if not first:
        return []
    collector = Collector(using="default", origin=first[0])
    collector.collect(first)
    found = {(type(row), row.pk): row for row in first}
    for several in [*collector.fast_deletes, *collector.data.values()]:
        found |= {(type(row), row.pk): row for row in several}
    kept = [as_data(row) for row in found.values()]
    collector.delete()
    return kept


def as_data(row: Model) -> Row:
    """One row as JSON can hold it, to the last microsecond."""
    fields = {field.attname: _plain(field, row) for field in _fields(type(row))}
    return {"model": row._meta.label_lower, "pk": row.pk, "fields": fields}


def put_back(data: Row) -> Model | None:
    """The row as it was, under its former number. What it pointed to and is gone meanwhile it points to no
    more; None when it cannot be without that."""
    model = apps.get_model(data["model"])
    row: Model = model(pk=data["pk"])
    for field in _fields(model):
        value = field.to_python(data["fields"].get(field.attname))
        if isinstance(field, ForeignKey) and value is not None and not _is_there(field, value):
            if not field.null:
                return None
            value = None
        setattr(row, field.attname, value)
    row.save(force_insert=True)
    return row


def _fields(model: type[Model]) -> "list[Field[Any, Any]]":
    return [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and not getattr(field, "generated", False)
    ]


def _plain(field: "Field[Any, Any]", row: Model) -> Any:
    return None if field.value_from_object(row) is None else field.value_to_string(row)


def _is_there(field: "ForeignKey[Any, Any]", value: Any) -> bool:
    return bool(field.related_model._base_manager.filter(pk=value).exists())
