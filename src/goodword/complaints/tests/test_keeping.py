"""What a complaint is about is left alone by the rules that delete old conversations."""

import pytest

from goodword.complaints.models import ComplaintConversation
from goodword.inbox import actions as inbox
from goodword.inbox import retention
from goodword.inbox.models import Conversation
from goodword.inbox.tests.test_retention import a_night, aged, old_ones, rule_of
from goodword.promises.models import Promise

pytestmark = pytest.mark.django_db


def test_conversations_with_a_complaint_are_left_out_and_counted(
    place, complaint, mailbox, administrator, owner
):
    further, _free = old_ones(mailbox, 2)
    ComplaintConversation.objects.create(complaint=complaint, conversation=further, by=owner)
    aged(place, days=900)
    rule = rule_of(administrator)
    assert retention.preview(rule).left_out == {"complaint": 1, "promise": 1}
    run = a_night()
    assert (run.done, run.left_out) == (1, {"complaint": 1, "promise": 1})
    assert set(Conversation.objects.all()) == {place, further}


def test_what_a_complaint_is_about_keeps_its_words_where_it_was_merged_to_and_on_from_there(
    place, complaint, mailbox, administrator
):
    between, there = old_ones(mailbox, 2)
    inbox.merge(source=place, target=between, agent=None)
    inbox.merge(source=between, target=there, agent=None)
    Promise.objects.update(state=Promise.State.KEPT)
    aged(there, days=900)
    rule = rule_of(administrator, does="erase")
    seen = retention.preview(rule)
    assert (seen.count, seen.oldest, seen.left_out) == (0, [], {"complaint": 1})
    run = a_night()
    assert (run.done, run.left_out) == (0, seen.left_out)
    assert not Conversation.objects.exclude(words_erased_at=None).exists()
