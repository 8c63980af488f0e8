"""Writing a call down in the browser."""

import re

from django.test import Client

from goodword.customers.actions import add_phone
from goodword.customers.models import Customer
from goodword.inbox.models import Call, Conversation
from goodword.promises.models import Promise
from goodword.staff.models import Agent

CALL = {"direction": "incoming", "answered": "on", "minutes": "6", "tone": "upset"}


def test_a_call_is_logged_with_promises_and_a_next_step(
    browser: Client, conversation: Conversation, owner: Agent
) -> None:
    given = CALL | {
        "said": "She read me the number of the order.",
        "phone": "+49 30 123456",
        "promise0-what": "Send a new lid",
        "promise0-due_day": "2099-03-04",
        "next_step": "Call back",
        "due_day": "2099-03-05",
        "due_time": "10:00",
    }
    answer = browser.post(f"/conversations/{conversation.pk}/call/", given, follow=True)
    shown = answer.content.decode()
    assert "the customer called, 6 minutes" in shown
    assert 'href="tel:+4930123456"' in shown
    assert "She read me the number of the order." in shown
    made = list(Promise.objects.order_by("id").values_list("what", "kind", "source"))
    assert made == [("Send a new lid", "do", "call"), ("Call back", "call", "call")]
    assert "frustrated" in shown


def test_promises_found_in_the_note_are_offered_before_it_is_kept(
    browser: Client, conversation: Conversation
) -> None:
    address = f"/conversations/{conversation.pk}/call/"
    said = "I will send you the invoice by Friday."
    offered = browser.post(address, CALL | {"said": said})
    assert not Call.objects.exists()
    assert "Keep it?" in offered.content.decode()
    quote = said.rstrip(".")
    found = browser.post("/calls/promises/", {"said": said}).content.decode()
    assert f'value="{quote}' in found
    kept = found.split('name="seen" value="')[1].split('"')[0]
    browser.post(address, CALL | {"said": said, "seen": kept, "keep": kept})
    assert Promise.objects.get().source == "call"
    browser.post(address, CALL | {"said": said, "seen": kept})
    assert (Call.objects.count(), Promise.objects.count()) == (2, 1)


def test_a_call_from_the_customer_s_page_opens_a_conversation(
    browser: Client, customer: Customer, owner: Agent
) -> None:
    address = f"/customers/{customer.pk}/call/"
    refused = browser.post(address, CALL | {"said": "A wish."})
    assert refused.status_code == 422
    browser.post(address, CALL | {"said": "A wish.", "subject": "A lamp for two"})
    place = Conversation.objects.get()
    assert (place.channel, place.subject, place.assignee) == ("phone", "A lamp for two", owner)


def test_a_call_sent_twice_is_one_and_the_same_words_in_a_new_form_are_another(
    browser: Client, conversation: Conversation
) -> None:
    address = f"/conversations/{conversation.pk}/call/"
    given = CALL | {"said": "Nobody could help her.", "next_step": "Call back"}
    filled_in = given | {"key": key_of(browser, address)}
    first, again = (browser.post(address, filled_in) for _click in range(2))
    assert first["Location"] == again["Location"]
    assert (Call.objects.count(), Promise.objects.count()) == (1, 1)
    browser.post(address, given | {"key": key_of(browser, address)})
    assert (Call.objects.count(), Promise.objects.count()) == (2, 2)


def test_a_page_gone_back_to_and_filled_in_anew_tells_of_another_call(
    browser: Client, conversation: Conversation
) -> None:
    address = f"/conversations/{conversation.pk}/call/"
    told = CALL | {"said": "Nobody could help her.", "key": key_of(browser, address)}
    more = told | {"said": "She called once more: all is well."}
    promised = told | {"promise0-what": "Send a new lid"}
    for given in (told, more, promised, more, told):
        browser.post(address, given)
    assert (Call.objects.count(), Promise.objects.count()) == (3, 1)


def test_a_first_call_sent_twice_opens_one_conversation(browser: Client, customer: Customer) -> None:
    address = f"/customers/{customer.pk}/call/"
    refused = browser.post(address, CALL | {"said": "A wish.", "key": key_of(browser, address)})
    key = key_in(refused.content.decode())
    filled_in = CALL | {"said": "A wish.", "subject": "A lamp for two", "key": key}
    first, again = (browser.post(address, filled_in) for _click in range(2))
    assert first["Location"] == again["Location"]
    assert (Conversation.objects.count(), Call.objects.count()) == (1, 1)


def key_of(browser: Client, address: str) -> str:
    return key_in(browser.get(address).content.decode())


def key_in(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_number_that_was_clicked_is_filled_in_and_we_called(browser: Client, customer: Customer) -> None:
    add_phone(customer=customer, number="+49 30 123456", agent=None)
    page = browser.get(f"/customers/{customer.pk}/").content.decode()
    assert 'href="tel:+4930123456"' in page
    assert f'href="/customers/{customer.pk}/call/?phone=%2B4930123456"' in page
    shown = browser.get(f"/customers/{customer.pk}/call/?phone=%2B4930123456").content.decode()
    assert 'value="+4930123456"' in shown
    we_called = shown.split('value="outgoing"')[1].split(">")[0]
    assert "checked" in we_called


def test_what_makes_no_sense_is_said_beside_the_form(browser: Client, conversation: Conversation) -> None:
    address = f"/conversations/{conversation.pk}/call/"
    for wrong, sentence in (
        ({"said": ""}, "Nothing is written down of the call"),
        ({"said": "x", "at": "2099-01-01T10:00"}, "still to come"),
        ({"said": "x", "promise0-due_day": "2099-01-01"}, "What is due then?"),
    ):
        answer = browser.post(address, CALL | wrong)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
