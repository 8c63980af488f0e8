"""The tree of causes, as the house edits it; leads do."""

from django.db import transaction
from django.utils.translation import gettext

from goodword.staff.access import require_lead
from goodword.staff.models import Agent

from ..errors import ComplaintError
from ..models import Cause
from ..telling import one_line

NAME_LENGTH = 200
DEEPEST = 6


@transaction.atomic
def set_cause(
    *, by: Agent, name: str, parent: Cause | None = None, cause: Cause | None = None, is_active: bool = True
) -> Cause:
    """Add a cause, or give one another name or place. Complaints keep the causes they have.

    Raises ComplaintError for a name that is empty or there already, and for a branch that would hang on
    itself.
    """
    require_lead(by)
    words = one_line(name, NAME_LENGTH)
    if not words:
        raise ComplaintError(gettext("The cause has no name. Give it one of a few words."))
    twins = Cause.objects.filter(parent=parent, name=words)
    if cause is None:
        standing = twins.first()
        if standing is not None:
            return standing
    elif twins.exclude(pk=cause.pk).exists():
        raise ComplaintError(
            gettext("There is a cause '%(name)s' in that place already. Choose another name.")
            % {"name": words}
        )
    _refuse_knot(cause, parent)
    found = cause or Cause()
    found.name, found.parent, found.is_active = words, parent, is_active
    found.save()
    return found


@transaction.atomic
def remove_cause(*, by: Agent, cause: Cause) -> None:
    """Take a cause away that explains nothing; one that does is only no longer offered."""
    require_lead(by)
    found = Cause.objects.filter(pk=cause.pk).first()
    if found is None:
        return
    if found.children.exists():
        raise ComplaintError(
            gettext("Other causes hang on '%(name)s'. Move or remove them first.") % {"name": found.name}
        )
    if found.complaints.exists() or found.preventions.exists():
        found.is_active = False
        found.save(update_fields=["is_active"])
    else:
        found.delete()


def _refuse_knot(cause: Cause | None, parent: Cause | None) -> None:
    depth, above = 1, parent
    while above is not None:
        if cause is not None and above.pk == cause.pk:
            raise ComplaintError(
                gettext("'%(name)s' cannot hang on itself. Choose another place.") % {"name": cause.name}
            )
        depth, above = depth + 1, above.parent
    if depth > DEEPEST:
        raise ComplaintError(
            gettext("The tree has %(most)d levels at most. Choose a place further up.") % {"most": DEEPEST}
        )
