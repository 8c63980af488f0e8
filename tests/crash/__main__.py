"""The crash test: `python -m tests.crash --mails 2000`.

Exit code 1 when anything was lost, doubled or crossed, when the house refused a mail for good, or when
nothing was killed, crashed, answered or joined that could have shown it.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import django
from django.db import connection
from django.utils import timezone

from tests import dovecot
from tests.ports import free_port

from .feeder import Feeder
from .house import Database, Fleet, environ, fleet
from .mails import CARE, SALES, Maker

KILL_EVERY = 2.0
AWAY_SECONDS = 3.0
# PostgreSQL is crashed when these parts of the mails were sent.
CRASHES = (0.33, 0.66)
DRAIN_SECONDS = 300


def main() -> int:
    """Run it; returns the exit code."""
    arguments = _arguments()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**6)
    chance = random.Random(seed)
    folder = Path(tempfile.mkdtemp(prefix="goodword-crash-"))
    folder.chmod(0o711)
    _say(f"Seed {seed}; the files of this run are in {folder}")
    database = Database(folder / "data")
    letters = Path(tempfile.mkdtemp(prefix="goodword-imap-"))
    server = dovecot.start(letters)
    code = 1
    try:
        code = _run(arguments, chance, folder, database, server)
        return code
    finally:
        server.stop()
        shutil.rmtree(letters, ignore_errors=True)
        database.stop()
        if code == 0:
            shutil.rmtree(folder, ignore_errors=True)


def _run(arguments: argparse.Namespace, chance: random.Random, folder: Path, database: Database,
         server: dovecot.Dovecot) -> int:  # fmt: skip
    sink_port, sink_file = free_port(), folder / "sink.jsonl"
    settings = environ(folder, database=database, sink_port=sink_port)
    os.environ.update(settings)
    _prepare(settings, server)
    house, ports, lmtp_port = fleet(folder, database=database, sink_port=sink_port, chance=chance)
    sink = subprocess.Popen(
        [sys.executable, "-m", "tests.crash.sink", str(sink_port), str(sink_file)], stdout=subprocess.PIPE
    )
    begun = time.monotonic()
    try:
        assert sink.stdout is not None
        sink.stdout.readline()
        feeder = Feeder(
            maker=Maker(chance, arguments.files), chance=chance, total=arguments.mails, ports=ports,
            lmtp_port=lmtp_port, environ=settings, sink=sink_file, imap=server,
        )  # fmt: skip
        house.start()
        _feed_and_kill(feeder, house, database, calm=arguments.calm)
        fed = time.monotonic() - begun
        house.retire("clerk")
        house.kill_all(meanwhile=_free)
        _drain(feeder.roads["imap"])
        explained = subprocess.run(
            [sys.executable, "-m", "goodword", "mail", "reconcile"], env=settings, check=False
        )
    finally:
        house.stop()
        sink.send_signal(signal.SIGTERM)
        sink.wait(timeout=30)
    return _tell(
        feeder, house, database, sink_file, fed=fed, folder=folder, calm=arguments.calm,
        explained=explained.returncode == 0,
    )  # fmt: skip


def _feed_and_kill(feeder: Feeder, house: Fleet, database: Database, *, calm: bool) -> None:
    with ThreadPoolExecutor(1) as threads:
        feeding = threads.submit(feeder.run)
        stops = list(CRASHES)
        while not wait([feeding], timeout=KILL_EVERY).done:
            if calm:
                continue
            house.kill_one()
            if stops and len(feeder.sent) >= stops[0] * feeder.total:
                stops.pop(0)
                database.crash(AWAY_SECONDS)
        feeding.result()


def _prepare(settings: dict[str, str], server: dovecot.Dovecot) -> None:
    """Tables, two mailboxes, one of them fed from an IMAP server, and an agent."""
    subprocess.run([sys.executable, "-m", "goodword", "migrate"], env=settings, check=True)
    django.setup()
    # Models can be imported only now.
    from goodword.mail.actions import add_account  # noqa: PLC0415
    from goodword.mail.imap.credentials import Credentials  # noqa: PLC0415
    from goodword.mail.models import MailAccount, Mailbox  # noqa: PLC0415
    from goodword.staff.actions import first_administrator  # noqa: PLC0415

    boxes = [Mailbox.objects.create(address=address, name=address) for address in (CARE, SALES)]
    account = MailAccount(
        mailbox=boxes[0], host=server.host, port=server.port, security="none", username="care"
    )
    add_account(account=account, credentials=Credentials(password=dovecot.PASSWORD))
    first_administrator(name="Ada", email="ada@house.example", password="kettle-lamp-river-19")


def _free() -> None:
    """Let every lease run out at once, of the IMAP account and of mails on their way: no holder is alive."""
    from goodword.mail import outbox  # noqa: PLC0415
    from goodword.mail.models import MailAccount, OutgoingMail  # noqa: PLC0415

    connection.close()  # the database was stopped since it was opened
    MailAccount.objects.update(lease_until=None, lease_token=None, next_at=timezone.now())
    OutgoingMail.objects.filter(state=OutgoingMail.State.SENDING).update(lease_until=timezone.now())
    outbox.settle_lost()


def _drain(letters: int) -> None:
    """Wait until nothing waits any more, or too long."""
    from goodword.mail.models import Delivery, OutgoingMail, RawMail  # noqa: PLC0415

    limit = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < limit:
        fetched = Delivery.objects.filter(account__isnull=False).count()
        waiting = RawMail.objects.filter(state=RawMail.State.WAITING).exists()
        unsettled = (OutgoingMail.State.QUEUED, OutgoingMail.State.SENDING)
        queued = OutgoingMail.objects.filter(state__in=unsettled).exists()
        if fetched >= letters and not waiting and not queued:
            return
        time.sleep(0.5)


def _tell(feeder: Feeder, house: Fleet, database: Database, sink: Path, *, fed: float, folder: Path,
          calm: bool, explained: bool) -> int:  # fmt: skip
    from .verdict import judge  # noqa: PLC0415

    verdict = judge(feeder.sent, sink)
    roads = ", ".join(f"{count} by {road}" for road, count in sorted(feeder.roads.items()))
    kills = ", ".join(f"{count} of a {name}" for name, count in sorted(house.kills.items()))
    _say(f"{len(feeder.sent)} mails in {fed:.0f} s, {roads}; {feeder.again} times asked to come again")
    _say(f"kill -9: {kills}; PostgreSQL crashed {database.stops} times")
    if not calm:
        verdict.need("processes killed in their work", house.struck)
        verdict.need("times that PostgreSQL crashed", database.stops, least=len(CRASHES))
    if not explained:
        verdict.faults.append("`goodword mail reconcile` names mails that are unexplained")
    for what, number in verdict.counts:
        _say(f"{number:>8}  {what}")
    for fault in [*verdict.faults, *(f"refused for good: {why} {mail.kind}" for why, mail in feeder.refused)]:
        _say(f"FAULT {fault}")
    if verdict.faults:
        _say(f"Everything is kept in {folder}.")
        return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--mails", type=int, default=2000)
    parser.add_argument("--seed", type=int, help="repeat a run's chances")
    parser.add_argument("--files", type=Path, help="a folder of .eml files to mix in")
    parser.add_argument("--calm", action="store_true", help="kill nobody, to see what the house takes")
    return parser.parse_args()


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
