"""What mail keeps of a person who is erased, beside the mails that made messages."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, Func, Model, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Lower

from goodword.mail.models import Delivery, DomainPace, OutgoingMail, RawMail, Suppression
from goodword.mail.parsing.envelope import senders
from goodword.mail.suppressions import hidden

from .forgetting import forget

AT_ONCE = 200


def naming(names: Collection[str]) -> re.Pattern[str]:
    """Finds any of these addresses or numbers where it stands by itself, in whatever case."""
    words = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![\w.+@-])(?:{words})(?![\w@-]|\.\w)" if words else r"(?!)", re.IGNORECASE)


@transaction.atomic
def forget_addresses(
    *, addresses: Collection[str], until: datetime, agent_id: int | None = None
) -> dict[type[Model], int]:
    """Delete some of the mails from or to these addresses to which no other room refers; how many of which.

    Of mail that came in: what was only recorded or set aside and names one of them, and what needs a person
    and is theirs. A mail that waits its turn is left to become a message. Each leaves a tombstone.
    """
    if not addresses:
        return {}
    found = naming(addresses)
    raw = [mail.pk for mail in _recorded(addresses, until) if _is_theirs(mail, found)]
    left = [mail.pk for mail in _left(addresses, until) if found.search(" ".join(mail.recipients))]
    done = forget(raw_mails=raw[:AT_ONCE], outgoing=left[:AT_ONCE], agent_id=agent_id)
    counted: dict[type[Model], int] = {RawMail: done.mails, OutgoingMail: done.outgoing}
    return {model: rows for model, rows in counted.items() if rows}


@transaction.atomic
def hide_suppressions(*, addresses: Collection[str]) -> int:
    """Let what stands against mail to these addresses hold on, without the addresses; returns how many."""
    rows = Suppression.objects.filter(address__in=[address.casefold() for address in addresses])
    done = 0
    for row in rows.order_by("pk").select_for_update():
        same = {"address": hidden(row.address), "topic": row.topic, "reason": row.reason, "lifted_at": None}
        if row.lifted_at is None and Suppression.objects.filter(**same).exists():
            row.delete()  # they were erased once before
        else:
            row.address, row.detail = hidden(row.address), ""
            row.save(update_fields=["address", "detail"])
        done += 1
    return done


@transaction.atomic
def forget_paces(*, domains: Collection[str], names: Collection[str]) -> None:
    """How fast these domains take mail, and answers of servers that repeat one of these names."""
    DomainPace.objects.filter(domain__in=domains).delete()
    for name in names:
        DomainPace.objects.filter(reason__icontains=name).update(reason="")


def _unclaimed(
    rows: "QuerySet[RawMail] | QuerySet[OutgoingMail]",
) -> "QuerySet[RawMail] | QuerySet[OutgoingMail]":
    """Those that no row of another room refers to."""
    for user in rows.model._meta.related_objects:
        if user.related_model is not Delivery:
            uses = user.related_model._base_manager.filter(**{user.field.name: OuterRef("pk")})
            rows = rows.exclude(Exists(uses))
    return rows


def _recorded(addresses: Collection[str], until: datetime) -> "Iterable[RawMail]":
    plain = Lower(Func(F("raw"), Value("escape"), function="encode", output_field=TextField()))
    named = Q()
    for address in addresses:
        named |= Q(envelope_from__icontains=address) | Q(plain__contains=address)
    rows = RawMail.objects.filter(received_at__lte=until).exclude(state=RawMail.State.WAITING)
    # What made a message is passed over before its bytes are read, which are nearly all there are.
    rows = rows.exclude(state=RawMail.State.DONE, reason="")
    return _unclaimed(rows.annotate(plain=plain).filter(named)).order_by("pk").iterator(chunk_size=50)  # type: ignore[return-value]


def _is_theirs(mail: RawMail, found: "re.Pattern[str]") -> bool:
    raw = bytes(mail.raw)
    # What needs a person may be what nobody could read whole: whose it is stands in its head.
    named = " ".join(senders(raw)) if mail.state == RawMail.State.NEEDS_PERSON else raw.decode("latin-1")
    return bool(found.search(f"{mail.envelope_from} {named}"))


def _left(addresses: Collection[str], until: datetime) -> "Iterable[OutgoingMail]":
    named = Q()
    for address in addresses:
        named |= Q(to__icontains=address)
    rows = OutgoingMail.objects.filter(created_at__lte=until).exclude(state=OutgoingMail.State.SENDING)
    rows = rows.annotate(to=Cast("recipients", TextField())).filter(named).defer("raw")
    return _unclaimed(rows).order_by("pk").iterator(chunk_size=50)  # type: ignore[return-value]
