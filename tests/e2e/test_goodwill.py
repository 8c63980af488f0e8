"""A gesture in a real browser: given within the limit beside a half-written reply, asked for above it."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from .conftest import House, log_in, make_house, open_news

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("goodwill")]

PASSWORD = "a-long-enough-password"
LEAD, AGENT = "ida@kettle.example", "tom@kettle.example"
CODE = re.compile(r"[3-9A-Y]{4}-[3-9A-Y]{4}-[3-9A-Y]{4}")


@pytest.fixture(scope="module")
def house(folder: Path, browser: Browser) -> Iterator[House]:
    """A house with an administrator and an agent, where agents may give a little."""
    house = make_house("serve", folder / "goodwill")
    house.start()
    context = browser.new_context()
    page = context.new_page()
    page.goto(house.url)
    page.get_by_label("Name of the company").fill("Kettle Works")
    page.get_by_label("Address customers write to").fill("care@kettle.example")
    page.get_by_label("Your name").fill("Ida Berg")
    page.get_by_label("Your mail address").fill(LEAD)
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name="Open the desk").click()
    page.wait_for_url(f"{house.url}/")
    page.goto(f"{house.url}/settings/people/new/")
    page.get_by_label("Name", exact=True).fill("Tom Reed")
    page.get_by_label("Mail address").fill(AGENT)
    page.locator("input[type=password]").first.fill(PASSWORD)
    page.get_by_role("button", name="Save").click()
    page.goto(f"{house.url}/settings/authority/")
    page.get_by_role("button", name="Begin with three usual levels").click()
    page.get_by_label("Tom Reed").select_option(label="Standard")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Tom Reed")).to_have_value(re.compile(r"\d+"))
    context.close()
    yield house
    assert house.stop() == 0


def desk(house: House, browser: Browser, email: str, **window: object) -> Page:
    """A window in which somebody is logged in."""
    page = browser.new_context(**window).new_page()  # type: ignore[arg-type]
    page.goto(f"{house.url}/accounts/login/")
    log_in(page, email, PASSWORD)
    return page


def gesture_form(page: Page) -> None:
    page.locator(".conv-tools details.menu").last.locator("summary").click()
    page.get_by_role("link", name="Make a gesture").click()
    expect(page.get_by_label("Worth")).to_be_visible()


def test_an_agent_gives_and_asks_and_a_lead_says_yes(house: House, browser: Browser) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Ana Petrov <ana@example.org>", "care@kettle.example"
    mail["Subject"], mail["Message-ID"] = "The kettle leaks", "<leak@example.org>"
    mail.set_content("It leaks from the base, for the second time.")
    house.post(mail)

    page = desk(house, browser, AGENT, viewport={"width": 1440, "height": 900})
    page.goto(f"{house.url}/inbox/open/")
    open_news(page, "The kettle leaks")
    page.locator(".ProseMirror").click()
    page.keyboard.insert_text("Dear Ana, I am sorry.")

    gesture_form(page)
    assert Axe().run(page).response["violations"] == []
    page.get_by_label("Worth").fill("20")
    page.get_by_label("Why").fill("It leaked twice.")
    page.get_by_role("button", name="Give it").click()
    reply = page.locator(".ProseMirror")
    expect(reply).to_contain_text(CODE)
    expect(reply).to_contain_text("Dear Ana, I am sorry.")
    expect(page.locator(".msg--note").last).to_contain_text("Voucher of €20.00")

    gesture_form(page)
    page.get_by_label("What", exact=True).select_option(label="Refund")
    page.get_by_label("Worth").fill("80")
    ask = page.get_by_role("button", name="Ask for approval")
    expect(ask).to_be_visible()
    page.get_by_label("Why").fill("And the tiles are damaged.")
    ask.click()
    expect(page.get_by_text("asked for approval of €80.00").first).to_be_visible()

    lead = desk(house, browser, LEAD, viewport={"width": 390, "height": 844})
    lead.goto(f"{house.url}/for-you/")
    expect(lead.get_by_text("And the tiles are damaged.")).to_be_visible()
    assert Axe().run(lead).response["violations"] == []
    lead.get_by_role("button", name="Yes, give it").click()
    expect(lead.get_by_text("Approved, and given.")).to_be_visible()

    expect(page.locator(".msg--note").last).to_contain_text("Refund of €80.00")
    page.goto(f"{house.url}/for-you/")
    expect(page.get_by_role("link", name="€80.00 for Ana Petrov: approved")).to_be_visible()
    page.goto(f"{house.url}/goodwill/")
    expect(page.get_by_text("2 gestures, €100.00 in all")).to_be_visible()
