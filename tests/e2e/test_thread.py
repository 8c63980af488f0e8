"""A conversation longer than the screen: what was written last stays in sight."""

from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, expect

from goodword.ops.sample import load

from .conftest import House, log_in, open_news

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("pages")]


def test_the_newest_words_stay_in_sight_while_one_writes_and_sends(
    sample_house: House, browser: Browser
) -> None:
    mail = EmailMessage()
    mail["From"] = "Lorna Long <lorna.long@example.org>"
    mail["To"] = load.LOG_INS[0][0].replace("ada@", "hello@")
    mail["Subject"] = "A long story"
    mail.set_content("\n\n".join(f"Part {number} of the story." for number in range(60)))
    sample_house.post(mail)
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{sample_house.url}/accounts/login/")
    log_in(page, load.LOG_INS[0][0], load.PASSWORD)
    page.goto(f"{sample_house.url}/inbox/open/")
    open_news(page, "A long story")
    expect(page.locator(".msg").get_by_text("Part 0 of the story.")).to_be_in_viewport()
    end = page.locator(".msg").get_by_text("Part 59 of the story.")
    page.locator("[data-scroll-end]").evaluate("pane => { pane.scrollTop = pane.scrollHeight; }")
    expect(end).to_be_in_viewport()
    page.locator(".ProseMirror").click()
    page.keyboard.insert_text("Hi Lorna,\n\nthank you for the whole story.")
    expect(page.locator("form[data-composer]")).to_contain_text("Kept")
    expect(end).to_be_in_viewport()
    page.locator("[data-scroll-end]").evaluate("pane => { pane.scrollTop = 0; }")
    expect(end).not_to_be_in_viewport()
    page.locator("[data-send]").click()
    expect(page.locator(".msg", has_text="thank you for the whole story")).to_be_in_viewport()
