"""Taking a file in: first a look at what would happen, then exactly that, all of it or nothing."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.staff.access import require_lead
from goodword.staff.models import Agent

from ..actions import Known, Put, put_customer, put_purchase, put_subscription
from ..actions.buying import tidy_source
from ..errors import CustomerError
from ..facts import CustomerFacts, PurchaseFacts, SubscriptionFacts, Who
from ..models import CustomField, Import, Purchase, Subscription
from . import cells
from .columns import columns
from .reading import FIELD, FileRow, Table, decoded, read_table

_READ: Mapping[str, Callable[[str], Any]] = {
    "text": str,
    "number": cells.number,
    "moment": cells.moment,
    "day": cells.day,
    "state": cells.state,
}


@dataclass(frozen=True, slots=True)
class Line:
    """What happens to one row: 'new', 'changed', 'same', or 'refused' with a sentence."""

    number: int
    what: str
    who: str
    outcome: str
    customer_is_new: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What happens to each row, and which columns were used for what."""

    lines: tuple[Line, ...]
    used: Mapping[str, str]
    unknown: tuple[str, ...]

    def count(self, outcome: str) -> int:
        """How many rows end so."""
        return sum(1 for line in self.lines if line.outcome == outcome)

    @property
    def new_customers(self) -> int:
        """How many customers are made."""
        return sum(1 for line in self.lines if line.customer_is_new)

    @property
    def refused(self) -> list[Line]:
        """The rows with a mistake."""
        return [line for line in self.lines if line.outcome == "refused"]


KEPT_FOR = timedelta(days=2)


class _OnlyLooking(Exception):
    """Takes back all that a preview did."""


@transaction.atomic
def begin(*, agent: Agent, kind: str, source: str, filename: str, data: bytes) -> Import:
    """Keep a file to be looked at and taken in; leads only. Raises CustomerError when it is no such table."""
    require_lead(agent)
    text = decoded(data)
    read_table(text, kind=kind, own_fields=_own_fields(kind))
    return Import.objects.create(
        kind=kind, source=tidy_source(source), filename=filename[:200] or "table.csv", text=text, by=agent
    )


def preview(upload: Import) -> Report:
    """What would happen row by row. It is done for true and taken back, so nothing is guessed."""
    try:
        with transaction.atomic():
            report = _run(upload, agent=None)
            raise _OnlyLooking
    except _OnlyLooking:
        return report


@transaction.atomic
def carry_out(upload: Import, *, agent: Agent, leave_out: bool = False) -> Report:
    """Take the file in. With a row that is refused nothing happens, unless `leave_out` leaves those out.

    Doing it twice is harmless, and so is another file with the same rows.
    """
    require_lead(agent)
    upload = Import.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if upload.done_at is not None:
        return Report((), {}, ())
    report = _run(upload, agent=agent)
    if report.refused and not leave_out:
        raise CustomerError(
            _("Nothing was taken in: some rows have mistakes. Mend the file, or leave them out.")
        )
    upload.done_at, upload.text = timezone.now(), ""
    upload.added, upload.changed = report.count("new"), report.count("changed")
    upload.save(update_fields=["done_at", "text", "added", "changed"])
    return report


def forget_old() -> int:
    """Forget what stands in files that were looked at and never taken in; how many files that were."""
    old = Import.objects.filter(done_at=None, at__lt=timezone.now() - KEPT_FOR).exclude(text="")
    return old.update(text="")


def _run(upload: Import, *, agent: Agent | None) -> Report:
    if not upload.text:
        raise CustomerError(_("This file was kept for two days and is gone now. Upload it again."))
    table = read_table(upload.text, kind=upload.kind, own_fields=_own_fields(upload.kind))
    read = [_read(row, upload.kind, table.used) for row in table.rows]
    known = Known()
    known.look_up((_who(values) for values, _error in read), source=upload.source)
    put = _PUT[upload.kind]
    if upload.kind in _BOUGHT:
        model, number_of = _BOUGHT[upload.kind]
        known.look_up_rows(model, [number_of(values) for values, _error in read], source=upload.source)
    lines = []
    seen: dict[str, int] = {}
    for row, (values, error) in zip(table.rows, read, strict=True):
        twice = "" if error else _twice(values, upload.kind, row, seen)
        line = _line(row, error or twice, partial(put, upload, values, known, agent))
        if line.outcome == "refused":
            known.forget(_who(values))
        lines.append(line)
    return Report(tuple(lines), table.used, table.unknown)


def _line(row: FileRow, error: str, put: Callable[[], Put]) -> Line:
    what = row.cells.get("product") or row.cells.get("plan") or row.cells.get("name") or ""
    who = row.cells.get("email") or row.cells.get("number") or ""
    done = None
    if not error:
        try:
            with transaction.atomic():
                done = put()
        except CustomerError as refused:
            error = str(refused)
    if done is None:
        return Line(row.line, what, who, "refused", error=error)
    return Line(row.line, what, who, done.outcome, done.customer_is_new)


def _read(row: FileRow, kind: str, used: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    """The values of a row, and a sentence for the first one that cannot be read."""
    kinds = {column.name: column.kind for column in columns(kind)}
    values: dict[str, Any] = {}
    for name, cell in row.cells.items():
        if not cell:
            continue
        try:
            values[name] = _READ[kinds.get(name, "text")](cell)
        except CustomerError as error:
            return values, f"{used[name]}: {error}"
    for column in columns(kind):
        if column.needed and column.name not in values:
            return values, _("There is nothing under '%(column)s'.") % {"column": used[column.name]}
    return values, ""


def _twice(values: Mapping[str, Any], kind: str, row: FileRow, seen: dict[str, int]) -> str:
    """A sentence when an earlier row says something else of the same thing."""
    if kind not in _BOUGHT:
        return ""
    _model, number_of = _BOUGHT[kind]
    before = seen.setdefault(number_of(values), row.line)
    if before == row.line:
        return ""
    sentence = _("It has the same number as row %(row)d. Give each row an external id of its own.")
    return sentence % {"row": before}


def _who(values: Mapping[str, Any]) -> Who:
    name = values.get("customer_name") or values.get("name") or ""
    return Who(email=values.get("email", ""), name=name, number=values.get("number", ""))


def _line_number(values: Mapping[str, Any]) -> str:
    """What tells this row from others: its own number, else order and article, else all that it says."""
    if values.get("external_id"):
        return str(values["external_id"])
    if values.get("order_number"):
        return f"{values['order_number']}/{values.get('sku') or values.get('product', '')}"[:200]
    return _number_of_words(values, "email", "number", "sku", "product", "bought_at")


def _plan_number(values: Mapping[str, Any]) -> str:
    """What tells a subscription from others: its own number, else whose it is, of what and since when."""
    return str(values.get("external_id") or _number_of_words(values, "email", "number", "plan", "started_on"))


def _number_of_words(values: Mapping[str, Any], *names: str) -> str:
    said = "\n".join(str(values.get(name, "")) for name in names)
    return "row-" + hashlib.sha256(said.encode()).hexdigest()[:32]


def _put_purchase(upload: Import, values: Mapping[str, Any], known: Known, agent: Agent | None) -> Put:
    taken = ("product", "bought_at", "order_number", "sku", "quantity", "amount", "currency")
    more = ("delivered_at", "warranty_until")
    number = _line_number(values)
    kept = _kept(PurchaseFacts, known.row(Purchase, upload.source, number))
    said = {name: values[name] for name in (*taken, *more) if name in values}
    facts = PurchaseFacts(**kept | said | {"external_id": number})
    return put_purchase(source=upload.source, who=_who(values), facts=facts, agent=agent, known=known)


def _put_subscription(upload: Import, values: Mapping[str, Any], known: Known, agent: Agent | None) -> Put:
    number = _plan_number(values)
    kept = _kept(SubscriptionFacts, known.row(Subscription, upload.source, number))
    said = {name: value for name, value in values.items() if name in SubscriptionFacts.__slots__}
    facts = SubscriptionFacts(**kept | said | {"external_id": number})
    return put_subscription(source=upload.source, who=_who(values), facts=facts, agent=agent, known=known)


def _kept(
    facts: type[PurchaseFacts | SubscriptionFacts], row: Purchase | Subscription | None
) -> dict[str, Any]:
    """What is known of a row already: a file that has no cell for it does not change it."""
    return {} if row is None else {one.name: getattr(row, one.name) for one in fields(facts)}


def _put_customer(upload: Import, values: Mapping[str, Any], known: Known, agent: Agent | None) -> Put:
    own = {name.removeprefix(FIELD): value for name, value in values.items() if name.startswith(FIELD)}
    said = {name: value for name, value in values.items() if name in CustomerFacts.__slots__}
    facts = CustomerFacts(**said, fields=own)
    return put_customer(source=upload.source, who=_who(values), facts=facts, agent=agent, known=known)


_PUT: Mapping[str, Callable[[Import, Mapping[str, Any], Known, Agent | None], Put]] = {
    Import.Kind.PURCHASES.value: _put_purchase,
    Import.Kind.SUBSCRIPTIONS.value: _put_subscription,
    Import.Kind.CUSTOMERS.value: _put_customer,
}

# What has rows with a number of their own, and what that number is.
_BOUGHT: Mapping[str, tuple[type[Any], Callable[[Mapping[str, Any]], str]]] = {
    Import.Kind.PURCHASES.value: (Purchase, _line_number),
    Import.Kind.SUBSCRIPTIONS.value: (Subscription, _plan_number),
}


def _own_fields(kind: str) -> dict[str, str]:
    """The company's fields by label and by key, as far as files of that kind may have them."""
    if kind != Import.Kind.CUSTOMERS:
        return {}
    fields: Iterable[CustomField] = CustomField.objects.filter(subject="customer", retired_at=None)
    return {name: field.key for field in fields for name in (field.label, field.key)}


__all__ = ["Line", "Report", "Table", "begin", "carry_out", "forget_old", "preview"]
