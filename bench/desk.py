"""What the desk costs: CPU of server and database for each operation, and how long the agent waits.

    python bench/desk.py --conversations 100000
    python bench/desk.py --conversations 100000 --compare 1000000 --keep --data /var/tmp/goodword-bench

A real server process is started on a data folder filled by `goodword seed`, logged in to over HTTP, and
asked one operation after the other by one client. CPU is user and system time of the server's processes and
of PostgreSQL's together, less what both use when nobody asks anything. With `--compare` the same is done at
a second size, and the last column is the growth of CPU. With `--data` a folder for each size is filled once
and used again.
"""

import argparse
import json
import random
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg

from goodword.kit import postgres
from goodword.ops.sample import script
from house import REDIRECTS, House, fill, running

WARM_UP = 15
REST_SECONDS, REST_WINDOWS = 5.0, 24
AT_REST = 0.02  # share of a core below which the house counts as quiet
SENT_SECONDS = 120
# A click in the list fetches what stands beside the list.
CLICKED = {"HX_Request": "true", "HX_Target": "main"}
# What is allowed at 100,000 conversations: CPU milliseconds.
ALLOWED = {
    "list of 25": 20.0,
    "conversation of 20 messages": 25.0,
    "reply posted": 30.0,
    "search, rare word": 30.0,
}


@dataclass(frozen=True)
class Measured:
    """One operation: CPU milliseconds of server and database, and waiting times in milliseconds."""

    name: str
    server: float
    database: float
    p50: float
    p95: float

    @property
    def cpu(self) -> float:
        return self.server + self.database


@dataclass
class Report:
    """All of one size."""

    conversations: int
    messages: int
    start_seconds: float
    memory_megabytes: float = 0.0
    idle_percent: float = 0.0
    operations: list[Measured] = field(default_factory=list)


class Desk:
    """A running desk on one data folder, and what is needed to ask it things."""

    def __init__(self, house: House) -> None:
        self.client, self.processes = house.client, house.processes
        place = postgres.locate(house.data)
        self.database = psycopg.connect(
            host=str(place.socket), user=postgres.NAME, dbname=postgres.NAME, autocommit=True
        )
        self.idle = dict.fromkeys(("server", "database"), 0.0)
        self.chance = random.Random(7)

    def column(self, query: str) -> list[int]:
        """The numbers of a query's first column."""
        return [row[0] for row in self.database.execute(query).fetchall()]  # type: ignore[arg-type]

    def rest(self) -> None:
        """Find out what both use when nobody asks, once what starting brought about is over."""
        quietest = float("inf")
        for _ in range(REST_WINDOWS):
            before = {root: self.processes.cpu(root) for root in self.idle}
            time.sleep(REST_SECONDS)
            used = {root: (self.processes.cpu(root) - before[root]) / REST_SECONDS for root in self.idle}
            if sum(used.values()) < quietest:
                quietest, self.idle = sum(used.values()), used
            if quietest < AT_REST:
                return

    def measure(self, name: str, operation: Callable[[int], None], rounds: int) -> Measured:
        """Ask so many times, after a warm-up."""
        # The server may have closed a connection that rested.
        self.client.connection.close()
        for number in range(WARM_UP):
            operation(number)
        before = {root: self.processes.cpu(root) for root in self.idle}
        begun, waits = time.perf_counter(), []
        for number in range(WARM_UP, WARM_UP + rounds):
            asked = time.perf_counter()
            operation(number)
            waits.append((time.perf_counter() - asked) * 1000)
        return self.reckoned(name, before, begun, rounds, waits)

    def reckoned(
        self, name: str, before: dict[str, float], begun: float, rounds: int, waits: list[float]
    ) -> Measured:
        """CPU since `before` for each round, less what would have been used anyway."""
        passed = time.perf_counter() - begun
        cpu = {
            root: max(0.0, self.processes.cpu(root) - before[root] - self.idle[root] * passed) * 1000 / rounds
            for root in self.idle
        }
        waits = sorted(waits)
        p95 = waits[min(len(waits) - 1, int(len(waits) * 0.95))]
        return Measured(name, cpu["server"], cpu["database"], statistics.median(waits), p95)

    def page(self, path: str, **headers: str) -> None:
        """Get a page; raises SystemExit when it is not one."""
        status, text = self.client.ask("GET", path, **headers)
        if status != 200:
            raise SystemExit(f"{path} was answered with {status}, not with what was expected:\n{text[:1500]}")


def operations(desk: Desk, rounds: int) -> Iterator[Measured]:
    """Every operation in turn."""
    yield desk.measure("list of 25", lambda _: desk.page("/inbox/open/"), rounds)
    long = desk.column(
        "SELECT id FROM inbox_conversation WHERE message_count = 20 AND state = 'open' "
        "ORDER BY id DESC LIMIT 400"
    )
    yield desk.measure(
        "conversation of 20 messages",
        lambda number: desk.page(f"/conversations/{long[number % len(long)]}/?view=open", **CLICKED),
        rounds,
    )
    yield desk.measure(
        "the same with its list anew",
        lambda number: desk.page(f"/conversations/{long[number % len(long)]}/?view=open"),
        rounds,
    )
    yield from replies(desk, rounds)
    rare = rare_words(desk)
    yield desk.measure(
        "search, rare word", lambda number: desk.page(f"/search/?q={rare[number % len(rare)]}"), rounds
    )
    common = common_words()
    yield desk.measure(
        "search, common word",
        lambda number: desk.page(f"/search/?q={quote(common[number % len(common)])}"),
        rounds,
    )
    yield desk.measure("draft reviewed (300 words)", lambda number: review(desk, long[0], number), rounds)


def replies(desk: Desk, rounds: int) -> Iterator[Measured]:
    """Replies in many conversations: the click alone, and with the mail that a job sends afterwards."""
    waiting = desk.column(
        "SELECT id FROM inbox_conversation WHERE state = 'open' AND waiting_since IS NOT NULL "
        "ORDER BY last_at DESC LIMIT 2000"
    )
    before = {root: desk.processes.cpu(root) for root in desk.idle}
    begun = time.perf_counter()
    posted = desk.measure("reply posted", lambda number: reply(desk, waiting[number % len(waiting)]), rounds)
    yield posted
    until = time.monotonic() + SENT_SECONDS
    while desk.column("SELECT id FROM mail_outgoingmail WHERE state IN ('queued', 'sending') LIMIT 1"):
        if time.monotonic() > until:
            raise SystemExit(f"The replies were not sent within {SENT_SECONDS} seconds.")
        time.sleep(0.25)
    yield desk.reckoned("reply posted and sent", before, begun, rounds + WARM_UP, [posted.p50, posted.p95])


def reply(desk: Desk, conversation: int) -> None:
    """Send a reply."""
    form = urlencode({"kind": "reply", "markdown": _letter(desk, 90)})
    headers = {"Content_Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    status, text = desk.client.ask("POST", f"/conversations/{conversation}/reply/", form, **headers)
    if status not in {200, *REDIRECTS}:
        raise SystemExit(f"The reply in {conversation} was answered with {status}:\n{text[:1500]}")


def review(desk: Desk, conversation: int, number: int) -> None:
    """Keep a draft and have the coach read it."""
    text = f"{_letter(desk, 298)} Case {number}."
    body = json.dumps({"kind": "reply", "markdown": text, "text": text, "attachments": []})
    path = f"/conversations/{conversation}/draft/"
    status, said = desk.client.ask("POST", path, body, Content_Type="application/json")
    if status != 200 or '"findings"' not in said:
        raise SystemExit(f"The draft was answered with {status}:\n{said[:1500]}")


def _letter(desk: Desk, words: int) -> str:
    """A letter of so many words out of the replies of the sample's scenarios."""
    sentences: list[str] = []
    while sum(len(sentence.split()) for sentence in sentences) < words:
        scenario = desk.chance.choice([one for one in script.scenarios() if one.language == "en"])
        turn = desk.chance.choice([turn for turn in scenario.turns if turn.by == "agent"])
        values = dict.fromkeys(turn.say.slots() | {"case", "promise"}, "Tern")
        values |= {"case": "", "promise": "I will send you a new one by Friday."}
        sentences += turn.say.say(desk.chance, values).split("\n\n")
    return " ".join("\n\n".join(sentences).split(" ")[:words])


def rare_words(desk: Desk) -> list[str]:
    """Order numbers, each of which is in few messages."""
    newest = desk.column("SELECT max(id) FROM inbox_message")[0]
    words: set[str] = set()
    while len(words) < 60:
        start = desk.chance.randrange(newest)
        rows = desk.database.execute("SELECT text FROM inbox_message WHERE id > %s LIMIT 20", [start])
        words |= {found[0] for (text,) in rows.fetchall() if (found := re.search(r"HH-\d{5}", text))}
    return sorted(words)


def common_words() -> list[str]:
    """Words that a large part of all messages holds: of the goods, and of what is said about them."""
    goods = {product.name.split()[-1] for product in script.products()}
    tags = {entry["name"].split()[0] for entry in script.table("company")["tag"]}
    return sorted(goods | tags)


def measured(data: Path, conversations: int, rounds: int) -> Report:
    """Everything of one size."""
    fill(data, conversations)
    with running(data) as house:
        desk = Desk(house)
        report = Report(conversations, desk.column("SELECT count(*) FROM inbox_message")[0], house.took)
        desk.rest()
        report.idle_percent = 100 * sum(desk.idle.values())
        for one in operations(desk, rounds):
            print(
                f"  {one.name}: {one.cpu:.1f} ms CPU, p50 {one.p50:.0f} ms, p95 {one.p95:.0f} ms", flush=True
            )
            report.operations.append(one)
        report.memory_megabytes = desk.processes.memory()
        desk.database.close()
    return report


def show(reports: list[Report]) -> None:
    """Print what was measured."""
    for report in reports:
        print(f"\n{report.conversations:,} conversations, {report.messages:,} messages")
        print(f"start {report.start_seconds:.1f} s, resident {report.memory_megabytes:.0f} MB, ", end="")
        print(f"at rest {report.idle_percent:.1f} % of a core")
        print(f"{'':30}{'CPU ms':>9}{'server':>9}{'database':>10}{'p50 ms':>9}{'p95 ms':>9}{'growth':>9}")
        first = {one.name: one.cpu for one in reports[0].operations}
        for one in report.operations:
            growth = f"{one.cpu / first[one.name]:.2f}×" if report is not reports[0] else ""
            over = " over" if report is reports[0] and one.cpu > ALLOWED.get(one.name, one.cpu) else ""
            print(
                f"{one.name:30}{one.cpu:9.1f}{one.server:9.1f}{one.database:10.1f}"
                f"{one.p50:9.1f}{one.p95:9.1f}{growth:>9}{over}"
            )


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--compare", type=int, help="a second size, for the growth")
    parser.add_argument("--data", type=Path, help="where the folders are kept; without it in a temporary one")
    parser.add_argument("--keep", action="store_true", help="leave the folders for the next time")
    parser.add_argument("--rounds", type=int, default=100)
    options = parser.parse_args()
    folder = (options.data or Path(tempfile.mkdtemp(prefix="goodword-bench-"))).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    sizes = [size for size in (options.conversations, options.compare) if size]
    try:
        show([measured(folder / str(size), size, options.rounds) for size in sizes])
    finally:
        if not options.keep and not options.data:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
