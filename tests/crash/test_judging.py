"""The crash test itself: what it takes for 'come again', and that a run without events is no good one."""

import random
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from .feeder import Feeder
from .mails import CARE, Mail
from .verdict import Verdict

MAIL = Mail(raw=b"Subject: hello\r\n\r\nhello\r\n", sender="carla@customers.example", customer=1, kind="new",
            mailboxes=(CARE,))  # fmt: skip
Serve = Callable[[dict[str, str]], int]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A mail server that gives set answers, by the first word of a command; '' hangs up."""
    servers: list[socket.socket] = []

    def start(answers: dict[str, str]) -> int:
        servers.append(socket.create_server(("127.0.0.1", 0)))
        threading.Thread(target=_talk, args=(servers[-1], answers), daemon=True).start()
        return int(servers[-1].getsockname()[1])

    yield start
    for server in servers:
        server.close()


def _talk(server: socket.socket, answers: dict[str, str]) -> None:
    client, _address = server.accept()
    with client, client.makefile("rb") as lines, suppress(OSError):
        client.sendall(b"220 here\r\n")
        content = False
        for line in lines:
            word = "." if content and line == b".\r\n" else line[:4].decode().upper()
            if content and word != ".":
                continue
            answer = answers.get(word, "354 go on" if word == "DATA" else "250 well")
            content = answer.startswith("354")
            if not answer:
                return
            client.sendall(answer.encode() + b"\r\n")


def feeder(port: int = 0, **environ: str) -> Feeder:
    nobody: Any = None
    return Feeder(
        maker=nobody, chance=random.Random(1), total=0, ports=[port], lmtp_port=port, environ=environ,
        sink=Path("/nowhere"), imap=nobody,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "settled", "refused"),
    [
        ({}, True, 0),
        ({"RCPT": "451 later"}, False, 0),
        ({"RCPT": "550 no such mailbox"}, True, 1),
        ({"MAIL": "452 full"}, False, 0),
        ({".": "451 later"}, False, 0),
        ({".": "554 never"}, True, 1),
        ({".": ""}, False, 0),
        ({".": "45"}, False, 0),
    ],
)
def test_a_mail_is_offered_again_only_when_the_server_says_later_or_is_gone(
    answers: dict[str, str], settled: bool, refused: int, serve: Serve
) -> None:
    one = feeder(serve(answers))
    _road, done = one._by_smtp(MAIL, random.Random(3))
    assert (done, len(one.refused)) == (settled, refused)


@pytest.mark.parametrize(
    ("code", "settled", "refused"), [(0, True, 0), (75, False, 0), (1, True, 1), (2, True, 1), (65, True, 1)]
)
def test_a_piped_mail_is_offered_again_only_on_code_75(
    code: int, settled: bool, refused: int, tmp_path: Path
) -> None:
    house = tmp_path / "goodword"
    house.mkdir()
    (house / "__init__.py").touch()
    (house / "__main__.py").write_text(f"import sys\nsys.stdin.buffer.read()\nsys.exit({code})\n")
    one = feeder(PYTHONPATH=str(tmp_path))
    assert (one._by_pipe(MAIL), len(one.refused)) == (settled, refused)


def test_a_run_that_could_not_show_anything_is_no_good_one() -> None:
    verdict = Verdict()
    verdict.need("processes killed in their work", 3)
    verdict.need("times that PostgreSQL crashed", 2, least=2)
    assert not verdict.faults
    verdict.need("replies at the sink", 0)
    verdict.need("times that PostgreSQL crashed", 1, least=2)
    assert verdict.faults == [
        "replies at the sink: 0, and there must be 1 at least",
        "times that PostgreSQL crashed: 1, and there must be 2 at least",
    ]
