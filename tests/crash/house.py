"""The house under test: a database of its own and many processes, each of which may die at any moment."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from goodword.kit import postgres
from tests.ports import free_port

START_SECONDS = 90
DURABLE = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on"


class Database:
    """An embedded PostgreSQL that keeps what it was told to, crash or not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = postgres.start(folder, options=DURABLE)
        self.stops = 0

    @property
    def url(self) -> str:
        """What DATABASE_URL is set to."""
        return f"postgres://{postgres.NAME}@/{postgres.NAME}?host={self.server.socket}"

    def crash(self, away: float) -> None:
        """Stop it as a power cut would, and start it again after `away` seconds."""
        self.server.call("pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(self.server.cluster))
        self.stops += 1
        time.sleep(away)
        self.server.call(
            "pg_ctl", "start", "-w", "-D", str(self.server.cluster),
            "-l", str(self.server.cluster / "server.log"),
            "-o", f"-k {self.server.socket} {postgres.settings()} {DURABLE}",
        )  # fmt: skip

    def stop(self) -> None:
        """Stop it for good."""
        postgres.release(self.folder)
        shutil.rmtree(self.server.socket, ignore_errors=True)


@dataclass
class Part:
    """One process of the house, started anew whenever it has ended."""

    name: str
    arguments: list[str]
    environ: dict[str, str]
    log: Path
    mortal: bool = True
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.arguments],
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self.process is not None and self.process.poll() is None

    def end(self, number: int) -> None:
        """Send it a signal and wait for its end."""
        if self.process is None or not self.runs:
            return
        self.process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=30)
        if self.runs:
            self.process.kill()
            self.process.wait(timeout=30)


@dataclass
class Fleet:
    """All processes; a thread starts again what has died. `struck` counts those killed in their work."""

    parts: list[Part]
    chance: random.Random
    kills: "Counter[str]" = field(default_factory=Counter)
    struck: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        """Start every part and keep it running."""
        self._keeper.start()

    def kill_one(self) -> None:
        """kill -9 of one of the parts that run, chosen by chance."""
        with self._lock:
            alive = [part for part in self.parts if part.mortal and part.runs]
            if alive:
                part = self.chance.choice(alive)
                part.end(signal.SIGKILL)
                self.struck += 1
                self.kills[part.name.rstrip("0123456789")] += 1

    def retire(self, name: str) -> None:
        """End the parts of this name and let them rest."""
        with self._lock:
            for part in [part for part in self.parts if part.name.startswith(name)]:
                part.end(signal.SIGTERM)
                self.parts.remove(part)

    def kill_all(self, *, meanwhile: Callable[[], object]) -> None:
        """kill -9 of all parts at once; they come back after `meanwhile`."""
        with self._lock:
            for part in self.parts:
                part.end(signal.SIGKILL)
                self.kills[part.name.rstrip("0123456789")] += 1
            meanwhile()

    def stop(self) -> None:
        """End every part and let none come back."""
        self._done.set()
        if self._keeper.is_alive():
            self._keeper.join()
        for part in self.parts:
            part.end(signal.SIGTERM)

    def _keep(self) -> None:
        while not self._done.wait(0.1):
            with self._lock:
                for part in self.parts:
                    if not part.runs:
                        part.start()


def fleet(
    folder: Path, *, database: Database, sink_port: int, chance: random.Random
) -> tuple[Fleet, list[int], int]:
    """Four that take mail in, two workers and a clerk, with their SMTP ports and the LMTP port."""
    ports, lmtp_port = [free_port() for _ in range(4)], free_port()
    base = environ(folder, database=database, sink_port=sink_port)
    serve = ["-m", "goodword", "serve", "--no-pages", "--no-jobs"]
    parts = []
    for number, port in enumerate(ports):
        more = {"GOODWORD_SMTP_PORT": str(port)}
        if number == 0:
            more["GOODWORD_LMTP_PORT"] = str(lmtp_port)
        parts.append(Part(f"ingress{number}", serve, base | more, folder / f"ingress{number}.log"))
    for number in range(2):
        parts.append(
            Part(f"worker{number}", ["-m", "goodword", "worker"], base, folder / f"worker{number}.log")
        )
    parts.append(Part("clerk", ["-m", "tests.crash.clerk"], base, folder / "clerk.log"))
    return Fleet(parts, chance), ports, lmtp_port


def environ(folder: Path, *, database: Database, sink_port: int) -> dict[str, str]:
    """The settings of every process of the house."""
    ours = ("GOODWORD_", "DATABASE_URL", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {
        "DATABASE_URL": database.url,
        "DJANGO_SETTINGS_MODULE": "goodword.ops.settings",
        "GOODWORD_DATA": str(folder / "data"),
        "GOODWORD_EMAIL_URL": f"smtp://127.0.0.1:{sink_port}",
        "GOODWORD_LOG_LEVEL": "warning",
        "GOODWORD_LMTP_PORT": "0",
        "GOODWORD_SECRET_KEY": "a key for this test alone, of some length " * 2,
        "PYTHONUNBUFFERED": "1",
    }
