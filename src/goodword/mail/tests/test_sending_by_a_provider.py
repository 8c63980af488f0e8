"""Mail handed to a provider by HTTP: what got no answer may have left, and is never sent by itself again."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone

from goodword.mail import outbox
from goodword.mail.actions import queue
from goodword.mail.models import DomainPace, OutgoingMail

from .test_sending import letter

State = OutgoingMail.State

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailWarning"),
]


class Sending(BaseHTTPRequestHandler):
    """Takes every mail; answers to the first one only, and then with what `server.then` says."""

    server: "Provider"
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.taken.append(given["Subject"])
        first = len(self.server.taken) == 1
        if not first and self.server.then is None:
            self.close_connection = True
            return
        answer = {"To": given["To"], "ErrorCode": 0, "Message": "OK", "MessageID": "1", "SubmittedAt": ""}
        body = json.dumps(answer).encode() if first or self.server.readable else b"<h1>Thank you</h1>"
        self.send_response(200 if first else self.server.then or 0)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Be quiet."""


class Provider(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Sending)
        self.taken: list[str] = []
        self.then: int | None = None
        self.readable = True


def states() -> list[str]:
    return list(OutgoingMail.objects.order_by("id").values_list("state", flat=True))


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    server = Provider()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {
        "POSTMARK_SERVER_TOKEN": "token",
        "POSTMARK_API_URL": f"http://127.0.0.1:{server.server_port}/",
    }
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("then", [None, 200, 408, 500, 502, 503, 504])
def test_a_mail_that_gets_no_clear_answer_is_not_sent_twice(provider: Provider, then: int | None) -> None:
    provider.then, provider.readable = then, then != 200
    for name in ("one", "two"):
        queue(letter=letter(message_id=f"<{name}@desk.example>", subject=name))
    outbox.send_due()
    OutgoingMail.objects.update(not_before=timezone.now())
    DomainPace.objects.all().delete()
    outbox.settle_lost()
    outbox.send_due()
    assert provider.taken == ["one", "two"]
    assert states() == [State.SENT, State.UNKNOWN]
    assert "may or may not have left" in OutgoingMail.objects.latest("id").error


@pytest.mark.parametrize(("then", "state"), [(429, State.QUEUED), (400, State.FAILED), (401, State.FAILED)])
def test_a_mail_that_was_surely_not_taken_waits_or_has_failed(
    provider: Provider, then: int, state: OutgoingMail.State
) -> None:
    provider.then = then
    for name in ("one", "two"):
        queue(letter=letter(message_id=f"<{name}@desk.example>", subject=name))
    outbox.send_due()
    assert states() == [State.SENT, state]


def test_a_provider_that_cannot_be_reached_is_tried_again(provider: Provider, settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings.ANYMAIL = settings.ANYMAIL | {"POSTMARK_API_URL": f"http://127.0.0.1:{port}/"}
    mail = queue(letter=letter())
    outbox.send_due()
    mail.refresh_from_db()
    assert mail.state == OutgoingMail.State.QUEUED
    assert mail.error.startswith("The mail provider could not be reached")
