"""A mail is read in a process that may die: what it does there harms neither the desk nor the next mail."""

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from tests.waiting import until

from goodword.mail.actions import accept
from goodword.mail.intake import turn_waiting
from goodword.mail.models import Mailbox, RawMail
from goodword.mail.parsing import ParsedMail, Unreadable, apart, parse
from goodword.mail.parsing.child import READ

from .conftest import MAILS, mail_file

PLAIN = b"From: carla@example.org\r\nSubject: Hello\r\n\r\nWhere is my parcel?\r\n"
# Each page takes most of a second, and there is no end of them.
PAGE = b"--x\r\nContent-Type: text/html\r\n\r\n" + b"x<br>" * 300_000 + b"\r\n"
LONG = b"From: carla@example.org\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + PAGE * 12


@pytest.fixture(autouse=True)
def fresh_readers() -> Iterator[None]:
    """Processes with the limits that the test sets, and none left for the next one."""
    apart._readers.end()
    yield
    apart._readers.end()


def gone(pid: int) -> bool:
    """Whether a process has ended; one whose end nobody has asked about yet has, too."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout
    return state.strip()[:1] in {"", "Z"}


def test_a_mail_read_apart_is_the_mail_read_here() -> None:
    for file in sorted(MAILS.glob("*.eml")):
        raw = mail_file(file.stem)
        try:
            here: ParsedMail | str = parse(raw, envelope_from="carla@example.org")
        except Unreadable as verdict:
            here = verdict.reason
        try:
            there: ParsedMail | str = apart.parse(raw, envelope_from="carla@example.org")
        except Unreadable as verdict:
            there = verdict.reason
        assert there == here, file.name


def test_one_process_reads_many_mails_and_is_replaced_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MAILS_EACH", 3)
    used = []
    for _number in range(6):
        apart.parse(PLAIN)
        used += [reader.process.pid for reader in apart._readers._idle]
    assert (len(used), len(set(used))) == (4, 2)


@pytest.mark.django_db(transaction=True)
def test_round_after_round_of_mails_is_read_by_one_process(mailbox: Mailbox) -> None:
    for number in range(12):
        accept(raw=mail_file("plain").replace(b"<plain@", b"<%d@" % number), source="smtp", nudged=False)
    used = []
    for _round in range(3):
        assert turn_waiting(limit=4).messages == 4
        used.append({reader.process.pid for reader in apart._readers._idle})  # others may have left some
    assert used[0]
    assert used[0] == used[1] == used[2]


def test_a_mail_that_takes_too_long_needs_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "CPU_SECONDS", 0)
    with pytest.raises(Unreadable, match="takes longer to be read"):
        apart.parse(LONG)
    assert apart.parse(PLAIN).subject == "Hello"


def test_where_the_system_sets_no_limit_the_clock_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "WALL_SECONDS", 0)
    with pytest.raises(Unreadable, match="takes longer to be read"):
        apart.parse(LONG)


def test_a_mail_that_takes_too_much_memory_needs_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MEMORY", 60_000_000)
    with pytest.raises(Unreadable, match="more memory"):
        apart.parse(LONG)
    assert apart.parse(PLAIN).subject == "Hello"


def test_a_process_killed_between_two_mails_costs_nothing() -> None:
    apart.parse(PLAIN)
    os.kill(apart._readers._idle[0].process.pid, signal.SIGKILL)
    assert apart.parse(PLAIN).subject == "Hello"


@pytest.mark.parametrize("killed", [False, True])
def test_who_stops_in_the_middle_of_a_mail_leaves_its_process_or_nothing(killed: bool) -> None:
    reading = apart.Reading()
    reading.begin(PLAIN, envelope_from=None)
    assert reading._reader
    process = reading._reader.process
    if killed:
        process.kill()
        process.wait()
    reading.close(patience=30)
    left = [reader.process.pid for reader in apart._readers._idle]
    # The answer to a mail that nobody wants any more is not taken for that to the next one.
    assert apart.parse(PLAIN.replace(b"Hello", b"Good day")).subject == "Good day"
    assert left == ([] if killed else [process.pid])


def killing(times: int) -> threading.Thread:
    """Kill the next processes that read, each as soon as it is there."""

    def kill() -> None:
        for number in range(times):
            until(lambda number=number: len(busy) > number)  # type: ignore[misc]
            os.kill(busy[number], signal.SIGKILL)

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    return thread


busy: list[int] = []


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> None:
    busy.clear()
    start = apart._Reader.__init__

    def started(reader: apart._Reader) -> None:
        start(reader)
        busy.append(reader.process.pid)

    monkeypatch.setattr(apart._Reader, "__init__", started)


@pytest.mark.usefixtures("watched")
def test_a_mail_whose_process_was_killed_is_read_in_the_next_one() -> None:
    thread = killing(1)
    assert apart.parse(PLAIN).subject == "Hello"
    thread.join(10)
    assert len(busy) == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("watched")
def test_a_mail_that_ends_each_process_needs_a_person_and_is_kept_whole(
    mailbox: Mailbox, taken_in: list[tuple[RawMail, ParsedMail]]
) -> None:
    accept(raw=LONG, source="smtp")
    thread = killing(apart.TRIES)
    assert turn_waiting().need_person == 1
    thread.join(10)
    kept = RawMail.objects.get()
    assert (kept.state, kept.reason) == (RawMail.State.NEEDS_PERSON, apart.BREAKS)
    assert bytes(kept.raw) == LONG


@pytest.mark.django_db
def test_no_room_for_a_process_leaves_the_mail_waiting(
    mailbox: Mailbox, taken_in: list[tuple[RawMail, ParsedMail]], monkeypatch: pytest.MonkeyPatch
) -> None:
    accept(raw=PLAIN, source="smtp")
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(apart.Unstartable):
        turn_waiting()
    assert RawMail.objects.get().state == RawMail.State.WAITING


@pytest.mark.parametrize("occupied", [False, True])
def test_the_process_ends_with_the_one_that_asks(occupied: bool) -> None:
    program = (
        "import sys, threading\n"
        "from goodword.mail.parsing import apart\n"
        "apart.WALL_SECONDS = 2\n"
        "apart.parse(b'From: a@example.org\\r\\n\\r\\nx')\n"
        "print(apart._readers._idle[0].process.pid, flush=True)\n"
        "raw = sys.stdin.buffer.read()\n"
        "apart.parse(raw) if raw else threading.Event().wait()\n"
    )
    asking = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert asking.stdin is not None
    assert asking.stdout is not None
    with asking:
        pid = int(asking.stdout.readline())
        if occupied:
            asking.stdin.write(LONG)
            asking.stdin.close()
        asking.kill()
    until(lambda: gone(pid))


def test_several_threads_read_at_once_and_each_gets_its_own_mail() -> None:
    wrong: list[str] = []

    def read(number: int) -> None:
        for turn in range(20):
            subject = f"Mail {number} {turn}"
            found = apart.parse(PLAIN.replace(b"Hello", subject.encode())).subject
            wrong.extend([found] if found != subject else [])

    threads = [threading.Thread(target=read, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert len(apart._readers._idle) <= 4


def test_a_split_off_process_starts_its_own() -> None:
    apart.parse(PLAIN)
    read_end, write_end = os.pipe()
    pid = os.fork()
    if not pid:
        os.write(write_end, b"%d" % len(apart._readers._idle))
        os._exit(0)
    os.waitpid(pid, 0)
    assert os.read(read_end, 10) == b"0"
    os.close(read_end)
    os.close(write_end)
    assert len(apart._readers._idle) == 1


def test_nothing_but_a_mail_comes_back() -> None:
    class Other:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.system, ("false",)

    with pytest.raises(pickle.UnpicklingError, match="A mail holds no"):
        apart._understood(READ, pickle.dumps(Other()))


def test_the_process_knows_no_database_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOODWORD_SECRET_KEY", "hidden")
    assert "hidden" not in apart._environment().values()
    program = (
        "import sys, goodword.mail.parsing.child as child; print({'django', 'psycopg'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
