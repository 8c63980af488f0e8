"""Who wrote a reply that did not arrive is told so, until somebody has seen to it."""

import pytest

from goodword.events.models import Event
from goodword.inbox import actions
from goodword.inbox.tests.test_intake import bounced, receive, written
from goodword.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db


def for_you(client, agent):
    client.force_login(agent)
    return client.get("/for-you/").content.decode()


def test_a_bounce_is_told_to_the_author_of_the_reply_and_to_nobody_else(client, mailbox, owner, team_mate):
    first = receive(written())
    reply = actions.reply(conversation=first.conversation, agent=owner, markdown="Sorry.", close=True)
    OutgoingMail.objects.update(state=OutgoingMail.State.SENT)
    assert "Not delivered" not in for_you(client, owner)
    receive(bounced(reply))
    page = for_you(client, owner)
    assert "It came back: carla@example.org did not get it." in page
    assert f"/conversations/{first.conversation_id}/#m{reply.pk}" in page
    assert "Not delivered" not in for_you(client, team_mate)


def test_a_new_reply_takes_it_off_the_list(client, mailbox, owner):
    first = receive(written())
    reply = actions.reply(conversation=first.conversation, agent=owner, markdown="Sorry.")
    OutgoingMail.objects.update(state=OutgoingMail.State.SENT)
    receive(bounced(reply))
    actions.reply(conversation=first.conversation, agent=owner, markdown="Once more.")
    assert "Not delivered" not in for_you(client, owner)


def test_a_report_that_nothing_proves_is_told_to_the_author_as_a_claim(client, mailbox, owner, team_mate):
    first = receive(written())
    reply = actions.reply(conversation=first.conversation, agent=owner, markdown="Sorry.", close=True)
    OutgoingMail.objects.update(state=OutgoingMail.State.SENT, signed_sender=True)
    receive(bounced(reply))
    client.force_login(owner)
    page = client.get(f"/conversations/{first.conversation_id}/").content.decode()
    said = "A report says that this mail was not delivered to carla@example.org; it did not come by the way"
    assert f"sent. {said}" in page
    event = Event.objects.get(kind="reply.doubted")
    assert (event.data["message"], event.data["author"]) == (reply.pk, owner.pk)
    first.conversation.refresh_from_db()
    assert (first.conversation.state, first.conversation.send_failed) == ("closed", False)
    page = for_you(client, owner)
    assert said in page
    assert "Not delivered" not in page
    assert "Perhaps not delivered" not in for_you(client, team_mate)
    actions.note(conversation=first.conversation, agent=team_mate, markdown="Carla has it.")
    assert "Perhaps not delivered" not in for_you(client, owner)
