"""The pages about a customer: the record, own fields, the timeline, joining and parting, files, shops."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from goodword.customers import actions, comparing
from goodword.customers.facts import PurchaseFacts, Who
from goodword.customers.models import (
    Consent,
    Customer,
    CustomerPhone,
    CustomField,
    CustomValue,
    Import,
    Joining,
    Purchase,
    Shop,
    Subscription,
)
from goodword.events.actions import record
from goodword.inbox.models import Conversation
from goodword.staff.models import Agent, Team

from .conftest import LogIn


def text_of(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def second(customer: Customer) -> Customer:
    """Carla by another address."""
    return actions.customer_of(address="carla@work.example", name="Carla Customer")


def test_the_record_is_edited_and_shown(browser: Client, customer: Customer) -> None:
    CustomField.objects.create(key="size", label="Shoe size", kind="number")
    page = f"/customers/{customer.pk}/"
    given = {
        "name": "Carla C.",
        "organisation": "Work Ltd",
        "greeting_name": "Ms Customer",
        "tier": "gold",
        "preferred_channel": "phone",
        "language": "de",
        "time_zone": "Europe/Berlin",
        "own-size": "38",
    }
    assert browser.post(f"{page}edit/", given).status_code == 303
    browser.post(f"{page}phones/", {"number": "030 1234567", "label": "Office"})
    browser.post(f"{page}handles/", {"network": "Chat", "handle": "@carla"})
    shown = text_of(browser, page)
    for words in ("Carla C.", "Work Ltd", "Ms Customer", "gold", "Phone", "Europe/Berlin", "Shoe size 38"):
        assert words in shown
    assert "+49 30 1234567" in shown
    assert 'href="tel:+49301234567"' in browser.get(page).content.decode()
    browser.post(f"/customers/phones/{CustomerPhone.objects.get().pk}/remove/")
    assert "1234567" not in re.sub("timeline.*", "", text_of(browser, page).split("Timeline")[0])


def test_a_value_that_does_not_fit_saves_nothing_and_says_why(browser: Client, customer: Customer) -> None:
    CustomField.objects.create(key="size", label="Shoe size", kind="number")
    answer = browser.post(f"/customers/{customer.pk}/edit/", {"name": "New", "own-size": "many"})
    assert answer.status_code == 422
    assert "Shoe size: &#x27;many&#x27; is not a number" in answer.content.decode()
    assert not CustomValue.objects.exists()
    assert Customer.objects.get().name == "Carla Customer"


def test_consent_is_written_down_with_its_proof(browser: Client, customer: Customer, owner: Agent) -> None:
    page = f"/customers/{customer.pk}/"
    said = {"purpose": "offers", "given": "yes", "how": "by phone", "proof": "She said: yes please."}
    browser.post(f"{page}consent/", said)
    assert (Consent.objects.get().given, Consent.objects.get().by) == (True, owner)
    assert "She said: yes please." in text_of(browser, page)


def test_purchases_say_how_long_their_warranty_lasts(browser: Client, customer: Customer) -> None:
    facts = PurchaseFacts(
        external_id="1",
        product="Kettle",
        bought_at=datetime(2026, 1, 1, tzinfo=UTC),
        warranty_until=timezone.localdate() + timedelta(days=12),
    )
    actions.put_purchase(source="shop", who=Who(customer_id=customer.pk), facts=facts)
    assert "12 days left" in text_of(browser, f"/customers/{customer.pk}/")


def test_beside_a_conversation_stands_what_helps_to_answer(
    browser: Client, conversation: Conversation, owner: Agent
) -> None:
    customer = conversation.customer
    actions.describe(
        customer=customer, agent=owner, tier="gold", greeting_name="Ms C", preferred_channel="mail"
    )
    actions.add_phone(customer=customer, number="+49 30 1234567", agent=owner)
    facts = PurchaseFacts(
        external_id="1", product="Kettle", order_number="O-1", bought_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    actions.put_purchase(source="shop", who=Who(customer_id=customer.pk), facts=facts)
    page = browser.get(f"/conversations/{conversation.pk}/").content.decode()
    side = page[page.index('id="side"') :]
    for words in ("gold", "Ms C", "Mail", 'href="tel:+49301234567"', "Kettle", "O-1"):
        assert words in side


def test_the_timeline_is_narrowed_and_read_further_back(
    browser: Client, customer: Customer, owner: Agent
) -> None:
    for number in range(70):
        actions.add_note(customer=customer, author=owner, body=f"note {number}")
    record("promise.withdrawn", customer_id=customer.pk, agent_id=owner.pk, data={"what": "a call"})
    page = f"/customers/{customer.pk}/"
    assert text_of(browser, page).count("wrote a note about the customer") == 29
    assert text_of(browser, f"{page}?show=promises").count("wrote a note") == 0
    answer, seen = browser.get(page).content.decode(), 29
    while found := re.search(r'href="([^"]+before=[^"]+)"', answer):
        answer = browser.get(found[1].replace("&amp;", "&")).content.decode()
        seen += answer.count("wrote a note about the customer")
    assert seen == 70


def test_the_timeline_of_the_one_kept_tells_of_both(
    browser: Client, customer: Customer, second: Customer, owner: Agent
) -> None:
    actions.rename(customer=second, name="C. Customer", agent=owner)
    actions.join(gone=second, kept=customer, agent=owner)
    shown = text_of(browser, f"/customers/{customer.pk}/")
    assert "changed the name from Carla Customer to C. Customer" in shown
    assert "joined C. Customer with this customer" in shown


def test_joining_shows_what_will_happen_and_is_undone(
    browser: Client, customer: Customer, second: Customer, owner: Agent
) -> None:
    actions.add_note(customer=second, author=owner, body="Works late.")
    where = f"/customers/{customer.pk}/join/"
    assert "carla@work.example" in text_of(browser, f"{where}?q=carla")
    shown = text_of(browser, f"{where}?with={second.pk}")
    assert "mail addresses 1, notes 1" in shown
    assert Customer.objects.count() == 2
    browser.post(where, {"with": second.pk})
    gone = browser.get(f"/customers/{second.pk}/")
    assert (gone.status_code, gone["Location"]) == (303, f"/customers/{customer.pk}/")
    assert "Works late." in text_of(browser, f"/customers/{customer.pk}/")
    back = browser.post(f"/customers/joinings/{Joining.objects.get().pk}/undo/")
    assert back["Location"] == f"/customers/{second.pk}/"
    assert "Works late." in text_of(browser, f"/customers/{second.pk}/")


def test_those_who_may_be_one_person_stand_side_by_side(
    browser: Client, customer: Customer, second: Customer
) -> None:
    comparing.compare_waiting()
    assert "may be one person" in text_of(browser, "/customers/")
    assert "Carla Customer (carla@work.example) may be the same person" in text_of(
        browser, f"/customers/{customer.pk}/"
    )
    shown = text_of(browser, "/customers/duplicates/")
    for words in ("carla@example.org", "carla@work.example", "One name, and addresses that begin alike"):
        assert words in shown
    browser.post("/customers/duplicates/different/", {"first": customer.pk, "second": second.pk})
    assert "Nobody looks like two people" in text_of(browser, "/customers/duplicates/")
    comparing.compare_waiting()
    assert "may be one person" not in text_of(browser, "/customers/")


def test_a_stranger_finds_none_of_it(
    conversation: Conversation, second: Customer, stranger: Agent, owner: Agent, log_in: LogIn
) -> None:
    hidden = conversation.customer
    phone = actions.add_phone(customer=hidden, number="+49 30 1234567", agent=owner)
    browser = log_in(stranger)
    for path in ("", "edit/", "timeline/", "join/", f"join/?with={second.pk}"):
        assert browser.get(f"/customers/{hidden.pk}/{path}").status_code == 404
    assert browser.get(f"/customers/{second.pk}/join/?with={hidden.pk}").status_code == 404
    for path, given in (("phones/", {"number": "+49301"}), ("consent/", {}), ("join/", {"with": second.pk})):
        assert browser.post(f"/customers/{hidden.pk}/{path}", given).status_code == 404
    assert browser.post(f"/customers/phones/{phone.pk}/remove/").status_code == 404
    pair = {"first": second.pk, "second": hidden.pk}
    assert browser.post("/customers/duplicates/different/", pair).status_code == 404
    actions.join(gone=second, kept=hidden, agent=owner)
    assert browser.get(f"/customers/{second.pk}/").status_code == 404
    assert browser.post(f"/customers/joinings/{Joining.objects.get().pk}/undo/").status_code == 404


def test_a_file_is_looked_at_and_taken_in(customer: Customer, lead: Agent, log_in: LogIn) -> None:
    browser = log_in(lead)
    rows = b"Email,Product,Date\ncarla@example.org,Kettle,2026-05-03\nnora@example.org,Pan,2026-05-04\n"
    for times in range(2):
        file = SimpleUploadedFile("orders.csv", rows)
        sent = browser.post("/customers/files/", {"kind": "purchases", "source": "shop", "file": file})
        shown = text_of(browser, sent["Location"])
        assert ("2 new" in shown, "2 known already" in shown) == ((True, False), (False, True))[times]
        assert Purchase.objects.count() == 2 * times
        browser.post(sent["Location"])
        assert "This file was taken in" in text_of(browser, sent["Location"])
    assert Purchase.objects.count() == 2


def test_a_file_of_subscriptions_is_looked_at_and_taken_in(
    customer: Customer, lead: Agent, log_in: LogIn
) -> None:
    browser = log_in(lead)
    assert "When it is renewed next" in text_of(browser, "/customers/files/")
    file = SimpleUploadedFile("plans.csv", b"Email,Plan,Status\ncarla@example.org,Tea club,past_due\n")
    sent = browser.post("/customers/files/", {"kind": "subscriptions", "source": "shop", "file": file})
    assert "Tea club" in text_of(browser, sent["Location"])
    browser.post(sent["Location"])
    plan = Subscription.objects.get()
    assert (plan.customer, plan.plan, plan.state) == (customer, "Tea club", "unpaid")


def test_a_file_with_a_mistake_says_which_row(customer: Customer, lead: Agent, log_in: LogIn) -> None:
    browser = log_in(lead)
    rows = b"Email,Product,Date\ncarla@example.org,Kettle,soon\ncarla@example.org,Pan,2026-05-04\n"
    file = SimpleUploadedFile("orders.csv", rows)
    where = browser.post("/customers/files/", {"kind": "purchases", "source": "shop", "file": file})[
        "Location"
    ]
    shown = text_of(browser, where)
    assert "One row has a mistake" in shown
    assert "&#x27;soon&#x27; is not a date. Write it as 2026-03-01." in shown
    browser.post(where)
    assert not Purchase.objects.exists()
    browser.post(where, {"leave_out": "yes"})
    assert Purchase.objects.get().product == "Pan"


def test_only_leads_take_files_in(browser: Client, team: Team) -> None:
    assert browser.get("/customers/files/").status_code == 403
    assert not Import.objects.exists()


def test_a_broken_file_is_refused_beside_the_field(lead: Agent, log_in: LogIn) -> None:
    file = SimpleUploadedFile("orders.csv", b"one,two\n1,2\n")
    sent = log_in(lead).post("/customers/files/", {"kind": "purchases", "source": "shop", "file": file})
    assert sent.status_code == 422
    assert "The file needs a column called: email, product, bought at" in sent.content.decode()


def test_fields_are_made_changed_and_retired_in_the_settings(administrator: Agent, log_in: LogIn) -> None:
    browser = log_in(administrator)
    made = {"label": "Size", "subject": "customer", "kind": "choice", "choices": "Small\nLarge"}
    assert browser.post("/settings/fields/", made).status_code == 303
    assert browser.post("/settings/fields/", made).status_code == 422
    field = CustomField.objects.get()
    browser.post(f"/settings/fields/{field.pk}/", {"label": "Sizes", "choices": "Small\nHuge", "order": 4})
    field.refresh_from_db()
    assert (field.label, field.choices, field.order) == ("Sizes", ["Small", "Huge"], 4)
    browser.post(f"/settings/fields/{field.pk}/retire/")
    assert "Sizes (retired)" in text_of(browser, "/settings/fields/")


def test_the_secret_of_a_shop_is_shown_once(administrator: Agent, log_in: LogIn) -> None:
    browser = log_in(administrator)
    shown = browser.post("/settings/shops/", {"name": "web-shop"}).content.decode()
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", shown)
    assert secret
    assert "whsec_" not in text_of(browser, "/settings/shops/")
    renewed = browser.post(f"/settings/shops/{Shop.objects.get().pk}/secret/").content.decode()
    assert secret[0] not in renewed
    browser.post(f"/settings/shops/{Shop.objects.get().pk}/remove/")
    assert not Shop.objects.exists()


def test_settings_are_for_administrators(lead: Agent, log_in: LogIn) -> None:
    browser = log_in(lead)
    for address in ("/settings/fields/", "/settings/shops/"):
        assert browser.get(address).status_code == 403


def test_an_organisation_shows_who_belongs_to_it(browser: Client, customer: Customer, owner: Agent) -> None:
    CustomField.objects.create(key="vat", label="VAT number", subject="organisation")
    firm = actions.set_organisation(customer=customer, name="Work Ltd", agent=owner).organisation
    assert firm
    browser.post(f"/customers/organisations/{firm.pk}/", {"own-vat": "DE 1"})
    shown = text_of(browser, f"/customers/organisations/{firm.pk}/")
    assert "Carla Customer" in shown
    assert CustomValue.objects.get().value == "DE 1"


def test_a_customer_is_found_by_phone(browser: Client, customer: Customer, owner: Agent) -> None:
    actions.add_phone(customer=customer, number="+49 30 1234567", agent=owner)
    for typed in ("%2B49 30 1234", "%2B49301234567"):
        assert "Carla Customer" in text_of(browser, f"/customers/?q={typed}")
    assert "Carla Customer" not in text_of(browser, "/customers/?q=%2B4930999")


def test_a_record_of_many_costs_as_many_queries_as_one_of_few(
    browser: Client, customer: Customer, owner: Agent
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(f"/customers/{customer.pk}/").status_code == 200
        return len(seen)

    actions.add_phone(customer=customer, number="+49 30 1234567", agent=owner)
    actions.add_note(customer=customer, author=owner, body="first")
    few = cost()
    for number in range(10):
        actions.add_phone(customer=customer, number=f"+49 30 123456{number}", agent=owner)
        actions.add_note(customer=customer, author=owner, body=f"note {number}")
        actions.add_handle(customer=customer, network="Chat", handle=f"@{number}", agent=owner)
    assert cost() == few
