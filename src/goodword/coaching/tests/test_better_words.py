"""Better words are offered, by the coach or by a model whose additions the coach refuses."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from goodword.coaching import actions, model_door
from goodword.coaching.model_door import ModelError

pytestmark = pytest.mark.django_db

ASKED = "Where is my refund of €40? This is the second time I ask."
DRAFT = "Hi Ana,\n\nAt this time the the refund is with your bank.\n\nTom"


class Model(BaseHTTPRequestHandler):
    """A model's server that answers what the test wants."""

    def do_POST(self):
        self.server.asked.append(
            (self.path, self.headers["Authorization"], self.rfile.read(int(self.headers["Content-Length"])))
        )
        self.send_response(self.server.status)
        self.send_header("Location", "http://elsewhere.example/")
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *args):
        pass


@pytest.fixture
def model(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
    server.asked, server.status, server.answer = [], 200, b""
    settings.MODEL_URL = f"http://127.0.0.1:{server.server_port}/v1"
    settings.MODEL_KEY = "a-key"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def says(words):
    return json.dumps({"choices": [{"message": {"content": words}}]}).encode()


def in_model_words():
    return actions.in_model_words(draft=DRAFT, customer_message=ASKED, customer_name="Ana")


def test_the_coach_makes_the_safe_changes_and_says_why():
    made = actions.make_better(draft=DRAFT, customer_message="Where is my refund?", customer_name="Ana")
    assert "the the" not in made["text"]
    assert all(change["why"] for change in made["changes"])


def test_a_model_that_keeps_to_the_facts_is_passed_on(model):
    model.answer = says("Hi Ana,\n\nYour refund of €40 is with your bank now.\n\nTom")
    made = in_model_words()
    assert made == {"text": "Hi Ana,\n\nYour refund of €40 is with your bank now.\n\nTom", "refused": []}
    path, key, body = model.asked[0]
    assert (path, key) == ("/v1/chat/completions", "Bearer a-key")
    assert ASKED in json.loads(body)["messages"][1]["content"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("Hi Ana, the refund is with your bank. I'll call you tomorrow.", "promises something"),
        ("Hi Ana, the refund of €45 is with your bank.", "45"),
        ("Hi Ana, see https://bank.example/refunds.", "bank.example"),
    ],
)
def test_a_model_that_adds_a_promise_or_a_fact_is_refused_with_the_reason(model, words, why):
    model.answer = says(words)
    made = in_model_words()
    assert made["text"] == ""
    assert why in " ".join(made["refused"])


@pytest.mark.parametrize(
    ("status", "answer"),
    [(500, b""), (302, b""), (200, b"no json"), (200, b"{}"), (200, says("  ")), (200, b"x" * 500_000)],
)
def test_a_model_that_fails_is_told_in_a_sentence(model, status, answer):
    model.status, model.answer = status, answer
    with pytest.raises(ModelError, match="model"):
        in_model_words()
    assert len(model.asked) == 1


def test_a_slow_model_is_given_up_in_time(model, monkeypatch):
    waiting = threading.Event()
    monkeypatch.setattr(model_door, "WITHIN", 0.2)
    monkeypatch.setattr(Model, "do_POST", lambda self: waiting.wait(20))
    with pytest.raises(ModelError, match="no answer"):
        in_model_words()
    waiting.set()


def test_without_a_model_nothing_is_asked():
    assert not model_door.is_set_up()
    with pytest.raises(ModelError, match="GOODWORD_MODEL_URL"):
        in_model_words()
