"""A real house for the browser: server process, mail sink, Chromium."""

import os
import queue
import shutil
import signal
import smtplib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, Page, expect, sync_playwright

from goodword.kit import postgres
from tests.ports import free_port

READY_SECONDS = 120
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# Long enough for a busy machine; a condition that is met ends the wait at once.
expect.set_options(timeout=30_000)
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@dataclass
class Sink:
    """A mail server that keeps what it is given."""

    port: int
    arrived: "queue.Queue[EmailMessage]" = field(default_factory=queue.Queue)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.arrived.put(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 taken"

    def next(self) -> EmailMessage:
        """The next mail; fails when none comes within a minute."""
        return self.arrived.get(timeout=60)


@pytest.fixture(scope="session")
def sink() -> Iterator[Sink]:
    """Where the house's mail goes."""
    sink = Sink(free_port())
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    yield sink
    controller.stop()


@dataclass
class House:
    """A running Goodword: its address, mail port and process."""

    command: str
    data: Path
    environ: dict[str, str]
    port: int
    smtp_port: int
    process: "subprocess.Popen[str] | None" = None
    said: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the process and wait until it says that it is ready."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "goodword", self.command],
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        self.said = ""
        for line in self.process.stdout:
            self.said += line
            if line.startswith("Goodword is ready"):
                return
        raise AssertionError(f"goodword {self.command} ended before it was ready:\n{self.said}")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to end; returns its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=60)
        self.said += rest
        sys.stdout.write(self.said)  # shown by pytest beside a failure
        return self.process.returncode

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.communicate(timeout=60)

    def post(self, mail: EmailMessage) -> None:
        """Send a mail to the house by SMTP."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=30) as server:
            server.send_message(mail)


def make_house(command: str, folder: Path, **more: str) -> House:
    """A house in a folder, not started yet."""
    port, smtp_port = free_port(), free_port()
    ours = ("GOODWORD_", "DATABASE_URL", "DJANGO_")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environ |= {
        "GOODWORD_DATA": str(folder),
        "GOODWORD_PORT": str(port),
        "GOODWORD_SMTP_PORT": str(smtp_port),
        "PYTHONUNBUFFERED": "1",
    } | more
    return House(command, folder, environ, port, smtp_port)


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder for houses, gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o711)
        yield Path(name)
        for house in Path(name).iterdir():
            where = postgres.locate(house)
            for left in (where.socket, where.cluster):
                shutil.rmtree(left, ignore_errors=True)


@pytest.fixture(scope="session")
def new_house(folder: Path, sink: Sink) -> Iterator[House]:
    """A house on its first day: nobody has logged in, no mailbox; its mail goes to the sink."""
    house = make_house("serve", folder / "new", GOODWORD_EMAIL_URL=f"smtp://127.0.0.1:{sink.port}")
    house.start()
    yield house
    assert house.stop() == 0


@pytest.fixture(scope="session")
def sample_house(folder: Path) -> Iterator[House]:
    """A house with the sample company."""
    house = make_house("demo", folder / "sample")
    house.start()
    yield house
    assert house.stop() == 0


def chromium() -> str:
    """Path of Chromium; as root, Debian's is installed when it is missing."""
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
            subprocess.run(
                ["apt-get", *step],
                check=True,
                timeout=600,
                env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
                stdout=subprocess.DEVNULL,
            )
        found = shutil.which("chromium")
    if found is None:
        pytest.fail("The browser tests need Chromium, which is missing. Install the package 'chromium'.")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        yield browser
        browser.close()


def log_in(page: Page, email: str, password: str) -> None:
    """Log in on the page shown, and wait for what comes after."""
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    with page.expect_navigation(url=lambda url: "/accounts/login/" not in url):
        page.keyboard.press("Enter")


def open_news(page: Page, subject: str) -> None:
    """Wait until a conversation is announced or shown, and open it."""
    news = page.locator("[data-live-new]:visible")
    row = page.locator("li.row", has_text=subject)
    expect(news.or_(row).first).to_be_visible()
    if not row.is_visible():
        news.click()
    row.locator("a").first.click()
    expect(page.get_by_role("heading", name=subject)).to_be_visible()
