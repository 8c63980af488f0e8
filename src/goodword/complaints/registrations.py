"""Where the room takes part in the rooms below; loaded once Django is ready."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goodword.customers import holding
from goodword.customers import registry as customers_registry
from goodword.inbox import registry as inbox_registry
from goodword.inbox.conditions import Field, Sort, add_field
from goodword.promises import registry as promises_registry
from goodword.staff.models import Agent

from . import access
from .actions import asking
from .models import Complaint

inbox_registry.addressed.add(asking.take_mail)


@customers_registry.belongings.add
def belongings_of_customers() -> list[customers_registry.Belonging]:
    """What goes along when two customers are one person."""
    return [customers_registry.Belonging(Complaint, "customer", _("Complaints"))]


@holding.holdings.add
def held_with_customers() -> holding.Holding:
    """Verbs lock the complaint, then its conversation, and come to the customer last."""
    return holding.Holding(8, lambda numbers: Complaint.objects.filter(customer__in=numbers))


@promises_registry.linked.add
def case_behind(kind: str, number: int, agent: Agent) -> promises_registry.Linked | None:
    """The case whose next step or remedy is a promise."""
    if kind != Complaint._meta.label_lower:
        return None
    found = access.complaints(agent).filter(pk=number).first()
    if found is None:
        return None
    label = gettext("Complaint %(number)s") % {"number": found.number}
    return promises_registry.Linked(label, reverse("complaint", args=[found.pk]))


@inbox_registry.holding.add
def complaints_hold(conversation_ids: list[int]) -> str:
    """A complaint has to be shown to auditors, with what it is about."""
    found = Complaint.objects.filter(conversation__in=conversation_ids).order_by("id").first()
    if found is None:
        return ""
    return gettext("The complaint %(number)s is about it. What a complaint is about is kept with it.") % {
        "number": found.number
    }


def _complaints_of(conversation_ids: Sequence[int]) -> dict[int, object]:
    """Which of these conversations ever had a complaint."""
    found = Complaint.objects.filter(conversation__in=conversation_ids).values_list(
        "conversation_id", flat=True
    )
    return dict.fromkeys(found, True)


def _severities_of(conversation_ids: Sequence[int]) -> dict[int, object]:
    """How grave the newest complaint of each conversation is."""
    found = Complaint.objects.filter(conversation__in=conversation_ids).order_by("id")
    return dict(found.values_list("conversation_id", "severity"))


add_field(Field("complaint", _("Has a complaint"), Sort.YES_NO, read=_complaints_of))
add_field(
    Field("severity", _("Complaint's severity"), Sort.VALUE, tuple(Complaint.Severity.values), _severities_of)
)
