"""Where the room takes part in the rooms below; loaded once Django is ready."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goodword.customers import registry as customers_registry
from goodword.inbox import registry as inbox_registry

from .actions import asking
from .models import Complaint

inbox_registry.addressed.add(asking.take_mail)


@customers_registry.belongings.add
def belongings_of_customers() -> list[customers_registry.Belonging]:
    """What goes along when two customers are one person."""
    return [customers_registry.Belonging(Complaint, "customer", _("Complaints"))]


@inbox_registry.holding.add
def complaints_hold(conversation_ids: list[int]) -> str:
    """A complaint has to be shown to auditors, with what it is about."""
    found = Complaint.objects.filter(conversation__in=conversation_ids).order_by("id").first()
    if found is None:
        return ""
    return gettext("The complaint %(number)s is about it. What a complaint is about is kept with it.") % {
        "number": found.number
    }
