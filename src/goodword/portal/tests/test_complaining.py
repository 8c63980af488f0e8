"""Customers complain by the public form."""

import threading

import pytest
from django.db import connection
from django.test import Client

from goodword.complaints.actions.complaining import MOST_A_DAY
from goodword.complaints.furnishing import default_procedure
from goodword.complaints.models import Complaint
from goodword.inbox.models import Conversation, Message
from goodword.mail.models import OutgoingMail

FORM = "/yours/complaint/"
TOLD = {
    "what_happened": "The kettle came without a lid.",
    "wanted": "A lid",
    "order_number": "KET-4711",
    "name": "Nora New",
    "address": "nora@example.org",
}


def test_a_complaint_by_the_form_gets_a_number_a_mail_and_a_page(customer_client, mailbox):
    assert customer_client.get(FORM).status_code == 200
    response = customer_client.post(FORM, TOLD, follow=True)
    made = Complaint.objects.get()
    html = response.content.decode()
    assert made.number in html
    assert "What happens next" in html
    assert (made.source, made.stage, made.order_number) == ("form", "acknowledged", "KET-4711")
    place = made.conversation
    assert place.channel == Conversation.Channel.FORM
    assert place.waiting_since is not None, "a confirmation is no answer"
    assert "A lid" in place.messages.get(kind=Message.Kind.CUSTOMER).text
    mail = place.messages.get(kind=Message.Kind.AUTOMATIC)
    assert made.number in mail.text
    assert "you hear from us by" in mail.text
    assert "/yours/complaint/" in mail.text


def test_the_confirmation_repeats_nothing_that_a_stranger_wrote(customer_client, mailbox):
    spam = {**TOLD, "what_happened": "Win at http://bad.example", "name": "Win", "order_number": "http://bad"}
    customer_client.post(FORM, spam)
    raw = bytes(OutgoingMail.objects.get().raw).decode()
    assert "bad.example" not in raw
    assert "http://bad" not in raw
    assert "Win" not in raw.partition("\n\n")[2]


def test_sent_twice_it_is_one_complaint(customer_client, mailbox):
    for _twice in range(2):
        response = customer_client.post(FORM, TOLD)
        assert response.status_code == 303
    assert Complaint.objects.count() == 1
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"what_happened": ""}, "Please say what happened"),
        ({"what_happened": " \n "}, "Please say what happened"),
        ({"address": ""}, "Please give a mail address"),
        ({"address": "nora at home"}, "This is no mail address"),
        ({"address": "care@desk.example"}, "That is our own address"),
        ({"what_happened": "a\x00b"}, "Null characters are not allowed"),
        ({"what_happened": "a" * 20_001}, "20000"),
    ],
)
def test_what_is_missing_is_said_and_nothing_written_is_lost(customer_client, mailbox, missing, sentence):
    response = customer_client.post(FORM, TOLD | missing)
    html = response.content.decode()
    assert response.status_code == 422
    assert sentence in html
    assert "KET-4711" in html
    assert not Complaint.objects.exists()


def test_a_program_that_fills_in_every_field_is_asked_to_empty_one(customer_client, mailbox):
    response = customer_client.post(FORM, TOLD | {"leave_empty": "http://spam"})
    assert response.status_code == 422
    assert "must stay empty" in response.content.decode()
    assert not Complaint.objects.exists()


def test_the_form_can_be_switched_off(customer_client, mailbox):
    procedure = default_procedure()
    procedure.has_form = False
    procedure.save()
    for response in (customer_client.get(FORM), customer_client.post(FORM, TOLD)):
        assert response.status_code == 404
        assert "This form is closed" in response.content.decode()
    assert not Complaint.objects.exists()


def test_a_flood_from_one_address_is_stopped_with_a_sentence(customer_client, mailbox):
    for n in range(MOST_A_DAY):
        customer_client.post(FORM, TOLD | {"what_happened": f"Lid {n} is missing."})
    response = customer_client.post(FORM, TOLD | {"what_happened": "And one more."})
    assert response.status_code == 422
    assert "answer one of our mails" in response.content.decode()


def test_the_page_of_a_complaint_needs_its_link(customer_client, mailbox):
    response = customer_client.post(FORM, TOLD)
    address = response.headers["Location"].partition("?")[0]
    assert customer_client.get(address).status_code == 200
    assert customer_client.get(address[:-1]).status_code == 404


def test_a_known_customer_is_known_and_keeps_their_name(customer_client, mailbox, customer):
    customer_client.post(FORM, TOLD | {"address": "CARLA@example.org", "name": "Somebody Else"})
    customer.refresh_from_db()
    assert Complaint.objects.get().customer == customer
    assert customer.name == "Carla Customer"


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_many_times_at_once_is_one_complaint(mailbox):
    default_procedure()
    answers: list[int] = []
    ready = threading.Barrier(6)

    def send() -> None:
        ready.wait()
        try:
            answers.append(Client().post(FORM, TOLD).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * 6
    assert Complaint.objects.count() == 1
