"""What stops a verb; the text of each is a sentence for the agent."""

from collections.abc import Sequence

from django.utils.translation import gettext, ngettext

from goodword.promises.models import Promise

from .models import Conversation, Message


class NotPossible(Exception):
    """The verb makes no sense here; the text says why and what to do instead."""


class ConversationMoved(NotPossible):
    """Others added to the conversation while the agent wrote; what was written is kept in the draft."""

    def __init__(self, conversation: Conversation, messages: Sequence[Message]) -> None:
        self.conversation = conversation
        self.messages = tuple(messages)
        super().__init__(
            ngettext(
                "One message came while you wrote. Read it, then send again; your text is kept.",
                "%(count)d messages came while you wrote. Read them, then send again; your text is kept.",
                len(self.messages),
            )
            % {"count": len(self.messages)}
        )


class PromisesOpen(NotPossible):
    """The conversation still holds open promises; `leave_promises` closes it all the same."""

    def __init__(self, promises: Sequence[Promise]) -> None:
        self.promises = tuple(promises)
        super().__init__(
            ngettext(
                "One promise made here is still open. Settle it first, or close and leave it in the ledger.",
                "%(count)d promises made here are still open. "
                "Settle them first, or close and leave them in the ledger.",
                len(self.promises),
            )
            % {"count": len(self.promises)}
        )


class PromisesHold(NotPossible):
    """A conversation cannot be deleted while promises made in it are open."""

    def __init__(self, promises: Sequence[Promise]) -> None:
        self.promises = tuple(promises)
        super().__init__(
            ngettext(
                "One promise made here is still open, and the customer counts on it. "
                "Say first whether it was kept, broken or withdrawn; then delete the conversation.",
                "%(count)d promises made here are still open, and the customer counts on them. "
                "Say first whether they were kept, broken or withdrawn; then delete the conversation.",
                len(self.promises),
            )
            % {"count": len(self.promises)}
        )


class Merged(NotPossible):
    """The conversation was merged into another one."""

    def __init__(self, conversation: Conversation, target: Conversation | None) -> None:
        self.target = target
        super().__init__(
            gettext("Conversation %(source)d was merged into %(target)s. Go on there.")
            % {"source": conversation.pk, "target": target.pk if target else gettext("another one")}
        )


class BadCursor(ValueError):
    """A place in a list that no list gave out."""

    def __init__(self, cursor: str) -> None:
        super().__init__(
            gettext("'%(cursor)s' is no place in this list. Begin again at the top of the list.")
            % {"cursor": cursor[:60]}
        )
