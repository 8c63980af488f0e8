"""Nobody gets words into somebody's conversation: not by a forged sender, a forged address or a guess."""

from dataclasses import replace

import pytest

from goodword.events.models import Event
from goodword.inbox import actions
from goodword.inbox.models import Message
from goodword.mail.models import OutgoingMail

from .test_intake import answer_to, receive, written

pytestmark = pytest.mark.django_db

OURS = "mx.desk.example"
PASSED = f"{OURS}; dmarc=pass header.from=example.org"
FAILED = f"{OURS}; dmarc=fail header.from=example.org"


@pytest.fixture(autouse=True)
def trusted(settings):
    settings.CONFIG = replace(settings.CONFIG, mail_trusted_servers=(OURS,))


def signed_address(conversation, owner):
    actions.reply(conversation=conversation, agent=owner, markdown="Which lamp?")
    letter = bytes(OutgoingMail.objects.latest("id").raw).decode()
    return letter.partition("Reply-To: ")[2].splitlines()[0].strip()


def test_a_forged_sender_joins_nothing_by_message_id(mailbox):
    first = receive(written())
    forged = receive(answer_to(first, Authentication_Results=FAILED))
    assert forged.conversation != first.conversation
    assert forged.conversation.may_belong_to == first.conversation
    assert forged.sender_trust == Message.Trust.FORGED


def test_a_forged_sender_joins_nothing_by_the_signed_address(mailbox, owner):
    first = receive(written())
    address = signed_address(first.conversation, owner)
    forged = receive(written(text="Send it elsewhere", to=address, Authentication_Results=FAILED))
    assert forged.conversation != first.conversation
    assert forged.conversation.may_belong_to == first.conversation


def test_a_confirmed_sender_and_one_nobody_checked_join(mailbox):
    first = receive(written())
    confirmed = receive(answer_to(first, Authentication_Results=PASSED))
    unchecked = receive(answer_to(first, text="More"))
    assert {confirmed.conversation, unchecked.conversation} == {first.conversation}
    assert (confirmed.sender_trust, unchecked.sender_trust) == (Message.Trust.CONFIRMED, "")


def test_what_a_stranger_says_of_himself_is_not_believed(mailbox):
    first = receive(written())
    word = "mail.evil.example; dmarc=fail"
    assert receive(answer_to(first, Authentication_Results=word)).conversation == first.conversation


def test_a_forged_report_harms_no_reply(mailbox, owner):
    first = receive(written())
    reply = actions.reply(conversation=first.conversation, agent=owner, markdown="On its way.")
    OutgoingMail.objects.update(state="sent")
    report = written(
        sender="Mail Delivery System <mailer-daemon@example.org>",
        subject="Undelivered Mail Returned to Sender",
        text=f"<carla@example.org>: unknown user\n\nMessage-ID: {reply.outgoing.message_id}\n",
        Authentication_Results=FAILED,
    )
    receive(report)
    reply.outgoing.refresh_from_db()
    assert reply.outgoing.state == "sent"
    assert not first.conversation.messages.filter(kind=Message.Kind.BOUNCE).exists()


@pytest.mark.parametrize("change", ["number", "signature", "mailbox"])
def test_a_forged_reply_address_opens_another_conversation(mailbox, owner, change):
    first = receive(written())
    local, _at, domain = signed_address(first.conversation, owner).rpartition("@")
    name, _plus, tag = local.partition("+")
    forged = {
        "number": f"{name}+cz{tag[1:]}@{domain}",
        "signature": f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{domain}",
        "mailbox": f"sales+{tag}@{domain}",
    }[change]
    mail = written(sender="mallory@evil.example", text="Hi", to=f"{forged}, care@desk.example")
    assert receive(mail).conversation != first.conversation


def test_who_is_new_by_the_signed_address_is_told_in_the_thread(mailbox, owner):
    first = receive(written())
    address = signed_address(first.conversation, owner)
    joined = receive(written(sender="Ben <ben@example.net>", text="I help Carla.", to=address))
    assert joined.conversation == first.conversation
    receive(written(sender="Ben <ben@example.net>", text="Once more.", to=address))
    told = Event.objects.filter(kind="conversation.joined", conversation_id=first.conversation_id)
    assert [event.data["address"] for event in told] == ["ben@example.net"]


def test_a_forged_reply_address_is_marked_with_the_conversation_that_it_names(mailbox, owner):
    first = receive(written())
    true = signed_address(first.conversation, owner)
    local, _at, domain = true.partition("@")
    forged = f"{local[:-16]}{'a' * 16}@{domain}"
    other = receive(written(sender="Eve <eve@elsewhere.example>", text="Send it to me", to=forged))
    assert other.conversation != first.conversation
    assert other.conversation.may_belong_to == first.conversation


@pytest.mark.parametrize("number", ["zz", "zzzzzzzzzzzzz", "0"])
def test_a_forged_reply_address_that_names_no_conversation_is_marked_with_none(number, mailbox):
    message = receive(written(to=f"care+c{number}.{'a' * 16}@desk.example"))
    assert message.conversation.may_belong_to is None
