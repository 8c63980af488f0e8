"""What the verbs have in common: cleaned words, and the event and version that each change brings."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from goodword.events.actions import record
from goodword.staff.access import require_lead
from goodword.staff.models import Agent, Team

from .. import access
from ..models import Tailoring

REASON_LENGTH = 5_000
QUOTE_LENGTH = 5_000


def clean(text: str) -> str:
    """The words as they can be kept."""
    return text.replace("\x00", "").strip()


def one_line(text: str) -> str:
    """The words in one line, each pair parted by one space."""
    return " ".join(clean(text).split())


def required(field: str, text: str, sentence: str, *, longest: int) -> str:
    """The words in one line; ValidationError for the field without any, or with too many."""
    line = one_line(text)
    if not line:
        raise ValidationError({field: sentence})
    return short(field, line, longest=longest)


def short(field: str, line: str, *, longest: int) -> str:
    """The line, when it is no longer than that; else ValidationError for the field."""
    if len(line) > longest:
        said = _("%(given)d characters are too many. Say it in %(longest)d or fewer.")
        raise ValidationError({field: said % {"given": len(line), "longest": longest}})
    return line


def lines(field: str, given: Iterable[str], sentence: str, *, longest: int, most: int) -> list[str]:
    """The lines that hold something, each once; ValidationError for the field if none or too many do."""
    found = list(dict.fromkeys(line for text in given if (line := one_line(text))))
    if not found:
        raise ValidationError({field: sentence})
    if len(found) > most:
        said = _("%(given)d lines are too many. Keep the %(most)d that matter most.")
        raise ValidationError({field: said % {"given": len(found), "most": most}})
    return [short(field, line, longest=longest) for line in found]


def may_change(by: Agent, team: Team | None) -> None:
    """Raise NotAllowed unless this agent may change what the coach says to the team.

    From here to the commit changes of the coach wait for each other: what two leads do at once is done one
    after the other, and the newer version holds what both did.
    """
    access.get_team(by, team.pk if team else None)
    require_lead(by)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('goodword coaching'))")


def changed(kind: str, by: Agent, team: Team | None, **data: Any) -> None:
    """Write the event, and tell every process that this team's coach is to be made anew."""
    about = {"team": team.pk if team else None} | data
    event = record(kind, agent_id=by.pk, data=about, only_for=[by.pk])  # the words of a team are its own
    Tailoring.objects.update_or_create(team=team, defaults={"version": event.pk})
