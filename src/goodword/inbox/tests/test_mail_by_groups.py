"""Customers write by groups, forms and providers whose mail looks like a list's: nobody is overlooked."""

import pytest
from django.db import connections

from goodword.customers.actions import customer_of
from goodword.inbox import actions
from goodword.inbox.actions.recipients import recipients
from goodword.inbox.errors import NotPossible
from goodword.inbox.models import Conversation, Message
from goodword.mail.models import OutgoingMail

from .test_forged_senders import signed_address
from .test_intake import DIGEST, answer_to, receive, written

pytestmark = pytest.mark.django_db

GROUP = {"List_Id": "<sales.example.org>", "List_Post": "<mailto:sales@example.org>", "Precedence": "list"}


def waits(message):
    place = Conversation.objects.get(pk=message.conversation_id)
    return message.kind == Message.Kind.CUSTOMER and place.state == "open" and place.waiting_since is not None


def test_who_answers_through_a_group_to_the_signed_address_waits(mailbox, owner):
    first = receive(written())
    address = signed_address(first.conversation, owner)
    actions.close(conversation=first.conversation, agent=owner)
    again = receive(written(text="And now?", to=address, **GROUP))
    assert again.conversation == first.conversation
    assert waits(again)


def test_who_answers_a_mail_of_ours_through_a_group_and_takes_part_waits(mailbox, owner):
    first = receive(written())
    reply = actions.reply(conversation=first.conversation, agent=owner, markdown="Sorry.", close=True)
    again = receive(answer_to(reply, to="sales@example.org, care@desk.example", **GROUP))
    assert again.conversation == first.conversation
    assert waits(again)
    stranger = receive(answer_to(reply, text="A digest", sender="ann@lists.example", **GROUP))
    assert stranger.kind == Message.Kind.AUTOMATIC


@pytest.mark.parametrize("field", [{"List_Unsubscribe": "<https://p.example/off>"}, {"Precedence": "bulk"}])
def test_what_providers_write_under_each_mail_makes_no_list_of_one_that_is_to_us(field, mailbox):
    assert waits(receive(written(**field)))
    aside = receive(written(text="To all", to="all@lists.example", **field), envelope_to=[mailbox.address])
    assert aside.kind == Message.Kind.AUTOMATIC


def test_who_finds_a_lists_mail_answers_the_one_who_wrote_it_and_no_machine_does(mailbox, owner):
    message = receive(
        written(to="talk@lists.example, care@desk.example", Reply_To="talk@lists.example", **DIGEST)
    )
    place = message.conversation
    assert message.kind == Message.Kind.AUTOMATIC
    assert [one.email for one in recipients(place).to] == ["carla@example.org"]
    with pytest.raises(NotPossible):
        actions.reply(conversation=place, agent=None, markdown="We have it.", automatic=True)
    actions.reply(conversation=place, agent=owner, markdown="Thank you.")
    assert OutgoingMail.objects.get().recipients == ["carla@example.org"]


def test_what_the_house_writes_goes_to_the_customer_and_not_to_who_wrote_last(mailbox, owner):
    first = receive(written())
    address = signed_address(first.conversation, owner)
    assert (
        receive(written(sender="ben@example.net", text="I help.", to=address)).conversation
        == first.conversation
    )
    actions.confirm(conversation=first.conversation, markdown="How is the lamp?")
    place = Conversation.objects.filter(pk=first.conversation_id)
    place.update(customer=customer_of(address="dora@example.org", name="Dora"))
    actions.confirm(conversation=place.get(), markdown="How is the lamp?")
    sent = OutgoingMail.objects.order_by("-id").values_list("recipients", flat=True)
    assert list(sent)[1::-1] == [["carla@example.org"], ["dora@example.org"]]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"X_Forwarded_To": "care@desk.example", "X_Auto_Response_Suppress": "All"},
        {"Resent_From": "x@y.org"},
    ],
    ids=["a person", "handed on", "sent again"],
)
def test_who_is_forwarded_with_an_empty_sender_waits(fields, mailbox):
    assert waits(receive(written(**fields), envelope_from="<>"))


@pytest.mark.django_db(transaction=True)
def test_addresses_that_nobody_signed_lock_nothing(mailbox, owner):
    first, held = receive(written()), receive(written(text="Another lamp"))
    claims = ", ".join(claim(message.conversation_id) for message in (first, held))
    other = connections.create_connection("default")
    connections["default"].cursor().execute("SET lock_timeout = '5s'")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM inbox_conversation WHERE id = %s FOR UPDATE", [held.conversation_id]
            )
        stranger = receive(written(sender="eve@elsewhere.example", text="Hi", to=claims))
    finally:
        other.close()
        connections["default"].cursor().execute("RESET lock_timeout")
    assert stranger.conversation.may_belong_to == first.conversation


def test_of_many_addresses_that_nobody_signed_only_a_few_are_read(mailbox):
    first = receive(written())
    numbers = [10_000, 10_001, 10_002, 10_003, 10_004, first.conversation_id]
    letter = written(sender="eve@elsewhere.example", text="Hi", to=", ".join(map(claim, numbers)))
    assert receive(letter).conversation.may_belong_to is None


def claim(number):
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    written_as = ""
    while number:
        number, rest = divmod(number, 36)
        written_as = digits[rest] + written_as
    return f"care+c{written_as}.{'a' * 16}@desk.example"
