"""Two customers who were one person become one, and two again when that was a mistake."""

from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.staff.models import Agent

from .. import registry
from ..belongings import belongings, give, in_the_way, rows_of
from ..errors import CustomerError
from ..holding import hold
from ..joined_fields import FILLED
from ..keeping import as_data, put_back, take_out
from ..models import Customer, Duplicate, Joining
from ..registry import Belonging
from ..telling import tell


@transaction.atomic
def join(*, gone: Customer, kept: Customer, agent: Agent | None) -> Customer:
    """Two customers were one person: give all that is known of `gone` to `kept`, and let `gone` go.

    Rooms above take part by `registry.belongings`. Joining again is harmless; `undo_joining` takes it back.
    """
    found = hold(gone.pk, kept.pk)
    if kept.pk not in found or any(one.erased_at is not None for one in found.values()):
        raise CustomerError(
            _("%(customer)s is gone meanwhile. Look the customer up again.") % {"customer": kept}
        )
    if gone.pk == kept.pk or gone.pk not in found:
        return found[kept.pk]
    gone, kept = found[gone.pk], found[kept.pk]
    addresses = list(gone.addresses.values_list("address", flat=True))
    before = {"gone": as_data(gone)}
    aside = take_out(Duplicate.objects.filter(Q(first=gone) | Q(second=gone)))
    moved: dict[str, list[Any]] = {}
    for one in belongings():
        aside += take_out(in_the_way(one, gone=gone.pk, kept=kept.pk))
        numbers = list(rows_of(one, gone.pk).values_list("pk", flat=True))
        if numbers:
            give(one, numbers, of=gone.pk, to=kept.pk)
            moved[_key(one)] = numbers
    changed = _fill(kept, gone)
    joining = Joining.objects.create(
        kept_number=kept.pk,
        gone_number=gone.pk,
        gone_name=gone.name or ", ".join(addresses)[:300],
        by=agent,
        moved=moved,
        aside=aside,
        before=before | {"kept": changed[0]},
        after=changed[1],
    )
    tell(
        "customer.joined", kept, agent, gone=gone.pk, name=gone.name, addresses=addresses, joining=joining.pk
    )
    gone.delete()
    for told in registry.changed:
        told(kept)
    return kept


@transaction.atomic
def undo_joining(*, joining: Joining, agent: Agent | None) -> Customer:
    """Make two customers again of one: exactly what moved goes back, what came since stays where it is.

    Returns the customer who is back. Undoing twice is harmless. Raises CustomerError when the one who was
    kept was joined into another since, or is gone.
    """
    joining = Joining.objects.select_for_update(of=("self",)).get(pk=joining.pk)
    if joining.undone_at is not None:
        return Customer.objects.get(pk=joining.gone_number)
    kept = hold(joining.kept_number).get(joining.kept_number)
    if kept is None or kept.erased_at is not None:
        raise CustomerError(_kept_is_gone(joining))
    _unfill(kept, joining)
    back = put_back(joining.before["gone"])
    assert isinstance(back, Customer)  # a customer can be without everything they pointed to
    for key, numbers in joining.moved.items():
        give(_belonging(key), numbers, of=kept.pk, to=back.pk)
    for row in joining.aside:
        _put_aside_back(row)
    joining.undone_at, joining.undone_by = timezone.now(), agent
    joining.save(update_fields=["undone_at", "undone_by"])
    tell("customer.parted", kept, agent, other=back.pk, name=joining.gone_name)
    tell("customer.parted", back, agent, other=kept.pk, name=str(kept))
    for told in registry.changed:
        told(kept)
        told(back)
    return back


def _fill(kept: Customer, gone: Customer) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fill what `kept` lacks, and return the fields this wrote over, before and after."""
    before = as_data(kept)["fields"]
    for name in FILLED:
        setattr(kept, name, getattr(kept, name) or getattr(gone, name))
    kept.since = min(kept.since, gone.since)
    in_recovery = [one.recovering_since for one in (kept, gone) if one.recovering_since]
    kept.recovering_since = min(in_recovery) if in_recovery else None
    kept.compared_at = None
    kept.save()
    after = as_data(kept)["fields"]
    names = [name for name in after if after[name] != before[name] and name != "compared_at"]
    return {name: before[name] for name in names}, {name: after[name] for name in names}


def _unfill(kept: Customer, joining: Joining) -> None:
    """Give the fields their former values, but for those that somebody changed since."""
    now = as_data(kept)["fields"]
    names = {field.attname: field for field in Customer._meta.concrete_fields}
    for name, value in joining.after.items():
        if name in names and now.get(name) == value:
            setattr(kept, name, names[name].to_python(joining.before["kept"][name]))
    kept.compared_at = None
    kept.save()


def _put_aside_back(row: dict[str, Any]) -> None:
    """Put one row back, unless the same was found anew meanwhile."""
    model = apps.get_model(row["model"])
    if model is Duplicate:
        first, second = row["fields"]["first_id"], row["fields"]["second_id"]
        Duplicate.objects.filter(first=first, second=second, decided="").delete()
    if not model._base_manager.filter(pk=row["pk"]).exists():
        put_back(row)


def _kept_is_gone(joining: Joining) -> str:
    later = Joining.objects.filter(gone_number=joining.kept_number, undone_at__isnull=True).first()
    if later is None:
        return _("The customer who was kept is gone, so the two cannot be parted any more.")
    sentence = _("%(customer)s was joined into another customer since. Undo that joining first.")
    return sentence % {"customer": later.gone_name or _("The customer who was kept")}


def _key(belonging: Belonging) -> str:
    return f"{belonging.model._meta.label_lower}.{belonging.field}"


def _belonging(key: str) -> Belonging:
    label, _dot, field = key.rpartition(".")
    return Belonging(apps.get_model(label), field)
