"""Who looks at a live stream, and what must not reach them."""

from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from . import registry


@dataclass(frozen=True, slots=True)
class Viewer:
    """An agent who is logged in, and the mailboxes that are closed to them."""

    agent_id: int
    hidden: frozenset[int]


def admit(session_key: str) -> Viewer | None:
    """The agent this session belongs to; None when it is over or the agent may no longer log in."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    if not user.is_authenticated or user.pk is None:
        return None
    rules = list(registry.hidden_mailboxes)
    if not rules:
        raise ImproperlyConfigured(
            "No room says which mailboxes are hidden from whom, so the stream stays shut."
        )
    return Viewer(user.pk, frozenset(mailbox for rule in rules for mailbox in rule(user)))
