"""How long a reply takes to reach the mail server: alone, and while 10,000 notices to others wait.

    python bench/outgoing.py --notices 10000 --replies 30

A real server sends to a mail server in this process. Replies are queued one each half second, first alone,
then while the notices flow; what is measured is the time from the commit of a reply to its last byte here.
"""

import argparse
import atexit
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from goodword.kit import postgres
from house import fill, running

REPLY_EVERY = 0.5
PATIENCE = 120.0
ALLOWED = 1.0  # a second more than alone, at most


class Sink:
    """A mail server that notes when each mail came."""

    def __init__(self) -> None:
        self.came: dict[str, float] = {}
        self.news = threading.Condition()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a mail."""
        head = envelope.original_content.partition(b"\r\n\r\n")[0].decode("ascii", errors="replace")
        name = head.partition("Message-ID: ")[2].partition("\r\n")[0]
        with self.news:
            self.came[name] = time.monotonic()
            self.news.notify_all()
        return "250 taken"

    def wait_for(self, name: str) -> float:
        """The moment a mail came."""
        with self.news:
            if not self.news.wait_for(lambda: name in self.came, PATIENCE):
                raise SystemExit(f"{name} did not come within {PATIENCE:.0f} seconds.")
            return self.came[name]

    def notices(self) -> int:
        """How many notices came so far."""
        with self.news:
            return sum(name.startswith("<notice") for name in self.came)


class Outbox:
    """Puts mail into the outbox of a house, as its own rooms do."""

    def __init__(self, data: Path) -> None:
        os.environ |= {"GOODWORD_DATA": str(data), "DJANGO_SETTINGS_MODULE": "goodword.ops.settings"}
        postgres.start(data)
        import_module("django").setup()
        self.actions = import_module("goodword.mail.actions")
        self.composing = import_module("goodword.mail.composing")
        self.models = import_module("goodword.mail.models")
        self.parsing = import_module("goodword.mail.parsing")
        self.atomic = import_module("django.db.transaction").atomic
        self.now = import_module("django.utils.timezone").now

    def put(self, name: str, to: str, **how: Any) -> str:
        """Queue one mail; gives its Message-ID."""
        letter = self.composing.Letter(
            message_id=f"<{name}@desk.example>",
            sender=self.parsing.Address("Care", "care@desk.example"),
            to=[self.parsing.Address("", to)],
            subject=name,
            text="Hello.\n" * 50,
            at=self.now(),
        )
        return str(self.actions.queue(letter=letter, **how).message_id)

    def notices(self, count: int) -> None:
        """Queue notices in one transaction; the addresses are of 200 domains."""
        lane = self.models.OutgoingMail.Lane.BULK
        begun = time.monotonic()
        with self.atomic():
            for number in range(count):
                self.put(f"notice-{number}", f"c{number}@d{number % 200}.example", lane=lane, topic="news")
        print(f"{count:,} notices queued in {time.monotonic() - begun:.0f} s")


def measure(outbox: Outbox, sink: Sink, series: str, replies: int) -> list[float]:
    """Seconds each reply took."""
    took = []
    for number in range(replies):
        begun = time.monotonic()
        name = outbox.put(f"{series}-{number}", f"carla{number}@example.org")
        took.append(sink.wait_for(name) - begun)
        time.sleep(max(0.0, REPLY_EVERY - (time.monotonic() - begun)))
    return took


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--notices", type=int, default=10_000)
    parser.add_argument("--replies", type=int, default=30)
    asked = parser.parse_args()
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=0, server_kwargs={"decode_data": False})
    controller.port = 20000 + os.getpid() % 20000
    controller.start()
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o711)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # after the database has let go of it
    data = folder / "house"
    fill(data, 20)
    way = f"smtp://127.0.0.1:{controller.port}"
    with running(data, GOODWORD_EMAIL_URL=way, GOODWORD_MAIL_PER_MINUTE="1000000"):
        outbox = Outbox(data)
        alone = measure(outbox, sink, "alone", asked.replies)
        outbox.notices(asked.notices)
        before, begun = sink.notices(), time.monotonic()
        behind = measure(outbox, sink, "behind", asked.replies)
        left, rate = sink.notices(), (sink.notices() - before) / (time.monotonic() - begun)
    controller.stop()
    for name, took in (("alone", alone), ("behind notices", behind)):
        print(f"reply {name:>15}: median {statistics.median(took):.3f} s, longest {max(took):.3f} s")
    print(f"notices meanwhile: {rate:.0f} a second, {asked.notices - left:,} still waiting at the end")
    if left == asked.notices:
        sys.exit("The notices were gone before the replies were measured; ask for more of them.")
    if max(behind) > max(alone) + ALLOWED:
        sys.exit("A reply waited longer than it may.")


if __name__ == "__main__":
    main()
