"""A mail to several mailboxes of the house is in each by itself, linked, never twice in a conversation."""

import pytest
from django.test import Client

from goodword.inbox import actions, queries
from goodword.inbox.models import Conversation, Message
from goodword.mail import actions as mail
from goodword.mail.intake import turn_waiting
from goodword.mail.models import Mailbox, RawMail
from goodword.mail.parsing import parse
from goodword.staff.models import Team

from .test_intake import answer_to, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def sales(mailbox):
    """A second mailbox of the house, open to everybody."""
    return Mailbox.objects.create(address="sales@desk.example", name="Sales")


def deliver(letter, *recipients):
    mail.accept(raw=bytes(letter), source="test", envelope_to=recipients, nudged=False)
    turn_waiting()
    assert not RawMail.objects.exclude(state=RawMail.State.DONE).exists()


def both(letter):
    deliver(letter, "care@desk.example", "sales@desk.example")


def place_in(mailbox):
    return Conversation.objects.get(mailbox=mailbox)


def signed_address(reply):
    """Where an answer to the reply goes."""
    return str(parse(bytes(reply.outgoing.raw)).reply_to[0])


def also(message, agent):
    shown = queries.shown(agent, message)
    return [(other.mailbox, other.conversation_id) for other in shown.also]


def test_each_mailbox_gets_a_conversation_of_its_own_and_they_know_of_each_other(mailbox, sales, owner):
    both(written())
    care, other = place_in(mailbox), place_in(sales)
    assert also(care.messages.get(), owner) == [("sales@desk.example", other.pk)]
    assert also(other.messages.get(), owner) == [("care@desk.example", care.pk)]


def test_who_may_not_see_the_other_mailbox_hears_nothing_of_it(mailbox, sales, team, owner, stranger):
    both(written())
    message = place_in(sales).messages.get()
    assert also(message, owner) == [("care@desk.example", place_in(mailbox).pk)]
    assert also(message, stranger) == []


def test_an_answer_to_both_goes_on_in_each(mailbox, sales, owner):
    both(written())
    reply = actions.reply(conversation=place_in(mailbox), agent=owner, markdown="Which lamp is it?")
    first = place_in(mailbox).messages.get(kind="customer")
    both(answer_to(reply, to=signed_address(reply), References=f"{first.header_id} {reply.header_id}"))
    assert [place.messages.filter(kind="customer").count() for place in Conversation.objects.all()] == [2, 2]


def test_an_answer_to_the_signed_addresses_of_both_goes_on_in_each(mailbox, sales, owner):
    both(written())
    replies = [
        actions.reply(conversation=place_in(box), agent=owner, markdown="Which lamp is it?")
        for box in (mailbox, sales)
    ]
    addresses = [signed_address(reply) for reply in replies]
    deliver(answer_to(replies[0], to=", ".join(addresses)), *addresses)
    assert [place.messages.filter(kind="customer").count() for place in Conversation.objects.all()] == [2, 2]


def test_another_mailbox_in_copy_hears_of_it_in_a_conversation_of_its_own(mailbox, sales, owner):
    deliver(written(), "care@desk.example")
    first = place_in(mailbox).messages.get()
    both(answer_to(first))
    assert place_in(mailbox).messages.count() == 2
    assert place_in(sales).messages.count() == 1
    assert place_in(sales).may_belong_to is None


def test_a_copy_that_comes_later_is_not_shown_twice_in_one_conversation(mailbox, sales):
    deliver(written(), "care@desk.example")
    letter = answer_to(place_in(mailbox).messages.get())
    deliver(letter, "sales@desk.example")
    deliver(letter, "care@desk.example")
    assert place_in(mailbox).messages.count() == 2
    late = RawMail.objects.get(mailbox=mailbox, message=None)
    assert late.reason.startswith("Its conversation shows it already")


def test_copies_in_conversations_that_were_merged_stay_one_conversation(mailbox, sales, owner):
    both(written())
    source, target = place_in(sales), place_in(mailbox)
    actions.merge(source=source, target=target, agent=owner)
    assert all(also(message, owner) == [] for message in Message.objects.filter(conversation=target))


def test_the_page_names_the_other_mailbox_for_those_who_may_see_it(mailbox, sales, team, owner, stranger):
    both(written())
    page = f"/conversations/{place_in(sales).pk}/"
    for agent, seen in ((owner, True), (stranger, False)):
        browser = Client()
        browser.force_login(agent)
        body = browser.get(page).content.decode()
        assert ("Also in" in body) is seen
        assert ("care@desk.example" in body.split('<article class="msg')[1].split("</article>")[0]) is seen


def test_a_team_s_closed_mailbox_gets_its_own_copy(mailbox, sales, team):
    Team.objects.get(name="Elsewhere").mailboxes.add(sales)
    both(written())
    assert Conversation.objects.count() == 2


def test_copies_that_are_turned_together_stand_once_in_what_their_conversations_were_merged_into(
    mailbox, sales, owner
):
    third = Mailbox.objects.create(address="shop@desk.example", name="Shop")
    deliver(written(), "care@desk.example")
    deliver(written(text="Another matter.", to="shop@desk.example"), "shop@desk.example")
    reply = actions.reply(conversation=place_in(mailbox), agent=owner, markdown="Sorry.")
    actions.merge(source=place_in(mailbox), target=place_in(third), agent=None)
    both(written(text="And now?", to=signed_address(reply)))
    assert Message.objects.filter(text="And now?").count() == 1
