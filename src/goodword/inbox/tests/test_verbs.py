"""What agents do with a conversation beside answering it; each done twice is done once."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from goodword.customers import actions as customers
from goodword.customers.actions import customer_of
from goodword.events.models import Event
from goodword.inbox import actions, queries
from goodword.inbox.errors import NotPossible
from goodword.inbox.models import Assignment, Closure, Draft, Mention, Message, Tag
from goodword.mail.parsing import parse

pytestmark = pytest.mark.django_db


def kinds(conversation):
    return list(
        Event.objects.filter(conversation_id=conversation.pk).order_by("id").values_list("kind", flat=True)
    )[2:]


def test_giving_it_to_somebody_twice_is_giving_it_once(conversation, owner, team_mate, stranger):
    for _ in range(2):
        actions.assign(conversation=conversation, agent=owner, to=team_mate)
    assert Assignment.objects.get().agent == team_mate
    assert kinds(conversation) == ["conversation.assigned"]
    with pytest.raises(NotPossible, match="Stan Stranger cannot see"):
        actions.assign(conversation=conversation, agent=owner, to=stranger)
    assert actions.assign(conversation=conversation, agent=owner, to=None).assignee is None


def test_closing_and_opening_again_say_who_and_when(conversation, owner, team_mate):
    since = conversation.waiting_since
    for _ in range(2):
        assert actions.close(conversation=conversation, agent=owner).waiting_since is None
    for _ in range(2):
        assert actions.reopen(conversation=conversation, agent=team_mate).waiting_since == since
    closure = Closure.objects.get()
    assert (closure.by, closure.reopened_by) == (owner, team_mate)
    assert kinds(conversation) == ["conversation.closed", "conversation.reopened"]


def test_what_was_put_away_comes_back_at_its_moment_once(conversation, owner):
    tomorrow = timezone.now() + timedelta(days=1)
    for _ in range(2):
        actions.snooze(conversation=conversation, agent=owner, until=tomorrow)
    assert actions.wake_due() == 0
    with time_machine.travel(tomorrow + timedelta(minutes=1)):
        assert actions.wake_due() == 1
        assert actions.wake_due() == 0
    conversation.refresh_from_db()
    assert conversation.state == "open"
    assert conversation.snoozed_until is None
    assert kinds(conversation) == ["conversation.snoozed", "conversation.woken"]


def test_nothing_is_put_away_until_a_moment_past(conversation, owner):
    with pytest.raises(NotPossible, match="is past"):
        actions.snooze(conversation=conversation, agent=owner, until=timezone.now() - timedelta(minutes=1))


def test_a_note_tells_those_it_names_and_is_never_mailed(conversation, owner, team_mate, stranger):
    note = actions.note(
        conversation=conversation,
        agent=owner,
        markdown="@tariq and @stan, look; not tariq@desk.example. <script>x</script>",
    )
    assert Mention.objects.get().agent == team_mate
    assert note.outgoing is None
    assert "<script>" not in note.html
    conversation.refresh_from_db()
    assert conversation.waiting_since is not None
    assert conversation.preview == "The lamp broke. What now?"
    assert kinds(conversation) == ["note.added", "agent.mentioned"]
    assert actions.see_mentions(conversation=conversation, agent=team_mate) == 1
    assert actions.see_mentions(conversation=conversation, agent=team_mate) == 0


def test_a_tag_is_one_word_however_it_is_written(conversation, owner):
    for name in ("Lamp", " lamp  ", "LAMP"):
        actions.add_tag(conversation=conversation, agent=owner, name=name)
    assert Tag.objects.get().name == "lamp"
    for _ in range(2):
        actions.remove_tag(conversation=conversation, agent=owner, name="lamp")
    assert kinds(conversation) == ["conversation.tagged", "conversation.untagged"]
    for name in ("", "  ", "x" * 61):
        with pytest.raises(NotPossible):
            actions.add_tag(conversation=conversation, agent=owner, name=name)


def test_a_draft_is_one_for_each_agent_and_kind_and_its_files_go_along(conversation, owner, team_mate):
    for text in ("h", "half", "whole"):
        draft = actions.save_draft(conversation=conversation, agent=owner, kind="reply", markdown=text)
    actions.save_draft(conversation=conversation, agent=owner, kind="note", markdown="n")
    actions.save_draft(conversation=conversation, agent=team_mate, kind="reply", markdown="t")
    assert Draft.objects.count() == 3
    file = actions.attach_to_draft(
        draft=draft,
        filename="../../etc/p\x00asswd.txt",
        content_type="text/plain",
        data=b"bytes",
        agent=owner,
    )
    assert file.filename == "passwd.txt"
    message = actions.reply(conversation=conversation, agent=owner, markdown="whole")
    (part,) = parse(bytes(message.outgoing.raw)).attachments
    assert (part.filename, part.data) == ("passwd.txt", b"bytes")
    assert message.attachments.get() == file
    actions.discard_draft(conversation=conversation, agent=team_mate)
    assert Draft.objects.get().kind == "note"


def test_a_pasted_picture_goes_inside_the_mail_while_the_text_shows_it(conversation, owner):
    draft = actions.save_draft(conversation=conversation, agent=owner, kind="reply", markdown="")
    shown, dropped = (
        actions.attach_to_draft(
            draft=draft, filename=name, content_type="image/png", data=name.encode(), agent=owner, inline=True
        )
        for name in ("shown.png", "dropped.png")
    )
    text = f"Look: ![a lamp]({queries.url(shown)})"
    message = actions.reply(conversation=conversation, agent=owner, markdown=text)
    mail = parse(bytes(message.outgoing.raw))
    (part,) = mail.attachments
    assert part.data == b"shown.png"
    assert f"cid:{part.content_id.strip('<>')}" in mail.html
    assert "/attachments/" not in mail.html
    assert message.attachments.get() == shown
    (*_rest, last) = queries.thread(owner, conversation)
    assert f'src="{queries.url(shown)}"' in last.html
    assert dropped.pk


def test_a_picture_of_another_conversation_stays_where_it_is(conversation, other, owner):
    draft = actions.save_draft(conversation=other, agent=owner, kind="reply", markdown="")
    secret = actions.attach_to_draft(
        draft=draft, filename="s.png", content_type="image/png", data=b"secret", agent=owner
    )
    text = f"![x]({queries.url(secret)})"
    message = actions.reply(conversation=conversation, agent=owner, markdown=text)
    assert b"secret" not in bytes(message.outgoing.raw)
    assert not message.attachments.exists()


def test_many_at_once_does_what_it_can_and_says_what_it_could_not(conversation, other, owner):
    actions.merge(source=conversation, target=other, agent=owner)
    result = actions.bulk(agent=owner, ids=[conversation.pk, other.pk, 10**9], verb="close")
    assert result.done == (other.pk,)
    assert set(result.skipped) == {conversation.pk, 10**9}
    assert "merged" in result.skipped[conversation.pk]
    with pytest.raises(NotPossible, match="cannot be done to many"):
        actions.bulk(agent=owner, ids=[other.pk], verb="reply")
    with pytest.raises(NotPossible, match="too many"):
        actions.bulk(agent=owner, ids=range(1, 502), verb="close")


def test_others_see_who_is_here_and_a_vanished_tab_fades(conversation, owner, team_mate):
    actions.arrive(conversation=conversation, agent=owner, doing="viewing")
    actions.arrive(conversation=conversation, agent=owner, doing="viewing")
    actions.arrive(conversation=conversation, agent=team_mate, doing="replying")
    here = [(one.agent, one.doing) for one in queries.who_is_here(conversation)]
    assert here == [(owner, "viewing"), (team_mate, "replying")]
    assert kinds(conversation) == ["presence.changed"] * 2
    actions.leave(conversation=conversation, agent=team_mate)
    assert [one.agent for one in queries.who_is_here(conversation)] == [owner]
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert queries.who_is_here(conversation) == []


def test_a_joined_customer_brings_conversations_along(conversation, customer, owner):
    kept = customer_of(address="carla@work.example", name="Carla C.")
    customers.join(gone=customer, kept=kept, agent=owner)
    conversation.refresh_from_db()
    assert conversation.customer == kept
    assert Message.objects.get().customer == kept


def test_an_empty_reply_or_note_is_refused_in_a_sentence(conversation, owner):
    with pytest.raises(NotPossible, match="reply is empty"):
        actions.reply(conversation=conversation, agent=owner, markdown="  \n")
    with pytest.raises(NotPossible, match="note is empty"):
        actions.note(conversation=conversation, agent=owner, markdown="")
    with pytest.raises(NotPossible, match="'nobody' is no mail address"):
        actions.reply(conversation=conversation, agent=owner, markdown="x", to=["nobody"])
    with pytest.raises(NotPossible, match="no mail address to answer to"):
        actions.reply(conversation=conversation, agent=owner, markdown="x", to=[])
    assert Message.objects.count() == 1


def test_the_aside_tells_of_the_customer(conversation, other, owner, django_assert_num_queries):
    actions.close(conversation=other, agent=owner)
    actions.assign(conversation=conversation, agent=owner, to=owner)
    with django_assert_num_queries(7):
        beside = queries.aside(owner, conversation)
    assert beside.addresses == ("carla@example.org",)
    assert beside.past == (other,)
    assert [line.text for line in beside.timeline] == ["Olga Owner took it", "The conversation was opened"]
