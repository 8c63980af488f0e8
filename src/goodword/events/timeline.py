"""What the events of a conversation or customer say, as sentences.

A room that writes events registers a sentence for each of their kinds, in a `timeline` module that
its AppConfig loads. A kind without a sentence never stands in a timeline.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from .models import Event


class Names:
    """Names of agents by their ids, as the sentences need them."""

    def __init__(self, agents: Mapping[int, str]) -> None:
        self._agents = agents

    def of(self, agent_id: object) -> str:
        """The agent's name; 'Goodword' where nobody did it, 'somebody' where the agent is gone."""
        if agent_id is None:
            return gettext("Goodword")
        return self._agents.get(agent_id, gettext("somebody")) if isinstance(agent_id, int) else str(agent_id)

    def who(self, event: Event) -> str:
        """The name of the one who did it."""
        return self.of(event.agent_id)


Sentence = Callable[[Event, Names], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a timeline."""

    id: int
    at: datetime
    kind: str
    text: str
    conversation_id: int | None


_sentences: dict[str, Sentence] = {}


def register(kind: str) -> Callable[[Sentence], Sentence]:
    """Decorator: the function says what an event of `kind` means, in the reader's language, called with
    the event and the names."""

    def add(sentence: Sentence) -> Sentence:
        _sentences[kind] = sentence
        return sentence

    return add


def kinds() -> list[str]:
    """The kinds that have a sentence."""
    return sorted(_sentences)


def sentences(events: Iterable[Event], names: Names | Mapping[int, str]) -> list[Line]:
    """The lines for these events, in the same order; kinds without a sentence are left out."""
    known = names if isinstance(names, Names) else Names(names)
    return [
        Line(event.pk, event.at, event.kind, str(_sentences[event.kind](event, known)), event.conversation_id)
        for event in events
        if event.kind in _sentences
    ]
