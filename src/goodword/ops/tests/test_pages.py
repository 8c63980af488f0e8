"""A WSGI application answers whole through an ASGI server, each request in a context of its own."""

import io
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any

from asgiref.sync import async_to_sync

from goodword.ops.pages import Pages

SCOPE = {
    "type": "http",
    "method": "POST",
    "path": "/café/",
    "query_string": b"a=1",
    "http_version": "1.1",
    "headers": [(b"content-type", b"text/plain"), (b"x-told", b"one"), (b"x-told", b"two")],
}
left_behind: ContextVar[str] = ContextVar("left_behind", default="nothing")


class Letter(list[bytes]):
    """Pieces of an answer that know whether they were let go of."""

    closed = False

    def close(self) -> None:
        self.closed = True


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Tells what it was asked, and what the request before left behind."""
    path = environ["PATH_INFO"].encode("latin1").decode()
    told = [path, environ["QUERY_STRING"], environ["HTTP_X_TOLD"], environ["wsgi.input"].read().decode()]
    told.append(left_behind.get())
    left_behind.set("something")
    start("201 Created", [("Content-Type", "text/plain"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    letter = Letter(word.encode() + b"\n" for word in told)
    environ["asgi.scope"]["letter"] = letter
    return letter


def ask(pages: Pages, body: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    said: list[dict[str, Any]] = []
    scope: dict[str, Any] = dict(SCOPE)

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    async_to_sync(pages)(scope, io.BytesIO(body), send)
    return scope, said


def test_an_answer_comes_whole_with_its_headers_and_is_let_go_of() -> None:
    scope, (head, rest) = ask(Pages(application, threads=1), b"words")
    assert head["status"] == 201
    assert head["headers"] == [
        (b"content-type", b"text/plain"),
        (b"set-cookie", b"a=1"),
        (b"set-cookie", b"b=2"),
    ]
    assert rest["body"].decode().splitlines() == ["/café/", "a=1", "one,two", "words", "nothing"]
    assert not rest.get("more_body")
    assert scope["letter"].closed


def test_a_request_finds_nothing_of_the_one_before_it() -> None:
    pages = Pages(application, threads=1)
    for _time in range(2):
        _scope, (_head, rest) = ask(pages, b"")
        assert rest["body"].splitlines()[-1] == b"nothing"
