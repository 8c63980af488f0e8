"""An agent of another team sees nothing of the care team's mail and can do nothing with it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from goodword.customers import access as customers_access
from goodword.customers.models import Customer
from goodword.inbox import access, actions, queries
from goodword.inbox.errors import NotPossible
from goodword.inbox.models import Attachment, Conversation, Draft, Merge, Message
from goodword.promises import access as promises_access
from goodword.promises.actions import NewPromise
from goodword.promises.models import Promise

pytestmark = pytest.mark.django_db

PROMISE = NewPromise(what="Call back", quote="", due_at=None, whole_day=False, due_text="")
TOMORROW = timezone.now() + timedelta(days=1)
VERBS = {
    "reply": {"markdown": "Hello"},
    "note": {"markdown": "Hello"},
    "assign": {"to": None},
    "snooze": {"until": TOMORROW},
    "close": {},
    "reopen": {},
    "add_tag": {"name": "lamp"},
    "remove_tag": {"name": "lamp"},
    "save_draft": {"kind": "reply", "markdown": "Hello"},
    "discard_draft": {},
    "arrive": {"doing": "viewing"},
    "leave": {},
    "add_promise": {"promise": PROMISE},
    "see_mentions": {},
}


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_a_stranger_can_do_nothing_and_the_team_can(conversation, stranger, owner, verb):
    before = Conversation.objects.values().get()
    with pytest.raises(Conversation.DoesNotExist):
        getattr(actions, verb)(conversation=conversation, agent=stranger, **VERBS[verb])
    assert Conversation.objects.values().get() == before
    assert Message.objects.count() == 1
    getattr(actions, verb)(conversation=conversation, agent=owner, **VERBS[verb])


def test_a_stranger_merges_and_separates_nothing(conversation, other, stranger, owner):
    with pytest.raises(Conversation.DoesNotExist):
        actions.merge(source=conversation, target=other, agent=stranger)
    merge = actions.merge(source=conversation, target=other, agent=owner)
    with pytest.raises(Conversation.DoesNotExist):
        actions.undo_merge(merge=merge, agent=stranger)
    with pytest.raises(Merge.DoesNotExist):
        access.get_merge(stranger, merge.pk)
    assert access.get_merge(owner, merge.pk) == merge


def test_a_stranger_takes_no_reply_back_and_sends_none_again(conversation, owner, stranger):
    reply = actions.reply(conversation=conversation, agent=owner, markdown="Hello")
    for verb in (actions.undo_reply, actions.retry_reply):
        with pytest.raises(Conversation.DoesNotExist):
            verb(message=reply, agent=stranger)


def test_a_team_mate_does_not_take_back_what_another_wrote(conversation, owner, team_mate):
    reply = actions.reply(conversation=conversation, agent=owner, markdown="Hello")
    with pytest.raises(NotPossible):
        actions.undo_reply(message=reply, agent=team_mate)


def test_many_at_once_does_nothing_for_a_stranger(conversation, stranger):
    result = actions.bulk(agent=stranger, ids=[conversation.pk], verb="close")
    assert result.done == ()
    assert str(conversation.pk) in result.skipped[conversation.pk]


def test_a_stranger_finds_nothing_anywhere(conversation, owner, stranger, customer):
    actions.reply(conversation=conversation, agent=owner, markdown="Sorry", promises=[PROMISE])
    for view in queries.VIEWS:
        assert queries.page(stranger, view).rows == ()
    assert set(queries.counters(stranger).values()) == {0}
    for q in ("lamp", "carla", str(conversation.pk)):
        assert queries.search(stranger, q).rows == ()
        assert queries.search(owner, q).rows
    with pytest.raises(Conversation.DoesNotExist):
        queries.thread(stranger, conversation)
    assert not promises_access.visible(stranger).exists()
    assert promises_access.visible(owner).get() == Promise.objects.get()
    with pytest.raises(Customer.DoesNotExist):
        customers_access.get_customer(stranger, customer.pk)
    assert customers_access.get_customer(owner, customer.pk) == customer


def test_a_stranger_gets_no_message_and_no_file(conversation, owner, team_mate, stranger):
    draft = actions.save_draft(conversation=conversation, agent=owner, kind="reply", markdown="x")
    file = actions.attach_to_draft(
        draft=draft, filename="a.txt", content_type="text/plain", data=b"a", agent=owner
    )
    with pytest.raises(Attachment.DoesNotExist):
        access.get_attachment(team_mate, file.pk)
    with pytest.raises(Draft.DoesNotExist):
        actions.attach_to_draft(draft=draft, filename="b", content_type="", data=b"b", agent=team_mate)
    message = actions.reply(conversation=conversation, agent=owner, markdown="See the file.")
    assert bytes(access.get_attachment(team_mate, file.pk).blob.data) == b"a"
    with pytest.raises(Attachment.DoesNotExist):
        access.get_attachment(stranger, file.pk)
    with pytest.raises(Message.DoesNotExist):
        access.get_message(stranger, message.pk)
    with pytest.raises(Conversation.DoesNotExist):
        access.get_conversation(stranger, conversation.pk)


def test_a_lead_sees_all_and_an_agent_who_left_nothing(conversation, lead, owner):
    assert access.get_conversation(lead, conversation.pk) == conversation
    owner.is_active = False
    with pytest.raises(Conversation.DoesNotExist):
        access.get_conversation(owner, conversation.pk)


def test_a_number_beyond_all_numbers_is_no_conversation(lead):
    for number in (0, -1, 2**63, 10**40):
        with pytest.raises(Conversation.DoesNotExist):
            access.get_conversation(lead, number)
