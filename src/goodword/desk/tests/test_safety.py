"""Mail and files of strangers can neither run, nor track, nor be seen by the wrong agent."""

from email.message import EmailMessage

import pytest
from django.test import Client

from goodword.inbox.models import Attachment, Conversation, Draft, Message
from goodword.mail.actions import accept
from goodword.mail.intake import turn_waiting
from goodword.mail.models import Mailbox
from goodword.staff.models import Agent, Team

from .conftest import LogIn

pytestmark = pytest.mark.django_db(transaction=True)

PICTURE = bytes.fromhex("89504e470d0a1a0a") + b"rest"
HTML = (
    '<p style="color:red" onclick="alert(1)">Look</p><script>alert(2)</script>'
    '<img src="https://track.example/x.png"><img src="cid:photo1">'
)


@pytest.fixture
def message(team: Team, mailbox: Mailbox) -> Message:
    """A mail with everything in it that could do harm."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Eve <eve@example.org>", mailbox.address, "Look at this"
    mail.set_content("Look")
    mail.add_alternative(HTML, subtype="html")
    mail.get_payload()[1].add_related(PICTURE, "image", "png", cid="<photo1>", filename="photo.png")
    mail.add_attachment(b"<svg onload='alert(3)'/>", maintype="image", subtype="svg+xml", filename="bill.svg")
    mail.add_attachment(b"<script>alert(4)</script>", maintype="text", subtype="html", filename="page.html")
    accept(raw=mail.as_bytes(), source="test", envelope_to=[mailbox.address])
    turn_waiting()
    return Message.objects.get()


def test_nothing_of_a_mail_runs_or_calls_home(browser: Client, message: Message) -> None:
    answer = browser.get(f"/conversations/{message.conversation_id}/")
    page = answer.content.decode()
    for bad in ("alert(", "onclick", ' src="https://track.example', "color:red"):
        assert bad not in page
    assert "One picture from elsewhere is not loaded." in page
    assert "https:" not in answer["Content-Security-Policy"]
    picture = message.attachments.get(filename="photo.png")
    assert f'src="/attachments/{picture.pk}/photo.png"' in page


def test_pictures_from_elsewhere_load_only_when_asked_for(browser: Client, message: Message) -> None:
    answer = browser.get(f"/conversations/{message.conversation_id}/?pictures={message.pk}")
    assert 'src="https://track.example/x.png"' in answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert "https:" in policy
    assert "script-src" not in policy or "https:" not in policy.split("script-src")[1].split(";")[0]
    again = browser.get(f"/conversations/{message.conversation_id}/")
    assert "https:" not in again["Content-Security-Policy"]


@pytest.mark.parametrize(("name", "shown"), [("photo.png", True), ("bill.svg", False), ("page.html", False)])
def test_only_raster_pictures_are_shown_in_place(
    browser: Client, message: Message, name: str, shown: bool
) -> None:
    file = message.attachments.get(filename=name)
    answer = browser.get(f"/attachments/{file.pk}/{name}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("inline" if shown else "attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    if not shown:
        assert answer["Content-Type"] == "application/octet-stream"


def test_files_come_back_byte_for_byte(browser: Client, message: Message) -> None:
    file = message.attachments.get(filename="photo.png")
    assert browser.get(f"/attachments/{file.pk}/photo.png").content == PICTURE


def test_a_stranger_gets_no_file_and_no_message(log_in: LogIn, stranger: Agent, message: Message) -> None:
    browser = log_in(stranger)
    for file in Attachment.objects.all():
        assert browser.get(f"/attachments/{file.pk}/{file.filename}").status_code == 404
    assert browser.get(f"/messages/{message.pk}/").status_code == 404
    assert browser.post(f"/messages/{message.pk}/undo/").status_code in {303, 404}
    assert browser.post(f"/messages/{message.pk}/retry/").status_code == 404
    assert browser.get("/sent/").status_code == 200
    assert Conversation.objects.get().subject not in browser.get("/search/?q=look").content.decode()


def test_a_forged_form_is_refused(owner: Agent, message: Message) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(owner)
    answer = browser.post(f"/conversations/{message.conversation_id}/close/")
    assert answer.status_code == 403


def test_numbers_beyond_all_measure_are_not_found(browser: Client, team: Team) -> None:
    huge = "9" * 30
    for address in (
        f"/conversations/{huge}/",
        f"/attachments/{huge}/x",
        f"/messages/{huge}/",
        f"/promises/{huge}/",
        f"/customers/{huge}/",
        f"/sent/{huge}/",
        f"/needs-a-person/{huge}/raw/",
        f"/saved-replies/{huge}/",
        "/inbox/nowhere/",
    ):
        assert browser.get(address).status_code == 404, address
    for address in (
        f"/sent/?before={huge}",
        f"/customers/?cursor={huge}",
        "/promises/?cursor=x|y",
    ):
        assert browser.get(address).status_code == 200, address
    nonsense = browser.get("/inbox/open/?cursor=nonsense")
    assert nonsense.status_code == 422
    assert "&#x27;nonsense&#x27; is no place in this list." in nonsense.content.decode()


def test_a_refusal_never_sends_its_reader_elsewhere(browser: Client, message: Message) -> None:
    answer = browser.post(
        f"/conversations/{message.conversation_id}/snooze/",
        {"until": "never"},
        HTTP_REFERER="https://elsewhere.example/",
    )
    assert answer["Location"] == "/"


def test_characters_that_cannot_be_kept_are_refused_or_left_out(browser: Client, message: Message) -> None:
    place = f"/conversations/{message.conversation_id}/"
    for address in ("/inbox/open/?tag=%00", "/search/?q=%00", "/customers/?q=a%00b"):
        assert browser.get(address).status_code == 422, address
    assert browser.post(f"{place}tags/", {"add": "a\x00b"}).status_code == 303
    assert (
        browser.post(f"{place}reply/", {"markdown": "a\x00b"}, HTTP_ACCEPT="application/json").status_code
        == 422
    )
    draft = '{"markdown": "a\\u0000b\\ud800", "text": "a\\u0000b", "kind": "reply", "revision": 0}'
    kept = browser.post(f"{place}draft/", draft, content_type="application/json")
    assert kept.status_code == 200
    assert Draft.objects.get().markdown == "ab?"
    for wrong in ("", "[]", "{", "[" * 100_000):
        answer = browser.post(
            f"{place}draft/", wrong, content_type="application/json", HTTP_ACCEPT="application/json"
        )
        assert answer.status_code == 422, wrong[:10]
