"""Where the rooms above join in: filled in their `AppConfig.ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise as Lazy

from goodword.kit.registry import Registry
from goodword.mail.models import RawMail
from goodword.mail.parsing import ParsedMail

Addressed = Callable[[str, RawMail, ParsedMail], str | None]

# Mail to a signed address (`mail.addressing.signed_address`) of another kind than a conversation's. A handler
# gets each such address in turn, in the transaction that settles the mail: where the address is its own, it
# takes the mail and gives back a sentence that says why there is no message, and None where it is not. The
# mail is looked at no further then. The same mail in several mailboxes is handed on once for each.
addressed: Registry[Addressed] = Registry("addressed")

# Each entry says, as a sentence, why these conversations must not be deleted for good, or ''.
holding: Registry[Callable[[list[int]], str]] = Registry("what holds conversations")


@dataclass(frozen=True, slots=True)
class Keeper:
    """Conversations that no rule may take away: why, by a short key and in a few words, and which.

    `conversations` is a query of their numbers.
    """

    key: str
    label: str | Lazy
    conversations: "Callable[[], QuerySet[Any, Any]]"


# What rooms above keep from the rules that delete old conversations.
keepers: list[Keeper] = []

# Each entry takes out what a room above keeps of the words of these conversations, in the transaction that
# erases them.
erasing: Registry[Callable[[list[int]], None]] = Registry("what else holds words of conversations")
