"""What rules did in conversations whose words are erased."""

from goodword.inbox import registry

from .models import Firing


@registry.erasing.add
def erase_words(conversation_ids: list[int]) -> None:
    """That a rule fired stays, with its result; the sentences go, because they may say what was promised."""
    Firing.objects.filter(conversation__in=conversation_ids).exclude(did=[]).update(did=[])
