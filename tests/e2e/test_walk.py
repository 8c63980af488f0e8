"""The whole way: a mail comes in, is answered with the coach, leaves, and its promise is kept."""

import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import House, Sink, log_in, open_news

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("walk")]

EMAIL, PASSWORD = "ida@kettle.example", "a-long-enough-password"
ANSWER = (
    "Hi Ana,\n\nThank you for telling me. I am sorry that the kettle leaks again, what a nuisance on "
    "a Monday morning. I have sent you a new one, and I will refund the postage by Friday.\n\n"
    "You can keep the old kettle.\n\nKind regards,\nIda"
)
PROMISED = re.compile("refund the postage", re.IGNORECASE)


@pytest.fixture(scope="module")
def staffed_house(new_house: House, browser: Browser) -> House:
    """The new house after its first steps: Ida is its administrator."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(new_house.url)
    expect(page).to_have_url(re.compile("/welcome/"))
    page.get_by_label("Name of the company").fill("Kettle Works")
    page.get_by_label("Address customers write to").fill("care@kettle.example")
    page.get_by_label("Your name").fill("Ida Berg")
    page.get_by_label("Your mail address").fill(EMAIL)
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name="Open the desk").click()
    page.wait_for_url(f"{new_house.url}/")
    context.close()
    return new_house


@pytest.fixture
def page(staffed_house: House, browser: Browser) -> Iterator[Page]:
    """Ida at the list of open conversations."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{staffed_house.url}/accounts/login/")
    log_in(page, EMAIL, PASSWORD)
    page.goto(f"{staffed_house.url}/inbox/open/")
    yield page
    context.close()


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


def send(page: Page) -> None:
    """Send the reply, also when the coach asks about a question that is still open."""
    page.locator("[data-send]").click()
    anyway = page.get_by_role("dialog").get_by_role("button", name=re.compile("Send"))
    undo = page.get_by_text("Undo").first
    expect(anyway.or_(undo).first).to_be_visible()
    if anyway.is_visible():
        anyway.click()
    expect(undo).to_be_visible()


def test_from_a_mail_to_a_kept_promise(staffed_house: House, sink: Sink, page: Page) -> None:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    staffed_house.post(
        letter(
            to="care@kettle.example",
            subject="Kettle leaks again",
            text="The second kettle leaks, too. I am really annoyed.\n\nWhen will I get a new one?\n\nAna",
            message_id="<one@example.org>",
        )
    )
    open_news(page, "Kettle leaks again")
    expect(page.get_by_label("Coach")).to_contain_text("When will I get a new one?")

    write(page, "You should have read the manual.")
    expect(page.get_by_label("Remarks")).to_be_visible()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    write(page, "The new kettle left us in in a strong box.")
    page.get_by_role("button", name="Make it better").click()
    better = page.get_by_role("dialog", name="Make it better")
    expect(better.locator("del")).to_contain_text("in")
    better.get_by_role("button", name="Take these words").click()
    expect(page.locator(".ProseMirror")).to_contain_text("left us in a strong box")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    write(page, ANSWER)
    promised = page.get_by_label("You promise")
    expect(promised).to_contain_text(PROMISED)
    promised.get_by_role("button", name="Keep").first.click()
    page.keyboard.press("Escape")
    send(page)

    sent = sink.next()
    assert sent["To"].addresses[0].addr_spec == "ana@example.org"
    assert sent["In-Reply-To"] == "<one@example.org>"
    assert "<one@example.org>" in sent["References"]
    assert sent["Auto-Submitted"] is None
    plain, html = sent.get_body(("plain",)), sent.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "refund the postage by Friday" in plain.get_content()
    reply_address = sent["Reply-To"].addresses[0].addr_spec
    assert re.fullmatch(r"care\+c\d+\.[a-z0-9]+@kettle\.example", reply_address)

    page.goto(f"{staffed_house.url}/promises/")
    expect(page.get_by_role("main")).to_contain_text(PROMISED)

    page.goto(f"{staffed_house.url}/inbox/open/")
    page.locator("li.row", has_text="Kettle leaks again").locator("a").first.click()
    staffed_house.post(
        letter(
            to=reply_address,
            subject="Something else entirely",
            text="Thank you, that is kind.",
            message_id="<two@example.org>",
            answers=sent["Message-ID"],
        )
    )
    expect(page.get_by_text("Thank you, that is kind.").first).to_be_visible()

    page.goto(f"{staffed_house.url}/promises/")
    page.get_by_role("button", name="Kept").first.click()
    page.goto(f"{staffed_house.url}/promises/kept/")
    expect(page.get_by_role("main")).to_contain_text(PROMISED)
    assert problems == []


def test_a_page_that_was_cut_off_by_a_killed_server_catches_up(staffed_house: House, page: Page) -> None:
    staffed_house.kill()
    page.get_by_text("Live updates are off; reconnecting").wait_for()
    staffed_house.start()
    staffed_house.post(
        letter(
            to="care@kettle.example",
            subject="Written while you were away",
            text="Do you see this?",
            message_id="<three@example.org>",
        )
    )
    open_news(page, "Written while you were away")
