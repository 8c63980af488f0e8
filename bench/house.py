"""A real server on a seeded data folder: filled, started, logged in to, and its processes watched."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from goodword.kit import postgres
from goodword.ops.sample import script

TICK = os.sysconf("SC_CLK_TCK")
REDIRECTS = {301, 302, 303}


class Client:
    """A logged-in agent on one kept connection."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
        """Status and text of the answer; redirects are not followed."""
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if method == "POST":
            sent["X-CSRFToken"] = self.cookies.get("csrftoken", "")
        self.connection.request(method, path, body=body.encode() or None, headers=sent)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer.status, text

    def log_in(self, email: str, password: str) -> None:
        """Log in by the form; raises SystemExit when that fails."""
        self.ask("GET", "/accounts/login/")
        form = urlencode({"login": email, "password": password})
        status, text = self.ask(
            "POST", "/accounts/login/", form, Content_Type="application/x-www-form-urlencoded"
        )
        if status not in REDIRECTS:
            raise SystemExit(f"The log-in as {email} was answered with {status}:\n{text[:2000]}")


class Processes:
    """The server and PostgreSQL with all their children."""

    def __init__(self, server: int, postmaster: int) -> None:
        self.roots = {"server": server, "database": postmaster}

    def cpu(self, root: str) -> float:
        """Seconds used so far, those of children that ended included."""
        return sum(
            (stat[11] + stat[12] + (stat[13] + stat[14] if pid == self.roots[root] else 0)) / TICK
            for pid, stat in _tree(self.roots[root]).items()
        )

    def memory(self) -> float:
        """Megabytes resident in the server's processes, PostgreSQL apart."""
        total = 0
        for pid in _tree(self.roots["server"]):
            with contextlib.suppress(OSError):
                found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
                total += int(found[1]) if found else 0
        return total / 1024


def _tree(root: int) -> dict[int, list[int]]:
    """The numbers of /proc/PID/stat after the state, for `root` and everything below it."""
    stats: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            words = path.read_text().rpartition(")")[2].split()
            stats[int(path.parent.name)] = [0, *(int(word) for word in words[1:])]
    found = {root}
    while more := {pid for pid, stat in stats.items() if stat[1] in found and pid not in found}:
        found |= more
    return {pid: stats[pid] for pid in found if pid in stats}


@dataclass
class House:
    """A running desk: its folder, a logged-in agent, its processes, and the seconds it took to start."""

    data: Path
    client: Client
    processes: Processes
    took: float


@contextlib.contextmanager
def running(data: Path, **more: str) -> Iterator[House]:
    """The server on this folder with these further settings, until the block ends."""
    port = free_port()
    settings = environ(data, GOODWORD_PORT=str(port), GOODWORD_SMTP_PORT=str(free_port()), **more)
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "goodword", "serve"], env=settings, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        if not any(line.startswith("Goodword is ready") for line in process.stdout):
            raise SystemExit("The server ended before it was ready.")
        took = time.monotonic() - begun
        postmaster = int((postgres.locate(data).cluster / "postmaster.pid").read_text().split()[0])
        client = Client(port)
        company = script.table("company")
        email = f"{company['agent'][0]['name'].split()[0].lower()}@{company['domain']}"
        client.log_in(email, company["password"])
        yield House(data, client, Processes(process.pid, postmaster), took)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def fill(data: Path, conversations: int) -> None:
    """Fill the folder, unless it was filled before."""
    mark = data / f"seeded-{conversations}"
    if mark.exists():
        return
    if data.exists() and any(data.glob("seeded-*")):
        raise SystemExit(f"{data} holds another number of conversations; choose another folder.")
    data.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    command = [sys.executable, "-m", "goodword", "seed", "--conversations", str(conversations)]
    subprocess.run(command, env=environ(data), check=True)
    mark.write_text(f"{time.monotonic() - begun:.0f} seconds\n")
    print(f"Seeded {conversations:,} conversations in {time.monotonic() - begun:.0f} s")


def environ(data: Path, **more: str) -> dict[str, str]:
    """The variables of a process of the house on this folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GOODWORD_")}
    kept.pop("DATABASE_URL", None)
    return (
        kept | {"GOODWORD_DATA": str(data), "GOODWORD_LOG_LEVEL": "warning", "PYTHONUNBUFFERED": "1"} | more
    )


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
