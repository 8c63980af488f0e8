"""Whoever is erased takes nothing along that is somebody else's."""

import pytest

from goodword.customers import actions as customers
from goodword.customers import erasing, importing
from goodword.customers.models import Customer, CustomerAddress, Import
from goodword.events.models import Event
from goodword.inbox import actions
from goodword.inbox.models import Conversation, Participant
from goodword.mail.models import OutgoingMail, RawMail

from .test_intake import answer_to, receive, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora(db):
    """The one who is erased."""
    return customers.customer_of(address="nora@example.org", name="Nora")


def erased(person: Customer, administrator) -> None:
    customers.finish(customers.erase(customer=person, by=administrator, number=str(person.pk)))


def test_what_was_merged_into_theirs_and_on_from_there_stays_with_its_customer(
    conversation, nora, mailbox, administrator
):
    theirs = [
        actions.open_conversation(customer=nora, subject="A sofa", text="It squeaks.", mailbox=mailbox)
        for _number in range(3)
    ]
    for source, target in zip([conversation, *theirs], theirs, strict=False):
        actions.merge(source=source, target=target, agent=None)
    erased(nora, administrator)
    assert Conversation.objects.get() == conversation
    assert conversation.messages.get().text.startswith("The lamp broke.")


def test_a_handle_that_is_a_plain_word_takes_that_word_from_nobody(conversation, nora, owner, administrator):
    customers.add_handle(customer=nora, network="forum", handle="urgent", agent=owner)
    actions.add_tag(conversation=conversation, agent=owner, name="urgent")
    erased(nora, administrator)
    assert Event.objects.get(kind="conversation.tagged").data["tag"] == "urgent"


def test_they_take_part_in_nothing_more_however_many_conversations_that_were(
    customer, nora, mailbox, administrator
):
    for _number in range(50):
        place = actions.open_conversation(customer=customer, subject="A lamp", text="Hm.", mailbox=mailbox)
        Participant.objects.create(conversation=place, address="nora@example.org")
    erased(nora, administrator)
    assert not Participant.objects.filter(address="nora@example.org").exists()


def test_the_address_of_the_house_is_no_name_of_a_person(conversation, nora, mailbox, owner, administrator):
    customers.add_address(customer=nora, address="Care@desk.example", agent=owner)
    aside = RawMail.objects.create(
        mailbox=mailbox,
        identity="1",
        raw=b"From: carla@example.org\nTo: care@desk.example\n\nHello.\n",
        size=60,
        state=RawMail.State.SET_ASIDE,
    )
    erased(nora, administrator)
    assert list(RawMail.objects.all()) == [aside]
    assert not CustomerAddress.objects.filter(customer=nora).exists()


def test_a_reply_to_somebody_else_that_repeats_their_words_leaves_first(mailbox, owner):
    first = receive(written(Cc="Nora <nora@example.org>"))
    receive(answer_to(first, sender="Nora <nora@example.org>", text="Mine broke in May as well."))
    receive(answer_to(first, text="What now?"))
    nora = Customer.objects.get(addresses__address="nora@example.org")
    words = "> Mine broke in May as well.\n\nWe look at both."
    reply = actions.reply(conversation=first.conversation, agent=owner, markdown=words)
    assert reply.outgoing.recipients == ["carla@example.org"]
    begun = customers.begin(nora, by=None)  # as after a backup was restored
    assert erasing.work_off() == 0
    reply.outgoing.refresh_from_db()
    assert reply.outgoing.state == "queued"
    OutgoingMail.objects.update(state="sent")
    assert erasing.work_off() == 1
    begun.refresh_from_db()
    assert begun.finished_at
    assert not first.conversation.messages.filter(markdown__contains="May").exists()


def test_a_reply_on_its_way_where_they_took_part_stands_against_it(mailbox, owner):
    first = receive(written(Cc="Nora <nora@example.org>"))
    receive(answer_to(first, sender="Nora <nora@example.org>", text="Mine broke in May as well."))
    receive(answer_to(first, text="What now?"))
    nora = Customer.objects.get(addresses__address="nora@example.org")
    assert customers.in_the_way(nora) == []
    actions.reply(conversation=first.conversation, agent=owner, markdown="We look at both.")
    (one,) = customers.in_the_way(nora)
    assert one.why == "A mail is on its way where they took part: 'Re: A lamp'."


def test_a_file_that_waits_and_names_a_longer_address_stays(nora, lead, administrator):
    def waiting(address: str) -> Import:
        data = f"E-Mail;Name\n{address};Somebody\n".encode()
        return importing.begin(agent=lead, kind="customers", source="shop", filename="a.csv", data=data)

    other, _theirs = waiting("eleonora@example.org"), waiting("nora@example.org")
    erased(nora, administrator)
    assert list(Import.objects.all()) == [other]


NORAS = "Mine broke in May as well.\n\nKind regards,\nNora Zimmermann\n+49 30 1239871\n"
SHARED = "I look forward to hearing from you soon."


def told_carla(text: str, *, noras: str = NORAS, first: str = "My lamp broke."):
    """What Carla wrote after Nora did, in a conversation of hers."""
    begun = receive(written(text=first, Cc="Nora Zimmermann <nora@example.org>"))
    receive(answer_to(begun, sender="Nora Zimmermann <nora@example.org>", text=noras))
    return receive(answer_to(begun, text=text))


def test_a_closing_that_others_write_as_well_stays_theirs(mailbox, administrator):
    said = told_carla("Mine works again.\n\nKind regards,\nCarla\n")
    raw = said.raw_mail_id
    erased(Customer.objects.get(addresses__address="nora@example.org"), administrator)
    said.refresh_from_db()
    assert said.text == "Mine works again.\n\nKind regards,\nCarla"
    assert said.raw_mail_id == raw


def test_a_sentence_a_name_and_a_number_that_others_repeat_go_without_a_mark_of_quotation(
    mailbox, administrator
):
    hers = "Mine broke in May as well.\nNora Zimmermann\n+49 30 1239871\n"
    said = told_carla(f"She says\n{hers}Really?\n\nKind regards,\nCarla\n")
    erased(Customer.objects.get(addresses__address="nora@example.org"), administrator)
    said.refresh_from_db()
    assert said.text == "She says\nReally?\n\nKind regards,\nCarla"
    assert said.raw_mail is None


def test_a_sentence_that_others_write_elsewhere_or_wrote_before_is_not_theirs_alone(mailbox, administrator):
    receive(written(sender="Otto <otto@example.org>", text=f"A sofa.\n{SHARED}\n", subject="Sofa"))
    first = "My lamp from the shop broke."
    said = told_carla(f"Once more:\n{first}\n{SHARED}\n", noras=f"{first}\nHm.\n{SHARED}\n", first=first)
    erased(Customer.objects.get(addresses__address="nora@example.org"), administrator)
    said.refresh_from_db()
    assert said.text == f"Once more:\n{first}\n{SHARED}"


def test_a_later_copy_and_an_agents_note_elsewhere_make_nothing_common(mailbox, owner, administrator):
    noted = receive(written(sender="Otto <otto@example.org>", text="A sofa.", subject="Sofa"))
    hers = "Mine broke in May as well."
    actions.note(conversation=noted.conversation, agent=owner, markdown=f"{hers}\n\n{SHARED}")
    said = told_carla(f"She says\n{hers}\n{SHARED}\nReally?\n", noras=f"{hers}\n{SHARED}\n")
    copy = f"My sofa.\n{hers}\n{SHARED}\n"
    receive(written(sender="Otto <otto@example.org>", text=copy, subject="Lamp"))
    erased(Customer.objects.get(addresses__address="nora@example.org"), administrator)
    said.refresh_from_db()
    assert said.text == "She says\nReally?"


def test_a_line_with_their_name_or_number_is_theirs_whoever_wrote_it_before(mailbox, administrator):
    hers = "Please ask Nora Zimmermann about it.\nThe number of it is 30 1239871 here.\n"
    receive(written(sender="Otto <otto@example.org>", text=f"A sofa.\n{hers}", subject="Sofa"))
    said = told_carla(f"She says\n{hers}Really?\n", noras=f"Hm.\n{hers}")
    erased(Customer.objects.get(addresses__address="nora@example.org"), administrator)
    said.refresh_from_db()
    assert said.text == "She says\nReally?"
