"""How fast mail comes in: from SMTP to a message in the inbox.

    python bench/mail.py [--data FOLDER] [--mails 2000] [--rate 100] [--cores 2] [--workers 2] [--jobs 200000]

Starts `goodword serve` on a folder (a fresh one without --data; one filled by `goodword seed` tells whether
a full house is as fast) and sends mails of 30 kB (median) by SMTP, twice: as fast as they are taken, and then
at a steady rate. Prints mails per second from the first byte to the last message, CPU per mail of every part,
the answer to the last dot (p50, p99) and the time until the message stands in the inbox (p50, p95). `--cores`
binds everything, this script too, to so many cores; `--workers` runs the jobs in so many processes of their
own; `--jobs` puts so many jobs into the queue first, which wait for tomorrow.
"""

import argparse
import asyncio
import contextlib
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from goodword.kit import postgres
from house import Processes, environ, free_port

CONNECTIONS = 8
MEDIAN_BYTES, SPREAD, LARGEST = 30_000, 0.9, 2_000_000
WORDS = Path(__file__).parent.parent / "README.md"
QUIET_SECONDS = 300


@dataclass
class Sent:
    """One mail on its way: its number, and when the last dot went and the answer came."""

    number: int
    dot: float = 0.0
    answered: float = 0.0


class Maker:
    """Makes mails with text, HTML, an older mail below it and now and then a file; all from one seed."""

    def __init__(self, run: str) -> None:
        self.run = run
        self.chance = random.Random(7)
        self.words = WORDS.read_text(encoding="utf-8").replace("`", "").split()
        self.plain = sorted({word for word in self.words if word.isascii() and word.isalpha()})

    def mail(self, number: int) -> bytes:
        """The bytes of mail `number`, with the dots that SMTP wants doubled."""
        said = self._text(self.chance.randrange(30, 200))
        older = "".join(f"> {self._text(12)}\r\n" for _ in range(self.chance.randrange(0, 40)))
        html = "".join(f"<p style='margin:0 0 1em'>{self._text(40)}</p>\r\n" for _ in range(8))
        size = min(LARGEST, int(MEDIAN_BYTES * self.chance.lognormvariate(0, SPREAD)))
        left = max(0, size - len(said) - len(older) - len(html) - 800)
        lines = "".join(f"{'QUJD' * 19}\r\n" for _ in range(left // 78))
        head = (
            f"From: {self._sender(number)}",
            "To: care@bench.example",
            f"Subject: Question {number} about a parcel",
            f"Message-ID: <{self.run}.{number}@bench.example>",
            "Date: Fri, 20 Nov 2026 10:00:00 +0000",
            "MIME-Version: 1.0",
            "Content-Type: multipart/mixed; boundary=outer",
        )
        plain = f"{said}\r\n\r\nOn Friday somebody wrote:\r\n{older}"
        parts = (
            ("Content-Type: multipart/alternative; boundary=inner", "--inner"),
            ("Content-Type: text/plain; charset=utf-8", f"{plain}\r\n--inner"),
            ("Content-Type: text/html; charset=utf-8", f"<html><body>{html}</body></html>\r\n--inner--"),
        )
        file = (
            "Content-Type: image/png; name=picture.png",
            "Content-Disposition: attachment; filename=picture.png",
            "Content-Transfer-Encoding: base64",
        )
        text = "\r\n".join((*head, "", "--outer"))
        text += "".join(f"\r\n{kind}\r\n\r\n{content}" for kind, content in parts)
        text += "\r\n".join(("", "--outer", *file, "", lines, "--outer--", ""))
        return text.replace("\r\n.", "\r\n..").encode()

    def _sender(self, number: int) -> str:
        """Somebody new, as most senders of a run are: with a name and an address like nobody else's."""
        first, last = (word.strip(".,:()").title() for word in self.chance.sample(self.plain, 2))
        return f"{first} {last} <{first}.{last}{number}@{first}{number % 997}.{self.run}.example>"

    def _text(self, count: int) -> str:
        return " ".join(self.chance.choices(self.words, k=count))


async def send(mails: Sequence[bytes], *, port: int, rate: float) -> list[Sent]:
    """Send them over a few connections; at `rate` a second, or 0 for as fast as they are taken."""
    sent = [Sent(number) for number in range(len(mails))]
    waiting = iter(sent)
    begun = time.monotonic()

    async def one_connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**16)

        async def say(line: bytes) -> None:
            writer.write(line)
            await writer.drain()
            while (answer := await reader.readline())[3:4] == b"-":
                pass
            if answer[:1] not in b"23":
                raise SystemExit(f"The server said {answer.decode()!r} to {line[:60]!r}.")

        await say(b"")
        await say(b"EHLO bench.example\r\n")
        for one in waiting:
            if rate:
                await asyncio.sleep(max(0.0, begun + one.number / rate - time.monotonic()))
            await say(b"MAIL FROM:<customer@bench.example>\r\n")
            await say(b"RCPT TO:<care@bench.example>\r\n")
            await say(b"DATA\r\n")
            one.dot = time.monotonic()
            await say(mails[one.number] + b".\r\n")
            one.answered = time.monotonic()
        writer.close()

    await asyncio.gather(*(one_connection() for _ in range(CONNECTIONS)))
    return sent


def visible(run: str, count: int) -> list[float]:
    """Seconds from stored to message for each mail of this run; waits until all are there."""
    connection = import_module("django.db").connection
    until = time.monotonic() + QUIET_SECONDS
    sql = """
        SELECT extract(epoch FROM event.at - raw.received_at)
        FROM mail_rawmail raw JOIN inbox_message message ON message.raw_mail_id = raw.id
        JOIN events_event event ON event.conversation_id = message.conversation_id
         AND event.kind = 'message.received' AND (event.data->>'message')::bigint = message.id
        WHERE raw.identity LIKE %s
    """
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM mail_rawmail WHERE state <> 'waiting' AND identity LIKE %s",
                [f"<{run}.%"],
            )
            if cursor.fetchone()[0] >= count:
                cursor.execute(sql, [f"<{run}.%"])
                return [float(row[0]) for row in cursor.fetchall()]
        time.sleep(0.1)
    raise SystemExit(f"Not all of {count} mails became messages within {QUIET_SECONDS} seconds.")


def measure(name: str, *, count: int, rate: float, port: int, parts: dict[str, Processes]) -> None:
    """Send, wait until every mail is a message, and print a line."""
    run = f"{name}{int(time.time())}"
    maker = Maker(run)
    mails = [maker.mail(number) for number in range(count)]
    before = {part: processes.cpu(root) for part, (processes, root) in _roots(parts).items()}
    begun = time.monotonic()
    sent = asyncio.run(send(mails, port=port, rate=rate))
    taken = time.monotonic() - begun
    seen = visible(run, count)
    whole = time.monotonic() - begun
    answers = [one.answered - one.dot for one in sent]
    cpu = {
        part: (processes.cpu(root) - before[part]) / count * 1000
        for part, (processes, root) in _roots(parts).items()
    }
    print(
        f"{name:<7} {count} mails, median {statistics.median(map(len, mails)) / 1000:.0f} kB: "
        f"{count / taken:.0f} taken a second, {count / whole:.0f} a second to the inbox"
    )
    spent = ", ".join(f"{part} {spent:.1f}" for part, spent in cpu.items())
    print(f"        CPU per mail: {sum(cpu.values()):.1f} ms ({spent})")
    print(
        f"        answer to the last dot: p50 {_at(answers, 50) * 1000:.0f} ms, "
        f"p99 {_at(answers, 99) * 1000:.0f} ms; "
        f"in the inbox after p50 {_at(seen, 50):.2f} s, p95 {_at(seen, 95):.2f} s ({len(seen)} messages)"
    )


def _roots(parts: dict[str, Processes]) -> dict[str, tuple[Processes, str]]:
    found = {part: (processes, "server") for part, processes in parts.items()}
    first = next(iter(parts.values()))
    return found | {"database": (first, "database")}


def _at(values: Sequence[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


@contextlib.contextmanager
def running(data: Path, *, workers: int) -> Iterator[tuple[int, dict[str, Processes]]]:
    """The house on this folder: its SMTP port and its processes by name."""
    port = free_port()
    settings = environ(
        data,
        GOODWORD_SMTP_PORT=str(port),
        GOODWORD_PORT=str(free_port()),
        GOODWORD_MAIL_CATCH_ALL="yes",
    )
    commands = {"serve": ["serve", *(["--no-jobs"] if workers else [])]}
    commands |= {f"worker {number}": ["worker"] for number in range(1, workers + 1)}
    processes = {}
    try:
        for name, command in commands.items():
            processes[name] = process = subprocess.Popen(
                [sys.executable, "-m", "goodword", *command],
                env=settings,
                stdout=subprocess.PIPE,
                text=True,
            )
            assert process.stdout is not None
            if not any("is ready" in line for line in process.stdout):
                raise SystemExit(f"goodword {' '.join(command)} ended before it was ready.")
        postmaster = int((postgres.locate(data).cluster / "postmaster.pid").read_text().split()[0])
        yield port, {name: Processes(process.pid, postmaster) for name, process in processes.items()}
    finally:
        for process in processes.values():
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)


def fill_queue(jobs: int) -> None:
    """Put jobs into the queue that wait for tomorrow."""
    connection = import_module("django.db").connection
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args, status, scheduled_at) "
            "SELECT 'default', 'mail.send_due', 0, '{}'::jsonb, 'todo', now() + interval '1 day' "
            "FROM generate_series(1, %s)",
            [jobs],
        )
        # As the database does by itself within a minute.
        cursor.execute("VACUUM ANALYZE procrastinate_jobs")


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--data", type=Path, help="a folder that `goodword seed` filled; it is written to")
    options.add_argument("--mails", type=int, default=2000)
    options.add_argument("--rate", type=float, default=100, help="mails a second of the steady run")
    options.add_argument("--cores", type=int, default=2)
    options.add_argument("--workers", type=int, default=0)
    options.add_argument("--jobs", type=int, default=0)
    args = options.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: args.cores])
    with tempfile.TemporaryDirectory(prefix="goodword-bench-") as folder:
        data = args.data or Path(folder) / "data"
        os.environ["GOODWORD_DATA"] = str(data)
        if import_module("goodword.ops.start").prepare(database=True):
            return 1
        # Before anybody is there who would be told of each.
        fill_queue(args.jobs)
        with running(data, workers=args.workers) as (port, parts):
            measure("warm", count=min(200, args.mails), rate=0, port=port, parts=parts)
            measure("flood", count=args.mails, rate=0, port=port, parts=parts)
            measure("steady", count=args.mails, rate=args.rate, port=port, parts=parts)
        import_module("django.db").connection.close()
        postgres.release(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
