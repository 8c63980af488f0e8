"""A whole complaint: angry mail, inquiry, options, approval, a choice on a phone, proof, check-in, closed."""

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.ports import free_port

from .conftest import House, Sink, log_in, make_house, open_news

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("complaint")]

PASSWORD = "a-long-enough-password"
PHONE = {"width": 390, "height": 844}
WIDE = {"width": 1440, "height": 900}
LINK = re.compile(r"http://\S+/yours/\S+")

# Ben may give 50 at once, Lena 500; both answer the mailbox.
FURNISH = """
import django
django.setup()
from goodword.mail.models import Mailbox
from goodword.staff.models import Agent, AuthorityLevel, Team
box = Mailbox.objects.create(address="care@kettle.example", name="Kettle Works")
team = Team.objects.create(name="Care")
team.mailboxes.add(box)
for rank, (name, role, most) in enumerate([("Ben Ortiz", "agent", 50), ("Lena Lead", "lead", 500)]):
    handle = name.split()[0].lower()
    agent = Agent.objects.create_user(
        f"{handle}@kettle.example", "a-long-enough-password", name=name, handle=handle, role=role
    )
    agent.authority = AuthorityLevel.objects.create(name=role, rank=rank, per_gesture=most, per_month=most)
    agent.save()
    team.members.add(agent)
"""
# The days until the customer is asked go by.
LATER = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from goodword.complaints.models import FollowUp
from goodword.customers.models import ContactRule
ContactRule.objects.create(quiet_from="00:00", quiet_until="00:00", quiet_weekdays=[])
FollowUp.objects.update(due_at=timezone.now() + timedelta(seconds=1))
"""


def in_house(house: House, code: str) -> None:
    """Run a few lines in the house's own environment."""
    environ = house.environ | {"DJANGO_SETTINGS_MODULE": "goodword.ops.settings"}
    subprocess.run([sys.executable, "-c", code], env=environ, check=True, timeout=120)


@pytest.fixture(scope="module")
def own_sink() -> Iterator[Sink]:
    """Where this house's mail goes."""
    sink = Sink(free_port())
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    yield sink
    controller.stop()


@pytest.fixture(scope="module")
def care_house(folder: Path, own_sink: Sink) -> Iterator[House]:
    """A house with two agents of different authority."""
    house = make_house("serve", folder / "care", GOODWORD_EMAIL_URL=f"smtp://127.0.0.1:{own_sink.port}")
    house.start()
    in_house(house, FURNISH)
    yield house
    assert house.stop() == 0


def at_desk(house: House, browser: Browser, name: str) -> Page:
    page = browser.new_context(viewport=WIDE).new_page()
    page.goto(f"{house.url}/accounts/login/")
    log_in(page, f"{name}@kettle.example", PASSWORD)
    return page


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def next_mail(sink: Sink, words: str) -> EmailMessage:
    """The next mail that says so; what comes before it is passed over."""
    while True:
        mail = sink.next()
        if words in text_of(mail):
            return mail


def next_with(sink: Sink, words: str) -> str:
    """The text of the next mail that says so."""
    return text_of(next_mail(sink, words))


def link_in(text: str) -> str:
    found = LINK.search(text)
    assert found, text
    return found[0]


def assert_accessible(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert found == [], json.dumps(found, indent=1)[:3000]


def accessible_everywhere(browser: Browser, link: str) -> None:
    """A customer's page on a phone and a desk, in light and dark."""
    for viewport in (PHONE, WIDE):
        for scheme in ("light", "dark"):
            context = browser.new_context(viewport=viewport, color_scheme=scheme, bypass_csp=True)
            page = context.new_page()
            page.goto(link)
            assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            context.close()


def opened_complaint(house: House, page: Page) -> str:
    """An angry mail comes in, and Ben opens a complaint from it; its address."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "Ana Petrov <ana@example.org>", "care@kettle.example"
    mail["Subject"], mail["Message-ID"] = "Second kettle leaks", "<angry@example.org>"
    mail.set_content("This is the second kettle that leaks. I am furious and want my money back.\n\nAna")
    house.post(mail)
    page.goto(f"{house.url}/inbox/open/")
    open_news(page, "Second kettle leaks")
    number = re.search(r"/conversations/(\d+)", page.url) or re.search(r"(\d+)/?$", page.url)
    assert number, page.url
    page.goto(f"{house.url}/conversations/{number[1]}/complaint/")
    page.get_by_label("What happened").fill("The second kettle leaks from the base.")
    page.get_by_label("What the customer wants").fill("Her money back")
    page.get_by_role("button", name="Open the complaint").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"C-\d{4}-\d{4}"))
    return page.url.partition("#")[0]


def fill_options(page: Page) -> None:
    options = [
        ("replacement", "A new kettle, tested before it leaves us", "38", ""),
        ("refund", "Your money back for both kettles", "90", "90"),
        ("voucher", "A voucher of 40 for your next order", "40", "40"),
    ]
    page.get_by_label("Words to the customer").fill("The seal was set in the wrong way round.")
    for number, (kind, text, cost, value) in enumerate(options):
        row = page.get_by_role("group", name=f"Option {number + 1}")
        row.get_by_label("Kind").select_option(kind)
        row.get_by_label("What the customer reads").fill(text)
        row.get_by_label("Cost to us").fill(cost)
        row.get_by_label("Worth to them").fill(value)


def test_from_an_angry_mail_to_a_closed_case(care_house: House, own_sink: Sink, browser: Browser) -> None:
    ben = at_desk(care_house, browser, "ben")
    case = opened_complaint(care_house, ben)
    number = ben.get_by_role("heading", level=1).inner_text()
    ben.get_by_role("button", name="Send and acknowledge").click()
    assert number in next_with(own_sink, number)
    looked_into(care_house, own_sink, ben)
    fill_options(ben)
    ben.get_by_role("button", name="Keep and look it over").click()
    ben.get_by_label("Why the customer should be offered this").fill("The second one in a month.")
    ben.get_by_role("button", name="Ask for approval").click()
    expect(ben.locator("#proposals")).to_contain_text("Waiting for approval")

    lena = at_desk(care_house, browser, "lena")
    lena.goto(case)
    lena.get_by_label("Your reason").fill("Agreed.")
    lena.get_by_role("button", name="Approve and send").click()
    expect(lena.locator("#proposals")).to_contain_text("Waiting for the customer")

    page = link_in(next_with(own_sink, "/yours/choice/"))
    accessible_everywhere(browser, page)
    chosen_on_a_phone(browser, page)
    assert "you chose: Your money back" in next_with(own_sink, "you chose")

    ben.goto(case)
    remedies = ben.locator("#remedies")
    expect(remedies).to_contain_text("Your money back for both kettles")
    remedies.get_by_placeholder("Reference of the payment").fill("RF-7")
    remedies.get_by_role("button", name="It was paid").click()
    expect(remedies).to_contain_text("RF-7")

    in_house(care_house, LATER)
    asked = next_with(own_sink, "Is all well now?")
    all_well(browser, link_in(asked))

    ben.goto(case)
    expect(ben.locator("#remedies")).to_contain_text("The customer says that all is well")
    ben.goto(case)
    ben.locator("#stage-to").select_option("closed")
    ben.get_by_role("button", name="Move").click()
    in_the_register(care_house, lena, number)
    in_the_reports(care_house, lena)
    lena.goto(case)
    lena.locator("a[href*='/conversations/']").first.click()
    promises = lena.locator("a[href*='/yours/promises/']").first.get_attribute("href")
    assert promises
    accessible_everywhere(browser, promises)


def looked_into(house: House, sink: Sink, page: Page) -> None:
    """Ben ticks off what to look at, keeps evidence, asks the store by mail, and says what he found."""
    page.get_by_role("button", name="I look into it now").click()
    page.get_by_label("Another thing to look at").fill("Was the seal fitted?")
    page.locator("#checklist").get_by_role("button", name="Add").click()
    page.get_by_role("button", name="Was the seal fitted?").click()
    expect(page.get_by_role("button", name="Was the seal fitted?")).to_have_attribute("aria-pressed", "true")

    evidence = page.locator("#evidence")
    evidence.get_by_text("Words or a file").click()
    evidence.get_by_label("What it shows").fill("The seal")
    evidence.get_by_label("Words").fill("Set in the wrong way round.")
    evidence.get_by_role("button", name="Add to the case").first.click()
    expect(page.locator("#evidence")).to_contain_text("Set in the wrong way round.")

    questions = page.locator("#questions")
    if not questions.get_by_label("Mail address").is_visible():
        questions.get_by_text("Ask somebody").click()
    questions.get_by_label("Mail address").fill("store@kettle.example")
    questions.get_by_label("What do you want to know?").fill("Which batch was it?")
    questions.get_by_role("button", name="Ask", exact=True).click()
    asked = next_mail(sink, "Which batch was it?")
    answer = EmailMessage()
    answer["From"], answer["To"] = "store@kettle.example", asked["Reply-To"] or asked["From"]
    answer["Subject"], answer["In-Reply-To"] = f"Re: {asked['Subject']}", asked["Message-ID"]
    answer["Message-ID"] = "<store@kettle.example>"
    answer.set_content("Batch 7, from May.")
    house.post(answer)
    expect(page.locator("#questions")).to_contain_text("Batch 7, from May.")

    finding = page.locator("#finding")
    finding.get_by_label("Cause").select_option(index=1)
    finding.locator("form", has=page.get_by_label("Cause")).get_by_role("button").click()
    finding.get_by_label("Whose fault was it?").select_option("ours")
    finding.locator("form", has=page.get_by_label("Whose fault was it?")).get_by_role("button").click()
    expect(page.get_by_label("Whose fault was it?")).to_have_value("ours")


def chosen_on_a_phone(browser: Browser, link: str) -> None:
    """Ana chooses on her phone, in a browser that runs no script."""
    looking = browser.new_context(viewport=PHONE, bypass_csp=True).new_page()
    looking.goto(link)
    assert_accessible(looking)
    phone = browser.new_context(viewport=PHONE, java_script_enabled=False, has_touch=True).new_page()
    phone.goto(link)
    phone.get_by_text("Your money back for both kettles").tap()
    phone.get_by_role("button", name="Go on").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Is this your choice?")
    looking.goto(phone.url)
    assert_accessible(looking)
    phone.get_by_role("button", name="Yes, this one").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you, your choice is noted")
    looking.goto(link)
    assert_accessible(looking)
    assert looking.evaluate("document.documentElement.scrollWidth <= innerWidth")


def all_well(browser: Browser, link: str) -> None:
    looking = browser.new_context(viewport=PHONE, bypass_csp=True).new_page()
    looking.goto(link)
    assert_accessible(looking)
    looking.get_by_role("button", name="Yes, all is well").click()
    expect(looking.get_by_role("heading", level=1)).to_have_text("Good to hear, thank you")


def in_the_register(house: House, page: Page, number: str) -> None:
    """The register has the case, closed, with what it cost: as a table, as a page, and on paper."""
    answer = page.request.get(f"{house.url}/complaints/register.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text().lstrip("\ufeff"))))
    (row,) = [row for row in rows if number in row.values()]
    assert (row["Stage"], row["Fault"], row["Cost"]) == ("Closed", "ours", "90.00")
    assert row["Remedies"] == "refund: done (RF-7)"
    page.goto(f"{house.url}/complaints/register/")
    expect(page.locator("main")).to_contain_text("0 open, 1 closed, 0 late in a stage, 0 reopened")
    expect(page.locator("main")).to_contain_text("They cost €90.00 in all.")
    expect(page.get_by_role("link", name=re.compile(number))).to_be_visible()
    paper = page.request.get(f"{house.url}/complaints/register.pdf")
    assert paper.ok
    assert paper.body().startswith(b"%PDF")


def in_the_reports(house: House, page: Page) -> None:
    """The refund stands in the ledger of gestures, the promises of the case among those that were kept."""
    page.goto(f"{house.url}/goodwill/")
    expect(page.locator("main")).to_contain_text("One gesture of €90.00")
    expect(page.locator("#rows")).to_contain_text("Your money back for both kettles")
    expect(page.locator("#rows")).to_contain_text("approved by Lena Lead")
    page.goto(f"{house.url}/reports/promises/")
    expect(page.locator("main")).to_contain_text("100 % of 6 promises were kept, 6 of them in time.")
    expect(page.get_by_role("row", name="Money")).to_contain_text("100 %")


def test_the_public_form_is_accessible_and_opens_a_case(
    care_house: House, own_sink: Sink, browser: Browser
) -> None:
    phone = browser.new_context(viewport=PHONE, bypass_csp=True).new_page()
    phone.goto(f"{care_house.url}/yours/complaint/")
    assert_accessible(phone)
    phone.get_by_label("What happened?").fill("The lid is missing.")
    phone.get_by_label("Your mail address").fill("nora@example.org")
    phone.get_by_role("button", name="Send it").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you, we have it")
    assert_accessible(phone)
    assert "/yours/complaint/" in next_with(own_sink, "/yours/complaint/")
