"""The same verb for many conversations."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from goodword.staff.models import Agent

from .. import access
from ..errors import NotPossible
from ..models import Conversation
from .assigning import assign, assign_team
from .prioritising import prioritise
from .states import close, reopen, snooze
from .tagging import add_tag, remove_tag

LIMIT = 500
VERBS: dict[str, Callable[..., object]] = {
    "assign": assign,
    "assign_team": assign_team,
    "snooze": snooze,
    "close": close,
    "reopen": reopen,
    "prioritise": prioritise,
    "add_tag": add_tag,
    "remove_tag": remove_tag,
}


@dataclass(frozen=True, slots=True)
class BulkResult:
    """The conversations it was done to, and why not to the others, by their ids."""

    done: tuple[int, ...]
    skipped: dict[int, str]


def bulk(*, agent: Agent, ids: Iterable[int], verb: str, **arguments: Any) -> BulkResult:
    """Do one of VERBS to each conversation, each in its own transaction; one that cannot stops no other."""
    chosen = sorted(set(ids))
    if verb not in VERBS:
        raise NotPossible(
            gettext("'%(verb)s' cannot be done to many at once. These can: %(verbs)s.")
            % {"verb": verb[:40], "verbs": ", ".join(VERBS)}
        )
    if len(chosen) > LIMIT:
        raise NotPossible(
            gettext("%(count)d conversations are too many at once. Choose up to %(limit)d.")
            % {"count": len(chosen), "limit": LIMIT}
        )
    done: list[int] = []
    skipped: dict[int, str] = {}
    found = access.conversations(agent).in_bulk(chosen)
    for pk in chosen:
        place: Conversation | None = found.get(pk)
        if place is None:
            skipped[pk] = gettext("There is no conversation %(number)d.") % {"number": pk}
            continue
        try:
            VERBS[verb](conversation=place, agent=agent, **arguments)
            done.append(pk)
        except (NotPossible, Conversation.DoesNotExist) as error:
            skipped[pk] = str(error)
    return BulkResult(tuple(done), skipped)
