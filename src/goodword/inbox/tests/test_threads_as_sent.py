"""Conversations as the desk holds them: what left and what came is one tree, by the fields alone."""

import random
from email.message import EmailMessage

import pytest

from goodword.inbox import actions
from goodword.inbox.models import Conversation, Message
from goodword.mail import actions as mail
from goodword.mail.intake import turn_waiting
from goodword.mail.models import Mailbox, OutgoingMail, RawMail
from goodword.mail.parsing import ParsedMail, parse
from goodword.staff.models import Agent

pytestmark = pytest.mark.django_db

CONVERSATIONS, LONGEST = 20, 7


def customer_writes(text: str, number: str, answered: ParsedMail | None, chance: random.Random) -> None:
    """Carla's program names what she answers in one of the ways programs do."""
    letter = EmailMessage()
    letter["From"], letter["To"] = "Carla <carla@example.org>", "care@desk.example"
    letter["Subject"], letter["Message-ID"] = f"Lamp {number}", f"<{number}@example.org>"
    if answered is not None:
        chain = " ".join([*answered.references, answered.message_id or ""])
        fields = {"In-Reply-To": answered.message_id or "", "References": chain}
        for name in chance.choice([["In-Reply-To"], ["References"], ["In-Reply-To", "References"]]):
            letter[name] = fields[name]
    letter.set_content(text)
    mail.accept(raw=bytes(letter), source="test", nudged=False)
    turn_waiting()


def mails() -> list[ParsedMail]:
    """Every mail that came or left, in the order it did."""
    came = [(mail.received_at, bytes(mail.raw)) for mail in RawMail.objects.all()]
    left = [(mail.created_at, bytes(mail.raw)) for mail in OutgoingMail.objects.all()]
    return [parse(raw) for _at, raw in sorted(came + left)]


@pytest.mark.parametrize("seed", range(CONVERSATIONS))
def test_what_came_and_what_left_is_one_tree(seed: int, mailbox: Mailbox, owner: Agent) -> None:
    chance = random.Random(seed)
    customer_writes("My lamp broke.", f"{seed}-0", None, chance)
    for number in range(1, chance.randint(2, LONGEST)):
        if chance.random() < 0.5:
            place = Conversation.objects.get()
            actions.reply(conversation=place, agent=owner, markdown=f"Answer {number}.", undo_seconds=0)
        else:
            customer_writes(f"More {number}.", f"{seed}-{number}", chance.choice(mails()), chance)
    assert Conversation.objects.count() == 1
    found = mails()
    known = {one.message_id for one in found}
    assert len(found) == len(known) == Message.objects.count()
    roots = [one for one in found if not any(name in known for name in one.thread_ids)]
    assert [one.message_id for one in roots] == [f"<{seed}-0@example.org>"]
    for one in found:
        if one.from_ and one.from_.email == "care@desk.example":
            assert one.in_reply_to
            assert one.references[-1] == one.in_reply_to[0]
