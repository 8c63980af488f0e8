"""What the page of a conversation says of a mail that came: where it may belong, and what was cut from it."""

import re

import pytest
from django.test import Client

from goodword.inbox import actions
from goodword.inbox.models import Message
from goodword.inbox.tests.test_intake import answer_to, receive, written
from goodword.mail.models import Mailbox
from goodword.staff.models import Agent, Team

from .conftest import LogIn

pytestmark = pytest.mark.django_db


def shown(browser: Client, message: Message) -> str:
    answer = browser.get(f"/conversations/{message.conversation_id}/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture
def forged_answer(mailbox: Mailbox, owner: Agent) -> tuple[Message, Message]:
    """A customer's mail that was answered, and a stranger's to a reply address that nobody here signed."""
    first = receive(written())
    reply = actions.reply(conversation=first.conversation, agent=owner, markdown="Which lamp?")
    assert reply.outgoing is not None
    local, _at, domain = bytes(reply.outgoing.raw).decode().partition("Reply-To: ")[2].partition("@")
    to = f"{local[:-16]}{'a' * 16}@{domain.split()[0]}"
    return first, receive(written(sender="Eve <eve@elsewhere.example>", text="Send it to me", to=to))


def test_where_a_mail_to_a_forged_reply_address_may_belong_is_one_click_away(
    browser: Client, forged_answer: tuple[Message, Message]
) -> None:
    first, other = forged_answer
    link = f'This may belong to <a href="/conversations/{first.conversation_id}/">'
    assert link in shown(browser, other)
    assert link not in shown(browser, first)


def test_where_a_strangers_mail_may_belong_is_one_click_away(mailbox: Mailbox, browser: Client) -> None:
    first = receive(written())
    other = receive(answer_to(first, sender="Eve <eve@elsewhere.example>"))
    assert f'This may belong to <a href="/conversations/{first.conversation_id}/">' in shown(browser, other)


def test_nobody_is_told_of_a_conversation_in_a_mailbox_they_may_not_see(
    forged_answer: tuple[Message, Message], team_mate: Agent, log_in: LogIn
) -> None:
    first, other = forged_answer
    # The conversation itself moved to a mailbox that is closed to everybody outside its team.
    closed = Mailbox.objects.create(address="board@desk.example", name="Board")
    Team.objects.create(name="The board").mailboxes.add(closed)
    type(first.conversation).objects.filter(pk=first.conversation_id).update(mailbox=closed)
    page = shown(log_in(team_mate), other)
    assert "This may belong to" not in page
    assert f"/conversations/{first.conversation_id}/" not in page


def test_what_was_quoted_is_one_click_away(mailbox: Mailbox, browser: Client) -> None:
    quoted = "On 20 Nov 2026, Ann Agent wrote:\n> Which of the lamps is it?\n> The tall one?"
    message = receive(written(text=f"The tall one.\n\n{quoted}\n"))
    found = re.search(
        r'<details class="quote"><summary>(.*?)</summary>(.*?)</details>', shown(browser, message)
    )
    assert found is not None
    assert "Quoted text" in found[1]
    assert "Which of the lamps is it?" in found[2]
    assert message.text.strip() == "The tall one."
