"""A lead switches a rule off, and the composer says it no more; switched on again, it does."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from goodword.ops.sample import load

from .conftest import House, log_in

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("pages")]

LEAD = next(address for address, role in load.LOG_INS if role == "lead")
REMARK = "is our own language"
DRAFT = "Thank you for asking. Your lamp is on backorder, and we write to you on Friday."


@pytest.fixture
def page(sample_house: House, browser: Browser) -> Iterator[Page]:
    """A lead of the sample company, at the list of open conversations."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{sample_house.url}/accounts/login/")
    log_in(page, LEAD, load.PASSWORD)
    page.goto(f"{sample_house.url}/inbox/open/")
    yield page
    context.close()
    assert errors == []


def write(page: Page, words: str) -> None:
    """Put words at the end of the draft, and wait until it is kept and reviewed."""
    page.locator(".ProseMirror").click()
    page.keyboard.press("ControlOrMeta+End")
    with page.expect_response(re.compile("/draft/")) as kept:
        page.keyboard.insert_text(words)
    assert kept.value.ok


def test_a_rule_that_a_lead_switches_off_is_silent_in_the_composer(page: Page, sample_house: House) -> None:
    page.locator("li.row a").first.click()
    expect(page.locator(".ProseMirror")).to_be_visible()
    conversation = page.url
    write(page, DRAFT)
    remarks = page.get_by_label("Coach").get_by_text("on backorder")
    expect(remarks.first).to_be_visible()

    page.goto(f"{sample_house.url}/settings/coach/")  # of the lead's own team
    page.get_by_role("link", name=re.compile(REMARK)).first.click()
    page.get_by_label("How grave").select_option("off")
    page.get_by_label("Why you change it").fill("Our customers order from us by the hundred.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name=re.compile("Switched off"))).to_contain_text("by the hundred")
    rule = page.url

    page.goto(conversation)
    write(page, " Kind regards, Ben")
    expect(page.locator(".ProseMirror")).to_contain_text("Kind regards, Ben")
    expect(remarks).to_have_count(0)

    page.goto(rule)
    page.get_by_role("button", name="Back to the standard").click()
    page.get_by_role("dialog").get_by_role("button", name="Back to the standard").click()
    expect(page.get_by_role("row", name=re.compile("Back to the standard"))).to_be_visible()
    page.goto(conversation)
    write(page, " and the team")
    expect(remarks.first).to_be_visible()
