"""The composer in a real browser, over the catalogue of components with a stand-in for the server."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
BUILT = FRONTEND.parent / "src/goodword/ui/static/goodword/dist/composer.js"
DRAFT = (
    "Hi Ana,\nyou should have descaled it. We will refund you by Friday 😀 and come back as soon as possible."
)

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def catalogue() -> Iterator[str]:
    """The address of the catalogue."""
    assert BUILT.exists(), "The scripts are not built; run 'npm ci && npm run build' in frontend."
    command = ["node", str(FRONTEND / "serve.mjs"), "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.terminate()


@pytest.fixture
def page(browser: Browser, catalogue: str) -> Iterator[Page]:
    """The catalogue's conversation, and no error on it by the end."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(catalogue)
    expect(page.locator(".ProseMirror")).to_be_visible()
    yield page
    context.close()
    assert errors == []


def write(page: Page, words: str) -> None:
    """Type into the editor and wait until it stands there."""
    page.locator(".ProseMirror").focus()
    page.keyboard.type(words)
    expect(page.locator(".ProseMirror")).to_contain_text(words.splitlines()[-1])


def draft_of(page: Page) -> str:
    return str(page.evaluate("document.querySelector('textarea[name=markdown]').value"))


def test_remarks_are_underlined_where_their_words_stand(page: Page):
    write(page, DRAFT)
    expect(page.locator(".mark-stop")).to_have_text("you should have")
    expect(page.locator(".mark-warn")).to_have_text("as soon as possible")
    expect(page.get_by_role("complementary", name="Coach")).to_contain_text("1 of 3")


def test_the_next_remark_and_its_first_suggestion_are_a_key_away(page: Page):
    write(page, DRAFT)
    expect(page.locator(".mark-warn")).to_be_visible()
    page.keyboard.press("Alt+.")
    expect(page.locator(".remark-card")).to_contain_text("This puts the fault on Ana.")
    page.keyboard.press("Alt+.")
    expect(page.locator(".remark-card")).to_contain_text("Say when.")
    page.keyboard.press("Alt+Enter")
    expect(page.locator(".ProseMirror")).to_contain_text("come back by Friday 27 November.")
    expect(page.locator(".remark-card")).to_have_count(0)


def test_a_suggestion_is_taken_from_the_list_by_keyboard_alone(page: Page):
    write(page, DRAFT)
    remark = page.get_by_role("button", name="Say when.")
    remark.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".remark-fix").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(remark).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".ProseMirror")).to_contain_text("come back by the end of tomorrow.")


def test_a_disputed_remark_goes_and_stays_away(page: Page):
    write(page, DRAFT)
    page.locator(".mark-warn").click()
    with page.expect_request("**/dispute") as asked:
        page.get_by_role("button", name="I disagree").click()
    assert asked.value.post_data_json["rule"] == "vague-time"
    expect(page.locator(".mark-warn")).to_have_count(0)
    with page.expect_response("**/draft"):
        write(page, " Mia")
    expect(page.locator(".mark-stop")).to_be_visible()
    expect(page.locator(".mark-warn")).to_have_count(0)


def test_a_remark_goes_when_its_words_are_changed_and_moves_with_the_others(page: Page):
    write(page, DRAFT)
    expect(page.locator(".mark-warn")).to_be_visible()
    page.route("**/draft", lambda route: route.abort())
    page.locator(".ProseMirror").focus()
    for _ in range(3):
        page.keyboard.press("Backspace")
    expect(page.locator(".mark-warn")).to_have_count(0)
    expect(page.locator(".mark-stop")).to_have_text("you should have")


def test_a_stop_asks_once_and_the_reason_goes_along(page: Page):
    write(page, DRAFT)
    page.get_by_label("Due: Refund of 34.90 €").fill("2026-11-30")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_role("button", name="Keep", exact=True)).to_have_attribute("aria-pressed", "true")
    page.locator(".ProseMirror").focus()
    page.keyboard.press("Control+Enter")
    page.get_by_label("Why send it anyway?").fill("She asked what went wrong")
    with page.expect_request("**/send") as asked:
        page.get_by_role("button", name="Send anyway").click()
    sent = {name: values[0] for name, values in parse_qs(asked.value.post_data or "").items()}
    assert sent["reason"] == "She asked what went wrong"
    assert "\r" not in sent["text"]
    (promise,) = json.loads(sent["promises"])
    assert (promise["due"], promise["choice"]) == ("2026-11-30", "keep")
    assert sent["text"][promise["start"] : promise["end"]] == "refund you by Friday"
    expect(page.locator(".toast").last).to_contain_text("Undo")
    expect(page.locator(".ProseMirror")).to_have_attribute("data-empty", "")


def test_when_the_conversation_moved_both_texts_stay(page: Page):
    write(page, "MOVED refund, keep the kettle, your hand")
    expect(page.locator(".coach-well")).to_contain_text("All 3 questions answered")
    page.locator("[data-send]").click()
    expect(page.get_by_role("alert")).to_contain_text("please send a new kettle")
    expect(page.locator(".ProseMirror")).to_contain_text("MOVED refund")
    expect(page.locator("input[name=seen]")).to_have_value("9")


def test_a_writer_hears_that_the_customer_wrote_again(page: Page, catalogue: str):
    write(page, "Hi Ana, nearly done")
    change = {"kind": "message.received", "conversation": 48213, "customer": 1, "agent": None, "data": {}}
    page.request.post(f"{catalogue}say", data=json.dumps(change))
    expect(page.locator("[data-composer-banner]")).to_contain_text("Ana wrote again while you were writing.")
    expect(page.locator(".ProseMirror")).to_have_text("Hi Ana, nearly done")


def test_words_the_server_never_had_survive_a_reload(page: Page):
    page.route("**/draft", lambda route: route.abort())
    write(page, "only in this browser")
    expect(page.locator("[data-composer-saved]")).to_contain_text("Not saved yet")
    page.unroute("**/draft")
    page.reload()
    expect(page.locator(".ProseMirror")).to_have_text("only in this browser")
    expect(page.locator("[data-composer-saved]")).to_contain_text("Kept")


def test_a_pasted_picture_and_a_saved_reply_become_markdown(page: Page):
    page.keyboard.press(";")
    page.get_by_role("searchbox", name="Find a saved reply").fill("on its")
    page.keyboard.press("Enter")
    expect(page.locator(".ProseMirror")).to_contain_text("Hi Ana,")
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array([1])], 'kettle.png', {type: 'image/png'}));
            const paste = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
            document.querySelector('.ProseMirror').dispatchEvent(paste);
        }"""
    )
    expect(page.locator(".ProseMirror img[alt='picture.png']")).to_have_count(1)
    assert "**It takes 3 to 5 working days.**" in draft_of(page)
    assert "![picture.png](/mark.svg)" in draft_of(page)


def test_a_reply_is_sent_later_by_keyboard_alone(page: Page):
    write(page, DRAFT)
    page.get_by_label("More ways to send").focus()
    page.keyboard.press("Enter")
    for _ in range(4):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Tomorrow morning")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_label("Why send it anyway?").fill("She asked what went wrong")
    with page.expect_request("**/send") as asked:
        page.get_by_role("button", name="Send anyway").press("Enter")
    assert parse_qs(asked.value.post_data or "")["later"] == ["tomorrow"]
    expect(page.locator(".toast")).to_contain_text("It leaves on Sun 22 Nov, 09:00.")
    expect(page.locator(".toast").get_by_role("button", name="Undo")).to_have_count(0)


def test_a_time_that_was_typed_counts_however_the_reply_is_sent_and_only_for_this_one(page: Page):
    write(page, DRAFT)
    page.get_by_label("More ways to send").click()
    page.get_by_label("Another time").fill("2026-12-01T10:30")
    page.locator(".ProseMirror").focus()
    page.keyboard.press("Control+Enter")
    page.get_by_label("Why send it anyway?").fill("She asked what went wrong")
    with page.expect_request("**/send") as asked:
        page.get_by_role("button", name="Send anyway").click()
    sent = parse_qs(asked.value.post_data or "")
    assert (sent.get("later"), sent["later_at"]) == (None, ["2026-12-01T10:30"])
    expect(page.locator("[name=later_at]")).to_have_value("")


def test_a_note_offers_the_people_of_the_team(page: Page):
    page.keyboard.press("n")
    write(page, "Please look @pri")
    expect(page.get_by_role("option", name="Priya Nair")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".ProseMirror")).to_contain_text("@Priya Nair")
    with page.expect_request("**/send") as asked:
        page.keyboard.press("Control+Enter")
    sent = parse_qs(asked.value.post_data or "")
    assert (sent["kind"], sent["mentions"]) == (["note"], ["[3]"])


def test_a_promise_of_a_note_is_offered_and_kept_by_keyboard(page: Page):
    coach = page.get_by_role("complementary", name="Coach")
    page.keyboard.press("n")
    write(page, "She rang, you should have called.")
    expect(coach).to_be_hidden()
    write(page, " We will refund you by Friday.")
    expect(coach.get_by_role("button", name="Refund of 34.90 €")).to_be_visible()
    expect(page.locator(".mark-stop")).to_have_count(0)
    expect(coach).not_to_contain_text("They asked")
    keep = coach.get_by_role("button", name="Keep", exact=True)
    keep.focus()
    page.keyboard.press("Enter")
    expect(keep).to_have_attribute("aria-pressed", "true")
    with page.expect_request("**/send") as asked:
        page.locator(".ProseMirror").focus()
        page.keyboard.press("Control+Enter")
    sent = parse_qs(asked.value.post_data or "")
    (promise,) = json.loads(sent["promises"][0])
    assert (sent["kind"], promise["action"], promise["choice"]) == (["note"], "Refund of 34.90 €", "keep")


def test_back_at_the_reply_the_questions_stand_again(page: Page):
    coach = page.get_by_role("complementary", name="Coach")
    write(page, DRAFT)
    expect(coach).to_contain_text("1 of 3")
    page.get_by_text("Note", exact=True).click()
    expect(coach).not_to_contain_text("1 of 3")
    page.get_by_text("Reply", exact=True).click()
    expect(coach).to_contain_text("1 of 3")
    expect(page.locator(".mark-stop")).to_have_text("you should have")


def test_news_are_announced_in_every_window_and_no_row_moves(page: Page, catalogue: str):
    second = page.context.new_page()
    second.goto(catalogue)
    expect(second.locator(".ProseMirror")).to_be_visible()
    before = second.locator("[data-row]").nth(2).bounding_box()
    for conversation in (90001, 90002):
        change = {
            "kind": "message.received",
            "conversation": conversation,
            "customer": 1,
            "agent": None,
            "data": {},
        }
        page.request.post(f"{catalogue}say", data=json.dumps(change))
    for window in (page, second):
        expect(window.locator("[data-live-new]")).to_contain_text("2 new")
    assert second.locator("[data-row]").nth(2).bounding_box() == before
    page.close()
    second.request.post(f"{catalogue}say", data=json.dumps(change | {"conversation": 90003}))
    expect(second.locator("[data-live-new]")).to_contain_text("3 new")


def test_the_list_works_by_keyboard_and_no_row_moves(page: Page):
    before = page.locator("[data-row]").nth(3).bounding_box()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("2 selected")
    assert page.locator("[data-row]").nth(3).bounding_box() == before
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard help")).to_contain_text("Next remark of the coach")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("snoo")
    expect(page.get_by_role("option").first).to_contain_text("Snooze")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_on_the_components(browser: Browser, catalogue: str, theme: str, width: int):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce"
    )
    page = context.new_page()
    for path in ("parts", "login", ""):
        page.goto(catalogue + path)
        assert Axe().run(page).response["violations"] == []
    write(page, DRAFT)
    page.locator(".mark-stop").click()
    expect(page.locator(".remark-card")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    context.close()
