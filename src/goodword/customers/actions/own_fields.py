"""The company's own fields, and their values."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from goodword.staff.access import require_administrator
from goodword.staff.models import Agent

from ..errors import CustomerError
from ..models import Customer, CustomField, CustomValue, Organisation
from ..own_fields import checked, shown
from ..telling import tell
from .record import locked

MOST_FIELDS = 100
MOST_CHOICES = 200


@transaction.atomic
def add_field(
    *, agent: Agent, subject: str, label: str, kind: str, choices: Sequence[str] = (), key: str = ""
) -> CustomField:
    """Add a field at the end. Administrators only. Raises CustomerError when the key is taken."""
    require_administrator(agent)
    label = " ".join(label.split())[:100]
    key = slugify(key or label)[:60]
    if not key:
        raise CustomerError(_("The field needs a name with letters or digits in it."))
    same = CustomField.objects.select_for_update().filter(subject=subject)
    if same.filter(key=key).exists():
        sentence = _("There is a field '%(key)s' already, perhaps a retired one. Choose another name.")
        raise CustomerError(sentence % {"key": key})
    if same.count() >= MOST_FIELDS:
        raise CustomerError(_("There are %(most)d fields already. Retire one first.") % {"most": MOST_FIELDS})
    last = same.order_by("-order").first()
    field = CustomField(subject=subject, key=key, label=label, kind=kind, order=last.order + 1 if last else 0)
    return _with_choices(field, choices)


@transaction.atomic
def change_field(
    *, field: CustomField, agent: Agent, label: str, choices: Sequence[str] = (), order: int | None = None
) -> CustomField:
    """Another label, list or place. Its kind and key stay: values and programs rest on them."""
    require_administrator(agent)
    field.label = " ".join(label.split())[:100] or field.label
    field.order = field.order if order is None else order
    return _with_choices(field, choices)


@transaction.atomic
def retire_field(*, field: CustomField, agent: Agent, back: bool = False) -> CustomField:
    """Show the field no more, or again with `back`; its values stay."""
    require_administrator(agent)
    field.retired_at = None if back else timezone.now()
    field.save(update_fields=["retired_at"])
    return field


def set_value(*, of: Customer | Organisation, field: CustomField, value: str, agent: Agent | None) -> None:
    """Give one field its value, an empty one takes it away. Raises CustomerError when it does not fit."""
    set_values(of=of, values={field.key: value}, agent=agent)


@transaction.atomic
def set_values(*, of: Customer | Organisation, values: Mapping[str, str], agent: Agent | None) -> None:
    """Give fields their values by key, all or none. Raises CustomerError for a key that there is not."""
    subject = CustomField.Subject.CUSTOMER if isinstance(of, Customer) else CustomField.Subject.ORGANISATION
    fields = {field.key: field for field in CustomField.objects.filter(subject=subject, retired_at=None)}
    for key in values:
        if key not in fields:
            sentence = _("There is no field '%(key)s'. There are these: %(known)s.")
            raise CustomerError(sentence % {"key": key[:60], "known": ", ".join(fields) or _("none")})
    if isinstance(of, Customer):
        locked(of)
    for key, typed in values.items():
        _set(of, fields[key], checked(fields[key], typed), agent)


def _set(of: Customer | Organisation, field: CustomField, value: str, agent: Agent | None) -> None:
    whose = {"customer": of} if isinstance(of, Customer) else {"organisation": of}
    known = CustomValue.objects.filter(field=field, **whose).first()
    if (known.value if known else "") == value:
        return
    if value:
        CustomValue.objects.update_or_create(field=field, **whose, defaults={"value": value})
    elif known:
        known.delete()
    if isinstance(of, Customer):
        facts = {"field": field.label, "value": shown(field, value) if value else ""}
        tell("customer.field_set", of, agent, **facts)


def _with_choices(field: CustomField, choices: Sequence[str]) -> CustomField:
    tidy = list(dict.fromkeys(" ".join(choice.split())[:100] for choice in choices if choice.strip()))
    if field.kind == CustomField.Kind.CHOICE:
        if not tidy:
            raise CustomerError(_("A list needs at least one entry. Write one on each line."))
        if len(tidy) > MOST_CHOICES:
            raise CustomerError(_("A list has at most %(most)d entries.") % {"most": MOST_CHOICES})
        field.choices = tidy
    field.save()
    return field
