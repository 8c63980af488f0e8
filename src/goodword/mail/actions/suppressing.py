"""Who gets no more mail: the verbs. `suppressions` has them, where the outbox finds them, too."""

from goodword.mail.suppressions import lift, suppress

__all__ = ["lift", "suppress"]
