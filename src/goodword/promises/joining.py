"""What promises do when two customers turn out to be one."""

from django.utils.translation import gettext_lazy as _

from goodword.customers import holding, registry

from .models import Promise


@registry.belongings.add
def promises_of_customers() -> list[registry.Belonging]:
    """What was promised to the one was promised to the other."""
    return [registry.Belonging(Promise, "customer", _("Promises"))]


@holding.holdings.add
def held_with_customers() -> holding.Holding:
    """Verbs lock a promise after the conversation it was made in."""
    return holding.Holding(6, lambda numbers: Promise.objects.filter(customer__in=numbers))
