"""The commands as a newcomer meets them."""

import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from .conftest import House, make_house

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("process")]


def goodword(house: House, *arguments: str, given: bytes = b"") -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(
        [sys.executable, "-m", "goodword", *arguments],
        env=house.environ,
        input=given,
        capture_output=True,
        timeout=120,
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_and_keeps_the_data(folder: Path, number: signal.Signals) -> None:
    house = make_house("serve", folder / f"ends-{number.name}")
    house.start()
    token = goodword(house, "token", "create", "shop", "--scope", "read")
    assert token.returncode == 0, token.stderr
    assert house.stop(number) == 0
    assert "Traceback" not in house.said
    house.start()
    again = goodword(house, "token", "create", "shop", "--scope", "read")
    assert again.returncode == 1
    assert "shop" in again.stderr
    assert house.stop() == 0


def test_a_port_in_use_is_said_in_a_sentence(folder: Path) -> None:
    house = make_house("serve", folder / "port")
    with socket.create_server(("127.0.0.1", house.port)):
        done = goodword(house, "serve")
    assert done.returncode == 1
    assert f"Port {house.port} on 127.0.0.1 cannot be used" in done.stderr
    assert "GOODWORD_PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_said_in_a_sentence(folder: Path) -> None:
    house = make_house("serve", folder / "wrong")
    house.environ["GOODWORD_PORT"] = "abc"
    done = goodword(house, "serve")
    assert done.returncode == 2
    assert done.stderr.strip() == "GOODWORD_PORT is 'abc'; it must be a whole number from 1 to 65535."


def test_check_tells_what_to_mend(folder: Path) -> None:
    house = make_house("serve", folder / "check")
    house.environ["GOODWORD_SECRET_KEY"] = "short"
    done = goodword(house, "check")
    assert done.returncode == 1
    assert "MEND secret key: GOODWORD_SECRET_KEY has 5 characters" in done.stdout
    assert "MEND mail out: GOODWORD_EMAIL_URL is not set" in done.stdout
    assert "ok   database: PostgreSQL" in done.stdout


def test_the_house_says_that_it_is_well(new_house: House) -> None:
    with urlopen(f"{new_house.url}/healthz", timeout=30) as answer:
        assert answer.status == 200


def test_an_unknown_command_names_the_known_ones(folder: Path) -> None:
    done = goodword(make_house("serve", folder / "unknown"), "frobnicate")
    assert done.returncode == 2
    assert "There is no command 'frobnicate'." in done.stderr
    assert "goodword COMMAND" in done.stderr
