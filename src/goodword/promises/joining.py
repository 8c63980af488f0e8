"""What promises do when two customers turn out to be one."""

from django.utils.translation import gettext_lazy as _

from goodword.customers import registry

from .models import Promise


@registry.belongings.add
def promises_of_customers() -> list[registry.Belonging]:
    """What was promised to the one was promised to the other."""
    return [registry.Belonging(Promise, "customer", _("Promises"))]
