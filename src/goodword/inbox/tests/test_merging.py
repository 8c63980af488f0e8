"""Two conversations made one, and apart again as if nothing had happened."""

import pytest

from goodword.inbox import access, actions
from goodword.inbox.errors import Merged, NotPossible
from goodword.inbox.models import (
    Conversation,
    ConversationPromise,
    ConversationTag,
    Draft,
    Message,
    Participant,
)
from goodword.promises.actions import NewPromise

pytestmark = pytest.mark.django_db

PROMISE = NewPromise(what="Call back", quote="", due_at=None, whole_day=False, due_text="")


def everything():
    """All that a merge may touch, without the revision, which only grows."""
    return {
        "conversations": [
            {name: value for name, value in row.items() if name != "revision"}
            for row in Conversation.objects.order_by("pk").values()
        ],
        "messages": list(Message.objects.order_by("pk").values("pk", "conversation", "revision", "kind")),
        "participants": list(Participant.objects.order_by("pk").values()),
        "tags": list(ConversationTag.objects.order_by("pk").values()),
        "promises": list(ConversationPromise.objects.order_by("pk").values()),
        "drafts": list(Draft.objects.order_by("pk").values()),
    }


@pytest.fixture
def busy(conversation, other, owner, team_mate):
    """Both conversations with something of everything in them."""
    actions.reply(
        conversation=conversation, agent=owner, markdown="Sorry.", promises=[PROMISE], cc=["dan@example.org"]
    )
    actions.note(conversation=conversation, agent=owner, markdown="Odd.")
    actions.add_tag(conversation=conversation, agent=owner, name="lamp")
    actions.add_tag(conversation=conversation, agent=owner, name="broken")
    actions.add_tag(conversation=other, agent=owner, name="lamp")
    actions.save_draft(conversation=conversation, agent=owner, kind="reply", markdown="In the source")
    actions.save_draft(conversation=conversation, agent=team_mate, kind="reply", markdown="Kept apart")
    actions.save_draft(conversation=other, agent=team_mate, kind="reply", markdown="In the target")
    actions.close(conversation=other, agent=owner)


def test_a_merge_takes_everything_along(busy, conversation, other, owner):
    actions.merge(source=conversation, target=other, agent=owner)
    conversation.refresh_from_db()
    other.refresh_from_db()
    assert conversation.state == "merged"
    assert access.merged_into(conversation) == other
    assert other.state == "open"
    assert other.message_count == other.messages.count() == 4
    assert set(other.participants.values_list("address", flat=True)) == {
        "carla@example.org",
        "dan@example.org",
    }
    assert set(other.tags.values_list("name", flat=True)) == {"lamp", "broken"}
    assert other.promise_places.get().promise.what == "Call back"
    assert Draft.objects.get(agent=owner).conversation == other


def test_an_undone_merge_leaves_everything_as_it_was(busy, conversation, other, owner):
    before = everything()
    merge = actions.merge(source=conversation, target=other, agent=owner)
    assert everything() != before
    actions.undo_merge(merge=merge, agent=owner)
    assert everything() == before
    actions.undo_merge(merge=merge, agent=owner)
    assert everything() == before


def test_what_came_after_the_merge_stays_in_the_target(busy, conversation, other, owner):
    merge = actions.merge(source=conversation, target=other, agent=owner)
    later = actions.note(conversation=other, agent=owner, markdown="Later.")
    actions.undo_merge(merge=merge, agent=owner)
    other.refresh_from_db()
    assert Message.objects.get(pk=later.pk).conversation == other
    assert other.message_count == other.messages.count() == 2


def test_a_second_merge_is_the_first_and_a_merged_conversation_points_on(conversation, other, owner):
    first = actions.merge(source=conversation, target=other, agent=owner)
    assert actions.merge(source=conversation, target=other, agent=owner) == first
    with pytest.raises(Merged) as merged:
        actions.note(conversation=conversation, agent=owner, markdown="Here?")
    assert merged.value.target == other
    with pytest.raises(NotPossible, match="itself"):
        actions.merge(source=other, target=other, agent=owner)
