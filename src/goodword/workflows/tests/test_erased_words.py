"""What a rule did, where the words of the conversation are erased."""

import pytest

from goodword.inbox.actions.erasing_words import erase_words
from goodword.inbox.models import Conversation
from goodword.workflows.models import Firing

from .conftest import Make

pytestmark = pytest.mark.django_db(transaction=True)


def test_that_a_rule_fired_stays_and_its_sentences_go(make: Make, place: Conversation) -> None:
    Firing.objects.create(
        rule=make({"do": "tag", "text": "more"}, event="conversation.opened"),
        conversation=place,
        result=Firing.Result.DONE,
        did=["Wrote the promise 'send Carla a lid' into the ledger."],
    )
    erase_words(conversation_ids=[place.pk])
    assert list(Firing.objects.values_list("result", "did")) == [("done", [])]
