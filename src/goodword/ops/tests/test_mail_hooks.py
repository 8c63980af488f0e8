"""The large mail senders bring mail by HTTP: each in the form it documents, signed as it documents."""

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import requests
from django.db import connection
from urllib3 import encode_multipart_formdata

from goodword.api.hooks import fetching, views
from goodword.api.hooks.refusing import Refusals
from goodword.kit import config
from goodword.mail.models import Delivery, Mailbox, RawMail
from goodword.mail.parsing import parse

from .serving import served

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailWarning"),
]

SECRET = "goodword:a-long-password"
KEY = "key-0123456789abcdef"
SVIX = "whsec_" + base64.b64encode(b"a secret of Resend").decode()
HOOKS = (
    f"mailgun?webhook_signing_key={KEY} postmark?secret={SECRET} sendgrid?secret={SECRET} "
    f"amazon_ses?secret={SECRET} sparkpost?secret={SECRET} mandrill?webhook_key={KEY} "
    f"mailjet?secret={SECRET} mailersend?inbound_secret={KEY}&signing_secret={KEY} "
)
FILE = bytes(range(256)) * 3 + b"\r\n--\r\n\x00"
RAW = (
    b"From: Carla <carla@example.org>\r\nTo: care@desk.example\r\nMessage-ID: <one@example.org>\r\n"
    b"Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nSubject: Gr\xc3\xbc\xc3\x9fe\r\n\r\n"
    b"Where is my parcel?\r\n"
)
EIGHT_BIT = RAW + b"caf\xe9 \xff\x00\r\n\n\r"
HEADERS = [
    ("From", "Carla <carla@example.org>"),
    ("To", "care@desk.example"),
    ("Message-ID", "<one@example.org>"),
    ("Date", "Sat, 21 Nov 2026 10:00:00 +0000"),
    ("Subject", "Grüße"),
    ("Received", "from a by b"),
    ("Received", "from b by c"),
    ("Content-Type", 'multipart/mixed; boundary="of the mail as it was"'),
]


@dataclass
class Posted:
    """A call as a sender makes it."""

    path: str
    body: bytes
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)

    def to(self, house: str, **headers: str) -> requests.Response:
        """Send it."""
        sent = {"Content-Type": self.kind, **self.headers, **headers}
        return requests.post(f"{house}/hooks/mail/{self.path}", data=self.body, headers=sent, timeout=60)


def basic(secret: str = SECRET) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()}


def in_form(path: str, fields: list[tuple[str, Any]], **headers: str) -> Posted:
    body, kind = encode_multipart_formdata(fields)
    return Posted(path, body, kind, headers)


def signed_by_mailgun(fields: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    token, moment = "t" * 50, "1795341600"
    signature = hmac.new(KEY.encode(), f"{moment}{token}".encode(), hashlib.sha256).hexdigest()
    return [*fields, ("timestamp", moment), ("token", token), ("signature", signature)]


def mailgun_raw() -> Posted:
    fields = [("recipient", "care@desk.example"), ("sender", "carla@example.org"), ("body-mime", EIGHT_BIT)]
    return in_form("mailgun/mime", signed_by_mailgun(fields))


def mailgun_raw_in_a_plain_form() -> Posted:
    fields = [("recipient", "care@desk.example"), ("sender", "carla@example.org"), ("body-mime", EIGHT_BIT)]
    body = urlencode(signed_by_mailgun(fields)).encode()
    return Posted("mailgun/mime", body, "application/x-www-form-urlencoded")


def mailgun_parsed() -> Posted:
    fields = [
        ("recipient", "care@desk.example"),
        ("sender", "carla@example.org"),
        ("message-headers", json.dumps(HEADERS)),
        ("body-plain", "Where is my parcel? €"),
        ("body-html", "<p>Where is my parcel? €</p>"),
        ("attachment-count", "2"),
        ("content-id-map", json.dumps({"<photo>": "attachment-2"})),
        ("attachment-1", ("Grüße.bin", FILE, "application/x-thing")),
        ("attachment-2", ("", FILE, "image/png")),
    ]
    return in_form("mailgun/inbound/", signed_by_mailgun(fields))


def postmark_raw() -> Posted:
    said = {"RawEmail": RAW.decode(), "OriginalRecipient": "care@desk.example", "Headers": []}
    return Posted("postmark/inbound/", json.dumps(said).encode(), headers=basic())


def postmark_parsed() -> Posted:
    given = [{"Name": "Return-Path", "Value": "<carla@example.org>"}]
    apart = {"From", "To", "Subject", "Date", "Content-Type"}
    given += [{"Name": name, "Value": value} for name, value in HEADERS if name not in apart]
    said = {
        "From": "Carla <carla@example.org>",
        "To": "care@desk.example",
        "Subject": "Grüße",
        "Date": "Sat, 21 Nov 2026 10:00:00 +0000",
        "OriginalRecipient": "care@desk.example",
        "Headers": given,
        "TextBody": "Where is my parcel? €",
        "HtmlBody": "<p>Where is my parcel? €</p>",
        "Attachments": [
            {
                "Name": "Grüße.bin",
                "Content": base64.b64encode(FILE).decode(),
                "ContentType": "application/x-thing",
                "ContentLength": len(FILE),
            },
            {
                "Name": "",
                "Content": base64.b64encode(FILE).decode(),
                "ContentType": "image/png",
                "ContentID": "photo",
            },
        ],
    }
    return Posted("postmark/inbound/", json.dumps(said).encode(), headers=basic())


ENVELOPE = ("envelope", json.dumps({"to": ["care@desk.example"], "from": "carla@example.org"}))


def sendgrid_raw() -> Posted:
    return in_form("sendgrid/inbound/", [ENVELOPE, ("email", EIGHT_BIT)], **basic())


def sendgrid_parsed() -> Posted:
    fields = [
        ENVELOPE,
        ("headers", "".join(f"{name}: {value}\n" for name, value in HEADERS)),
        ("charsets", json.dumps({"text": "windows-1252", "html": "UTF-8"})),
        ("text", "Where is my parcel? €".encode("windows-1252")),
        ("html", "<p>Where is my parcel? €</p>"),
        ("attachment-info", json.dumps({"attachment1": {}, "attachment2": {"content-id": "photo"}})),
        ("attachment1", ("Grüße.bin", FILE, "application/x-thing")),
        ("attachment2", ("", FILE, "image/png")),
    ]
    return in_form("sendgrid/inbound/", fields, **basic())


def by_sns(kind: str, message: Any, path: str = "amazon_ses/inbound/", **more: str) -> Posted:
    text = message if isinstance(message, str) else json.dumps(message)
    body = {
        "Type": kind,
        "MessageId": "19ba9823",
        "TopicArn": "arn:aws:sns:us-east-1:123:mail",
        "Message": text,
    }
    headers = {"x-amz-sns-message-type": kind, "x-amz-sns-message-id": "19ba9823"}
    return Posted(path, json.dumps(body | more).encode(), "text/plain; charset=UTF-8", {**headers, **basic()})


def amazon_ses() -> Posted:
    event = {
        "notificationType": "Received",
        "mail": {"source": "carla@example.org", "messageId": "fake", "timestamp": "2026-11-21T10:00:00.000Z"},
        "receipt": {"recipients": ["care@desk.example"], "action": {"type": "SNS", "encoding": "BASE64"}},
        "content": base64.b64encode(EIGHT_BIT).decode(),
    }
    return by_sns("Notification", event)


def sparkpost() -> Posted:
    message = {
        "protocol": "smtp",
        "rcpt_to": "care@desk.example",
        "msg_from": "carla@example.org",
        "content": {
            "email_rfc822": base64.b64encode(EIGHT_BIT).decode(),
            "email_rfc822_is_base64": True,
        },
    }
    body = [{"msys": {}}, {"msys": {"relay_message": message}}]
    return Posted("sparkpost/inbound/", json.dumps(body).encode(), headers=basic())


def signed_by_mandrill(path: str, events: Any, house: str = "http://127.0.0.1:8000") -> Posted:
    said = json.dumps(events)
    signed = f"{house}/hooks/mail/{path}mandrill_events{said}"
    signature = base64.b64encode(hmac.digest(KEY.encode(), signed.encode(), hashlib.sha1)).decode()
    body = urlencode({"mandrill_events": said}).encode()
    return Posted(path, body, "application/x-www-form-urlencoded", {"X-Mandrill-Signature": signature})


def mandrill() -> Posted:
    event = {
        "event": "inbound",
        "ts": 1795341600,
        "msg": {"raw_msg": RAW.decode(), "email": "care@desk.example"},
    }
    return signed_by_mandrill("mandrill/inbound/", [event])


def mailjet() -> Posted:
    headers: dict[str, Any] = {}
    for name, value in HEADERS:
        headers[name] = [headers[name], value] if name in headers else value
    said = {
        "Sender": "carla@example.org",
        "Recipient": "care@desk.example",
        "Headers": headers,
        "Text-part": "Where is my parcel? €",
        "Html-part": "<p>Where is my parcel? €</p>",
        "Parts": [
            {"ContentRef": "Text-part", "Headers": {"Content-Type": "text/plain"}},
            {
                "ContentRef": "Attachment1",
                "Headers": {
                    "Content-Type": "application/x-thing",
                    "Content-Disposition": "attachment; filename*=utf-8''Gr%C3%BC%C3%9Fe.bin",
                },
            },
            {
                "ContentRef": "InlineAttachment1",
                "Headers": {"Content-Type": "image/png", "Content-ID": "<photo>"},
            },
        ],
        "Attachment1": base64.b64encode(FILE).decode(),
        "InlineAttachment1": base64.b64encode(FILE).decode(),
    }
    return Posted("mailjet/inbound/", json.dumps(said).encode(), headers=basic())


def mailersend() -> Posted:
    said = {
        "type": "inbound.message",
        "data": {
            "id": "1",
            "sender": {"email": "carla@example.org"},
            "recipients": {"rcptTo": [{"email": "care@desk.example"}]},
            "raw": RAW.decode(),
        },
    }
    body = json.dumps(said).encode()
    signature = hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()
    return Posted("mailersend/inbound/", body, headers={"Signature": signature})


WHOLE = {
    "mailgun": (mailgun_raw, EIGHT_BIT),
    "mailgun, plain form": (mailgun_raw_in_a_plain_form, EIGHT_BIT),
    "postmark": (postmark_raw, RAW),
    "sendgrid": (sendgrid_raw, EIGHT_BIT),
    "amazon_ses": (amazon_ses, EIGHT_BIT),
    "sparkpost": (sparkpost, EIGHT_BIT),
    "mandrill": (mandrill, RAW),
    "mailersend": (mailersend, RAW),
}
IN_PARTS = {
    "mailgun": mailgun_parsed,
    "postmark": postmark_parsed,
    "sendgrid": sendgrid_parsed,
    "mailjet": mailjet,
}
CALLS: list[Callable[[], Posted]] = [made for made, _raw in WHOLE.values()] + list(IN_PARTS.values())


class World:
    """A web server of the world outside: what it is asked, and what it answers."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.keys: set[str] = set()
        self.answers: dict[str, bytes] = {}
        self.moved: dict[str, str] = {}
        world = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                world.asked.append(self.path)
                world.keys |= {self.headers.get("Authorization", ""), self.headers.get("api-key", "")}
                answer = world.answers.get(self.path)
                if self.path in world.moved:
                    self.send_response(302)
                    self.send_header("Location", world.moved[self.path])
                    return self.end_headers()
                self.send_response(200 if answer is not None or self.path == "/" else 404)
                self.end_headers()
                self.wfile.write(answer or b"")

            def log_message(self, *arguments: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(autouse=True)
def nobody_was_refused_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test calls from the same address, and none is to wait for what another was refused."""
    monkeypatch.setattr(views, "refusals", Refusals())


@pytest.fixture
def outside_world() -> Iterator[World]:
    """It, for one test."""
    world = World()
    yield world
    world.server.shutdown()
    world.server.server_close()


def test_a_key_follows_no_redirect_to_another_server(outside_world: World) -> None:
    other = World()
    other.answers["/file"] = FILE
    outside_world.moved = {"/a": f"{other.url}file", "/b": "http://elsewhere.example/file"}
    try:
        found = fetching.fetch(f"{outside_world.url}a", limit=10_000, headers={"api-key": KEY})
    finally:
        other.server.shutdown()
        other.server.server_close()
    assert (found, outside_world.keys, other.keys) == (FILE, {"", KEY}, {""})
    with pytest.raises(fetching.NotFetched, match="is not one of https"):
        fetching.fetch(f"{outside_world.url}b", limit=10_000)


@pytest.fixture
def house(mailbox: Mailbox, settings: Any) -> Iterator[str]:
    """A house that lets these senders call."""
    settings.CONFIG = config.load({"GOODWORD_MAIL_HOOKS": HOOKS})
    views.refusals.__init__()
    with served() as address:
        yield address


@pytest.mark.parametrize("name", WHOLE)
def test_a_mail_that_comes_whole_is_kept_byte_for_byte(house: str, name: str) -> None:
    made, raw = WHOLE[name]
    assert made().to(house).status_code == 200
    kept = RawMail.objects.get()
    assert bytes(kept.raw) == raw
    assert kept.source == name.split(",")[0]
    assert kept.envelope_to == ["care@desk.example"]


@pytest.mark.parametrize("name", IN_PARTS)
def test_a_mail_that_comes_in_parts_is_put_together_and_loses_no_byte(house: str, name: str) -> None:
    assert IN_PARTS[name]().to(house).status_code == 200
    kept = RawMail.objects.get()
    mail = parse(bytes(kept.raw))
    assert (mail.message_id, mail.subject) == ("<one@example.org>", "Grüße")
    assert mail.from_ is not None
    assert mail.from_.email == "carla@example.org"
    assert mail.text.strip() == "Where is my parcel? €"
    assert mail.html is not None
    assert "Where is my parcel? €" in mail.html
    assert bytes(kept.raw).count(b"\r\nReceived: ") == 2
    files = {part.content_type: part for part in mail.attachments}
    assert files["application/x-thing"].filename == "Grüße.bin"
    assert files["image/png"].content_id == "photo"
    assert [part.data for part in mail.attachments] == [FILE, FILE]
    assert (kept.envelope_from, kept.envelope_to) == ("carla@example.org", ["care@desk.example"])


def test_a_mail_that_is_brought_twice_is_kept_once(house: str) -> None:
    for made in CALLS:
        assert [made().to(house).status_code for _time in range(2)] == [200, 200]
    # All of them brought the same mail: one Message-ID, one sender, one date, one subject.
    assert RawMail.objects.count() == 1
    assert Delivery.objects.filter(outcome=Delivery.Outcome.KEPT).count() == 1
    assert Delivery.objects.filter(outcome=Delivery.Outcome.REPEATED).count() == 2 * len(CALLS) - 1


def test_calls_with_a_wrong_secret_or_signature_are_refused(house: str) -> None:
    for made in CALLS:
        call = made()
        if "Authorization" in call.headers:
            forged = [call.to(house, **basic("goodword:another-password"))]
            del call.headers["Authorization"]
            unsigned = call.to(house)
            assert unsigned.status_code == 401
            assert unsigned.headers["WWW-Authenticate"].startswith("Basic ")
        else:
            call.body = call.body.replace(b"desk.example", b"evil.example").replace(b"tttt", b"ssss")
            forged = [call.to(house)]
        assert [answer.status_code for answer in forged] == [403], call.path
    assert not RawMail.objects.exists()


def test_while_the_database_is_away_the_sender_is_asked_to_call_again(house: str) -> None:
    for made in CALLS:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE mail_rawmail RENAME TO away")
        try:
            answer = made().to(house)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE away RENAME TO mail_rawmail")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        assert made().to(house).status_code == 200
    assert RawMail.objects.count() == 1


def test_a_sender_that_is_not_set_is_not_there(house: str) -> None:
    for path in ("brevo/inbound/", "postal/tracking/", "nobody/inbound/", "mailgun/elsewhere/"):
        assert Posted(path, b"{}", headers=basic()).to(house).status_code == 404
    assert requests.get(f"{house}/hooks/mail/postmark/inbound/", timeout=60).status_code == 405


@pytest.mark.parametrize(
    ("hooks", "path"),
    [
        (f"brevo?secret={SECRET}", "brevo/inbound/"),
        ("sendgrid?tracking_webhook_verification_key=no-key-at-all", "sendgrid/tracking/"),
    ],
)
def test_a_key_that_is_missing_or_none_is_told(house: str, settings: Any, hooks: str, path: str) -> None:
    settings.CONFIG = config.load({"GOODWORD_MAIL_HOOKS": hooks})
    answer = Posted(path, b"[]", headers=basic()).to(house)
    assert (answer.status_code, answer.text[:22]) == (500, "The call cannot be tak")


def test_a_call_that_cannot_be_read_is_told_and_stops_nothing(house: str) -> None:
    for body in (b"", b"{", b"[]", b"{}", b'{"RawEmail": 7}', b"\xff"):
        assert Posted("postmark/inbound/", body, headers=basic()).to(house).status_code == 422
    assert postmark_raw().to(house).status_code == 200


def test_one_empty_mail_among_several_keeps_no_other_from_it(house: str) -> None:
    events = [
        {"event": "inbound", "msg": {"raw_msg": raw, "email": "care@desk.example"}}
        for raw in (" ", RAW.decode())
    ]
    assert signed_by_mandrill("mandrill/inbound/", events).to(house).status_code == 200
    assert bytes(RawMail.objects.get().raw) == RAW


def test_a_mail_that_is_too_large_is_refused(house: str, settings: Any) -> None:
    more = {"GOODWORD_MAIL_HOOKS": HOOKS, "GOODWORD_MAIL_MAX_BYTES": "1024"}
    settings.CONFIG = config.load(more)
    large = {"RawEmail": RAW.decode() + "x" * 1024, "Headers": []}
    assert (
        Posted("postmark/inbound/", json.dumps(large).encode(), headers=basic()).to(house).status_code == 413
    )
    settings.HOOK_MAX_BYTES = 10
    assert postmark_raw().to(house).status_code == 413


def test_of_whom_shows_no_secret_little_is_taken_and_the_answer_is_the_same(house: str) -> None:
    """They are refused by their headers, long before the mail that they announce is there."""
    host, port = urlsplit(house).hostname or "", urlsplit(house).port
    for headers, status in ((basic("goodword:guess-number-1"), 403), ({}, 401)):
        with socket.create_connection((host, port or 0), timeout=30) as line:
            said = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            head = f"POST /hooks/mail/postmark/inbound/ HTTP/1.1\r\nHost: {host}\r\n{said}"
            line.sendall(f"{head}Content-Length: 20000000\r\n\r\n".encode() + b" " * 70_000)
            answer = line.recv(4096)
            assert answer.startswith(f"HTTP/1.1 {status} ".encode())
            assert b"connection: close" in answer.lower()


def test_who_guesses_secrets_is_told_to_wait_and_keeps_nobody_from_bringing_mail(house: str) -> None:
    statuses = [
        postmark_raw().to(house, **basic(f"goodword:guess-number-{n}")).status_code for n in range(62)
    ]
    assert set(statuses[:60]) == {403}
    assert set(statuses[60:]) == {429}
    assert postmark_raw().to(house).status_code == 200


def test_a_subscription_is_confirmed_to_those_with_the_secret_and_at_amazon_only(
    house: str, outside_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = by_sns("SubscriptionConfirmation", "Confirm", SubscribeURL=outside_world.url)
    assert foreign.to(house).status_code == 403
    assert foreign.to(house, **basic("goodword:another-password")).status_code == 403
    # Amazon's own address cannot be called from here, so this one plays its part.
    monkeypatch.setattr("goodword.api.hooks.amazon.is_amazon", lambda url: url == outside_world.url)
    assert foreign.to(house, **basic("goodword:another-password")).status_code == 403
    assert outside_world.asked == []
    assert foreign.to(house).status_code == 200
    assert outside_world.asked == ["/"]


def svix(path: str, said: Any, moment: int | None = None) -> Posted:
    body, when = json.dumps(said).encode(), str(moment or int(time.time()))
    signed = b"msg_1." + when.encode() + b"." + body
    signature = base64.b64encode(hmac.digest(b"a secret of Resend", signed, hashlib.sha256)).decode()
    headers = {"svix-id": "msg_1", "svix-timestamp": when, "svix-signature": f"v1,bad= v1,{signature}"}
    return Posted(path, body, headers=headers)


@pytest.fixture
def asking(mailbox: Mailbox, outside_world: World, settings: Any) -> Iterator[str]:
    """A house with the senders whose calls only say where a mail or its files are."""
    at = outside_world.url.rstrip("/")
    hooks = f"resend?inbound_secret={SVIX}&api_key=re_1&api_url={at} "
    hooks += f"mailtrap?inbound_secret={KEY}&api_token=mt_1&api_url={at} "
    hooks += f"brevo?secret={SECRET}&api_key=br_1&api_url={at}"
    settings.CONFIG = config.load({"GOODWORD_MAIL_HOOKS": hooks})
    outside_world.answers = {
        "/emails/receiving/e-1": json.dumps({"raw": {"download_url": f"{at}/raw"}}).encode(),
        "/inbound/inboxes/7/messages/m-1": json.dumps({"raw_message_url": f"{at}/raw"}).encode(),
        "/raw": EIGHT_BIT,
    }
    with served() as address:
        yield address


def resend() -> Posted:
    return svix(
        "resend/inbound/",
        {"type": "email.received", "data": {"email_id": "e-1", "to": ["care@desk.example"]}},
    )


def mailtrap() -> Posted:
    events = [{"event": "inbound.message_received", "inbox_id": 7, "message_id": "m-1", "timestamp": 1}]
    body = json.dumps({"events": events}).encode()
    signature = hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()
    return Posted("mailtrap/inbound/", body, headers={"Mailtrap-Signature": signature})


@pytest.mark.parametrize("made", [resend, mailtrap], ids=["resend", "mailtrap"])
def test_a_mail_that_is_only_pointed_to_is_asked_for(
    asking: str, outside_world: World, made: Callable[[], Posted]
) -> None:
    answers, outside_world.answers = outside_world.answers, {}
    assert made().to(asking).status_code == 503
    outside_world.answers = answers
    assert [made().to(asking).status_code for _time in range(2)] == [200, 200]
    assert bytes(RawMail.objects.get().raw) == EIGHT_BIT
    assert outside_world.keys & {"Bearer re_1", "Bearer mt_1"}


def test_files_that_are_only_pointed_to_are_asked_for(asking: str, outside_world: World) -> None:
    item = {
        "Headers": dict(HEADERS) | {"Delivered-To": "care@desk.example"},
        "RawTextBody": "Where is my parcel?",
        "Attachments": [{"Name": "a.bin", "ContentType": "application/x-thing", "DownloadToken": "t/1"}],
    }
    call = Posted("brevo/inbound/", json.dumps({"items": [item]}).encode(), headers=basic())
    assert call.to(asking).status_code == 503
    assert not RawMail.objects.exists()
    outside_world.answers["/inbound/attachments/t%2F1"] = FILE
    assert call.to(asking).status_code == 200
    assert [part.data for part in parse(bytes(RawMail.objects.get().raw)).attachments] == [FILE]
    assert "br_1" in outside_world.keys


def test_an_old_or_changed_call_of_resend_is_refused(asking: str) -> None:
    call = resend()
    call.body += b" "
    assert call.to(asking).status_code == 403
    assert svix("resend/inbound/", {}, moment=int(time.time()) - 3600).to(asking).status_code == 403
