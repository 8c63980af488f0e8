"""Mail handed to a provider by HTTP: what got no answer may have left, and is never sent by itself again."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from goodword.mail import outbox
from goodword.mail.actions import queue
from goodword.mail.models import OutgoingMail

from .test_sending import letter

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
        body = json.dumps(answer).encode()
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


@pytest.mark.parametrize("then", [None, 502, 504], ids=["silence", "bad gateway", "gateway timeout"])
def test_a_mail_that_gets_no_answer_over_an_open_connection_is_not_sent_twice(
    provider: Provider, then: int | None
) -> None:
    provider.then = then
    for name in ("one", "two"):
        queue(letter=letter(message_id=f"<{name}@desk.example>", subject=name))
    outbox.send_due()
    assert provider.taken == ["one", "two"]
    states = OutgoingMail.objects.order_by("id").values_list("state", flat=True)
    assert list(states) == [OutgoingMail.State.SENT, OutgoingMail.State.UNKNOWN]


def test_a_provider_that_cannot_be_reached_is_tried_again(provider: Provider, settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings.ANYMAIL = settings.ANYMAIL | {"POSTMARK_API_URL": f"http://127.0.0.1:{port}/"}
    mail = queue(letter=letter())
    outbox.send_due()
    mail.refresh_from_db()
    assert mail.state == OutgoingMail.State.QUEUED
    assert mail.error.startswith("The mail provider could not be reached")
