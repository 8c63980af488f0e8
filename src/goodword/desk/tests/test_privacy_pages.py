"""Giving a person what we have of them, and erasing them, from the customer's page."""

import json
import zipfile
from email.message import EmailMessage
from html.parser import HTMLParser
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone

from goodword.customers import actions, exporting
from goodword.customers.models import Customer, Erasure
from goodword.customers.registry import Asked, Entry, Section
from goodword.events.models import Event
from goodword.inbox import actions as inbox
from goodword.inbox.models import Conversation
from goodword.mail import actions as mail
from goodword.mail.intake import turn_waiting
from goodword.promises.actions import NewPromise

pytestmark = pytest.mark.django_db
PROMISE = NewPromise(what="send a lid", quote="We send a lid.", due_at=None, whole_day=False, due_text="")


@pytest.fixture
def written(mailbox, team, owner) -> Conversation:
    """Nora's mail with a file, our note about it, and a promise."""
    letter = EmailMessage()
    letter["From"], letter["To"] = "Nora <nora@example.org>", "care@desk.example"
    letter["Subject"], letter["Message-ID"] = "<script>alert(1)</script>", "<1@example.org>"
    letter.set_content("The lid is broken. <b>Help</b>")
    letter.add_attachment(b"a lid", maintype="image", subtype="png", filename="../lid.png")
    mail.accept(raw=bytes(letter), source="test", nudged=False)
    turn_waiting()
    place = Conversation.objects.get(mailbox=mailbox)
    inbox.note(conversation=place, agent=owner, markdown="Nora was rude")
    return place


def taken(browser, customer: Customer, **given: str) -> zipfile.ZipFile:
    response = browser.post(reverse("customer_export", args=[customer.pk]), given)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/zip"
    data = b"".join(response.streaming_content)
    assert len(data) == int(response["Content-Length"])
    return zipfile.ZipFile(BytesIO(data))


def test_a_lead_takes_all_of_it_with_files_and_mails(written, lead, log_in):
    archive = taken(log_in(lead), written.customer)
    told = json.loads(archive.read("person.json"))
    assert told["record"][0]["name"] == "Nora"
    assert told["addresses"][0]["address"] == "nora@example.org"
    assert [one["text"].strip() for one in told["messages"]] == ["The lid is broken. <b>Help</b>"]
    files = told["messages"][0]["files"]
    assert [archive.read(name)[:5] for name in files] == [b"a lid", b"From:"]
    assert all(name.startswith("files/messages-") and ".." not in name for name in files)


def test_the_page_in_it_runs_nothing_and_asks_for_nothing(written, lead, log_in):
    text = taken(log_in(lead), written.customer).read("person.html").decode()
    seen = []

    class Looking(HTMLParser):
        def handle_starttag(self, tag, attrs):
            seen.append((tag, dict(attrs)))

    Looking().feed(text)
    assert not {"script", "img", "iframe", "b"} & {tag for tag, _attrs in seen}
    assert all(attrs["href"].startswith("files/") for tag, attrs in seen if tag == "a")
    assert "&lt;script&gt;alert(1)" in text
    assert "Nora" in text


def test_what_colleagues_wrote_is_left_out_unless_it_is_asked_for(written, lead, log_in):
    without = taken(log_in(lead), written.customer)
    within = taken(log_in(lead), written.customer, internal="1")
    assert b"rude" not in without.read("person.json") + without.read("person.html")
    assert b"rude" in within.read("person.json")
    told = Event.objects.filter(kind="customer.exported", customer_id=written.customer_id).order_by("id")
    assert [(event.agent_id, event.data["details"]["internal"]) for event in told] == [
        (lead.pk, False),
        (lead.pk, True),
    ]


def test_ten_thousand_entries_are_written_one_at_a_time(customer, lead, monkeypatch):
    held, most = 0, 0

    def many():
        nonlocal held, most
        for number in range(10_000):
            held, most = held + 1, max(most, held + 1)
            yield Entry({"number": number, "words": "x" * 100})
            held -= 1

    monkeypatch.setattr(exporting.registry, "exporting", [lambda asked: [Section("many", "Many", many())]])
    with exporting.export(Asked(customer, lead)) as made, zipfile.ZipFile(made) as archive:
        assert len(json.loads(archive.read("person.json"))["many"]) == 10_000
    assert most == 1


@pytest.mark.parametrize("who", ["owner", "team_mate", "stranger"])
def test_agents_neither_export_nor_erase(written, who, log_in, request):
    browser = log_in(request.getfixturevalue(who))
    for name in ("customer_export", "customer_erase"):
        address = reverse(name, args=[written.customer_id])
        assert browser.get(address).status_code in (403, 404)
        browser.post(address, {"number": written.customer_id})
    assert browser.get(reverse("erasures")).status_code == 403
    assert not Erasure.objects.exists()
    page = browser.get(reverse("customer", args=[written.customer_id]))
    assert b"Erase this person" not in page.content


def test_a_lead_exports_but_does_not_erase(written, lead, log_in):
    page = log_in(lead).get(reverse("customer", args=[written.customer_id])).content.decode()
    assert "Export what we have" in page
    assert "Erase this person" not in page
    assert log_in(lead).get(reverse("customer_erase", args=[written.customer_id])).status_code == 403


def test_the_page_says_what_goes_and_what_stays(written, administrator, log_in):
    page = log_in(administrator).get(reverse("customer_erase", args=[written.customer_id])).content.decode()
    for words in (
        "What goes",
        "Messages",
        "Attachments",
        "What stays",
        "as its proof",
        "A mark for each mail",
    ):
        assert words in page
    assert f"Type the customer's number, {written.customer_id}," in page


def test_what_is_open_stands_against_it_with_links(written, owner, administrator, log_in):
    made = inbox.add_promise(conversation=written, agent=owner, promise=PROMISE)
    address = reverse("customer_erase", args=[written.customer_id])
    browser = log_in(administrator)
    for page in (browser.get(address), browser.post(address, {"number": written.customer_id})):
        assert b"The promise &#x27;send a lid&#x27; is open" in page.content
        assert reverse("promise", args=[made.pk]).encode() in page.content
        assert b"Erase for good" not in page.content
    assert not Erasure.objects.exists()


def test_a_mail_that_is_to_leave_stands_against_it(written, owner, administrator, log_in):
    inbox.reply(conversation=written, agent=owner, markdown="Sorry.")
    page = log_in(administrator).get(reverse("customer_erase", args=[written.customer_id]))
    assert b"A mail to them is on its way" in page.content


def test_another_number_than_theirs_erases_nobody(written, administrator, log_in):
    browser = log_in(administrator)
    browser.post(reverse("customer_erase", args=[written.customer_id]), {"number": "1 or so"}, follow=True)
    assert not Erasure.objects.exists()


def test_an_administrator_erases_and_the_proof_is_listed(written, administrator, log_in):
    browser = log_in(administrator)
    address = reverse("customer_erase", args=[written.customer_id])
    given = {"number": f" {written.customer_id}", "reason": "Asked by mail"}
    assert browser.post(address, given)["Location"] == reverse("erasures")
    assert browser.post(address, given)["Location"] == reverse("erasures")
    actions.finish(Erasure.objects.get())
    listed = browser.get(reverse("erasures")).content.decode()
    assert "Asked by mail" in listed
    assert "Adam Chief" in listed
    assert "nora" not in listed.lower()
    page = browser.get(reverse("customer", args=[written.customer_id]))
    assert b"Erased person" in page.content
    assert b"Log a call" not in page.content
    assert b"Nora" not in browser.get(reverse("customers")).content


def test_whoever_has_the_number_of_somebody_erased_before_a_restore_can_be_erased(
    written, administrator, log_in
):
    Erasure.objects.create(number=written.customer_id, finished_at=timezone.now())
    browser = log_in(administrator)
    address = reverse("customer_erase", args=[written.customer_id])
    assert b"Erase for good" in browser.get(address).content
    browser.post(address, {"number": written.customer_id})
    assert Erasure.objects.filter(number=written.customer_id).count() == 2
