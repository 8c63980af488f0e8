"""The whole way: a mail comes in, is answered with the coach, leaves, and its promise comes due."""

import re
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import House, Sink, log_in

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("walk")]

ANSWER = (
    "Hi Ana,\n\nThank you for telling me. I am sorry that the kettle leaks again, what a nuisance on "
    "a Monday morning. I have sent you a new one, and I will refund the postage by Friday.\n\n"
    "You can keep the old kettle."
    "\n\nKind regards,\nIda"
)

PROMISED = re.compile("refund the postage", re.IGNORECASE)


def letter(*, to: str, subject: str, text: str, message_id: str, answers: str = "") -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Ana Petrov <ana@example.org>"
    mail["To"] = to
    mail["Subject"] = subject
    mail["Message-ID"] = message_id
    if answers:
        mail["In-Reply-To"] = mail["References"] = answers
    mail.set_content(text)
    return mail


def set_up_the_desk(page: Page, house: House) -> None:
    page.goto(house.url)
    expect(page).to_have_url(re.compile("/welcome/"))
    page.get_by_label("Name of the company").fill("Kettle Works")
    page.get_by_label("Address customers write to").fill("care@kettle.example")
    page.get_by_label("Your name").fill("Ida Berg")
    page.get_by_label("Your mail address").fill("ida@kettle.example")
    for field in page.locator("input[type=password]").all():
        field.fill("a-long-enough-password")
    page.get_by_role("button", name="Open the desk").click()
    page.wait_for_url(f"{house.url}/")
    page.goto(f"{house.url}/inbox/open/")


def write(page: Page, text: str) -> None:
    editor = page.locator(".ProseMirror")
    editor.click()
    for number, paragraph in enumerate(text.split("\n\n")):
        if number:
            page.keyboard.press("Enter")
        for line, words in enumerate(paragraph.split("\n")):
            if line:
                page.keyboard.press("Shift+Enter")
            page.keyboard.insert_text(words)


def test_from_a_mail_to_a_kept_promise(new_house: House, sink: Sink, browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    set_up_the_desk(page, new_house)

    new_house.post(
        letter(
            to="care@kettle.example",
            subject="Kettle leaks again",
            text="The second kettle leaks, too. I am really annoyed.\n\nWhen will I get a new one?\n\nAna",
            message_id="<one@example.org>",
        )
    )
    row = page.locator("li.row", has_text="Kettle leaks again")
    expect(row).to_be_visible(timeout=10_000)
    expect(page.locator("[data-live-new]")).to_be_hidden()
    expect(page.get_by_text("Nothing here")).to_have_count(0)
    row.locator("a").first.click()
    expect(page.get_by_role("heading", name="Kettle leaks again")).to_be_visible()
    coach = page.get_by_label("Coach")
    expect(coach).to_contain_text("When will I get a new one?")

    page.locator(".ProseMirror").wait_for()
    write(page, "You should have read the manual.")
    expect(page.get_by_label("Remarks")).to_be_visible()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    write(page, ANSWER)
    promised = page.get_by_label("You promise")
    expect(promised).to_contain_text(PROMISED)
    promised.get_by_role("button", name="Keep").first.click()
    page.keyboard.press("Escape")
    page.locator("[data-send]").click()
    anyway = page.get_by_role("dialog").get_by_role("button", name=re.compile("Send"))
    expect(anyway.or_(page.get_by_text("Undo")).first).to_be_visible()
    if anyway.is_visible():
        anyway.click()
    expect(page.get_by_text("Undo").first).to_be_visible()

    sent = sink.next()
    assert sent["To"].endswith("ana@example.org>") or sent["To"] == "ana@example.org"
    assert sent["In-Reply-To"] == "<one@example.org>"
    assert "<one@example.org>" in sent["References"]
    assert sent["Auto-Submitted"] is None
    assert sent.get_body(("plain",)) is not None
    assert sent.get_body(("html",)) is not None
    assert "refund the postage by Friday" in sent.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    reply_address = sent["Reply-To"].addresses[0].addr_spec
    assert re.fullmatch(r"care\+c\d+\.[a-z0-9]+@kettle\.example", reply_address)

    page.goto(f"{new_house.url}/promises/")
    expect(page.get_by_role("main")).to_contain_text(PROMISED)

    page.goto(f"{new_house.url}/inbox/open/")
    page.locator("li.row", has_text="Kettle leaks again").locator("a").first.click()
    new_house.post(
        letter(
            to=reply_address,
            subject="Something else entirely",
            text="Thank you, that is kind.",
            message_id="<two@example.org>",
            answers=sent["Message-ID"],
        )
    )
    expect(page.get_by_text("Thank you, that is kind.").first).to_be_visible(timeout=10_000)

    page.goto(f"{new_house.url}/promises/")
    page.get_by_role("button", name="Kept").first.click()
    page.goto(f"{new_house.url}/promises/kept/")
    expect(page.get_by_role("main")).to_contain_text(PROMISED)
    assert problems == []
    page.context.close()


def test_a_page_that_was_cut_off_by_a_killed_server_catches_up(new_house: House, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{new_house.url}/accounts/login/")
    log_in(page, "ida@kettle.example", "a-long-enough-password")
    page.goto(f"{new_house.url}/inbox/open/")
    new_house.kill()
    page.get_by_text("Live updates are off; reconnecting").wait_for(timeout=60_000)
    new_house.start()
    new_house.post(
        letter(
            to="care@kettle.example",
            subject="Written while you were away",
            text="Do you see this?",
            message_id="<three@example.org>",
        )
    )
    news = page.locator("[data-live-new]")
    row = page.locator("li.row", has_text="Written while you were away")
    expect(news.or_(row).first).to_be_visible(timeout=60_000)
    if not row.is_visible():
        news.click()
    expect(row).to_be_visible()
    context.close()
