"""Servers that break off, lie or forget: nothing is lost, nobody waits for ever."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.dovecot import Dovecot

from goodword.mail import actions
from goodword.mail.imap.alarms import silent_accounts
from goodword.mail.imap.connection import Connection
from goodword.mail.imap.readers import Readers
from goodword.mail.models import MailAccount, Mailbox, RawMail

from .conftest import add, mail, soon, subjects

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("hurry")]
Reading = Callable[[], Readers]


class Served(threading.Thread):
    """Takes connections until it ends, each in a thread of its own."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.server = socket.create_server(("127.0.0.1", 0))
        self.host, self.port = "127.0.0.1", self.server.getsockname()[1]
        self.start()

    def run(self) -> None:
        with suppress(OSError):
            while True:
                client = self.server.accept()[0]
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client:
            with suppress(OSError, ValueError):
                self.talk(client)
            # Closing alone leaves the connection open while another thread reads from it.
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    def talk(self, client: socket.socket) -> None:
        raise NotImplementedError

    def end(self) -> None:
        with suppress(OSError):
            self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()


class Cutting(Served):
    """Leads to another server, and cuts each of the first connections after so many bytes of answers."""

    def __init__(self, behind: Dovecot) -> None:
        self.behind = behind
        self.cuts: list[int] = []
        super().__init__()

    def talk(self, client: socket.socket) -> None:
        left = self.cuts.pop(0) if self.cuts else None
        with socket.create_connection((self.behind.host, self.behind.port)) as server:
            threading.Thread(target=_pour, args=(client, server), daemon=True).start()
            while data := server.recv(4096):
                if left is not None:
                    data = data[:left]
                    left -= len(data)
                client.sendall(data)
                if left == 0:
                    break
            server.shutdown(socket.SHUT_RDWR)


def _pour(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(4096):
            target.sendall(data)


@pytest.fixture
def cutting(dovecot: Dovecot) -> Iterator[Cutting]:
    server = Cutting(dovecot)
    yield server
    server.end()


def test_a_connection_that_is_cut_anywhere_loses_and_doubles_nothing(
    dovecot: Dovecot, user: str, mailbox: Mailbox, cutting: Cutting, reading: Reading
) -> None:
    add(cutting, user, mailbox)  # type: ignore[arg-type]
    names = [f"mail {number}" for number in range(6)]
    dovecot.deliver(user, *(mail(name, text="word " * 2000) for name in names))
    cutting.cuts = [10, 700, 1500, 8_000, 20_000, 45_000, 30_000]
    reading()
    soon(lambda: len(subjects()) >= 6)
    assert subjects() == names
    soon(lambda: MailAccount.objects.filter(missed=0).exists())
    assert not RawMail.objects.filter(state=RawMail.State.NEEDS_PERSON).exists()


@dataclass
class Box:
    """What a lying server holds, and how it lies."""

    mails: dict[int, bytes] = field(default_factory=dict)
    listed: set[int] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    short: dict[int, bytes] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    late: dict[int, bytes] = field(default_factory=dict)
    broken: str = ""
    can_idle: bool = False


class Lying(Served):
    """A server after a script: says that there are 999 mails, lists what it does not have, and the like."""

    def __init__(self) -> None:
        self.box = Box()
        super().__init__()

    def talk(self, client: socket.socket) -> None:
        lines = client.makefile("rb")
        client.sendall(b"* OK at your service\r\n")
        for line in lines:
            tag, words = line.decode().strip().split(" ", 1)
            verb = words.upper()
            if verb == "IDLE":
                # Waits until the client has enough of it, and tells nothing.
                client.sendall(b"+ idling\r\n")
                lines.readline()
            client.sendall(self._said(verb) + f"{tag} {self._verdict(verb)}\r\n".encode())

    def _verdict(self, verb: str) -> str:
        if self.box.broken and verb.startswith(self.box.broken):
            return "NO [SERVERBUG] nothing works today"
        if verb.startswith("UID FETCH") and "BODY" in verb and self._asked(verb) & self.box.refused:
            return "NO [SERVERBUG] this mail is broken here"
        return "OK done"

    def _asked(self, verb: str) -> set[int]:
        return {int(uid) for uid in re.findall(r"\d+", verb.split(" ")[2])}

    def _said(self, verb: str) -> bytes:
        known = sorted((set(self.box.mails) | self.box.listed) - self.box.gone)
        if verb.startswith("CAPABILITY"):
            return b"* CAPABILITY IMAP4rev1 IDLE\r\n" if self.box.can_idle else b"* CAPABILITY IMAP4rev1\r\n"
        if verb.startswith("EXAMINE"):
            return b"* 999 EXISTS\r\n* OK [UIDVALIDITY 7] yes\r\n* OK [UIDNEXT 1] perhaps\r\n"
        if verb.startswith("UID SEARCH"):
            low, high = verb.split(" ")[-1].split(":")
            found = [uid for uid in known if uid >= int(low) and (high == "*" or uid <= int(high))]
            # As the protocol has it, the last mail is always within 'n:*'.
            found = found or (known[-1:] if high == "*" else [])
            return f"* SEARCH {' '.join(map(str, found))}\r\n".encode()
        if verb.startswith("UID FETCH"):
            found = b"".join(self._one(uid, "BODY" in verb) for uid in sorted(self._asked(verb)))
            if self.box.late and "BODY" in verb:
                self.box.mails, self.box.late = self.box.mails | self.box.late, {}
                found += b"* 1000 EXISTS\r\n"
            return found
        return b""

    def _one(self, uid: int, body: bool) -> bytes:
        if uid in self.box.short:
            text = self.box.short[uid]
            return b'* 5 FETCH (BODY[] "' + text + b'" UID %d RFC822.SIZE %d)\r\n' % (uid, len(text))
        raw = self.box.mails.get(uid)
        if raw is None or uid in self.box.gone or (body and uid in self.box.refused):
            return b""
        if not body:
            return b"* 1 FETCH (UID %d RFC822.SIZE %d)\r\n" % (uid, 10)
        self.box.fetched.append(str(uid))
        # News of flags in between, also of the mail itself, the number behind the bytes, and a mail that
        # nobody asked for.
        return (
            b"* 3 FETCH (FLAGS (\\Seen))\r\n"
            + b"* 9 FETCH (FLAGS (\\Seen) UID %d)\r\n* 9 FETCH (BODY[] {%d}\r\n" % (uid, len(raw))
            + raw
            + b" UID %d)\r\n* 8 FETCH (UID 4711 BODY[] {3}\r\nabc)\r\n" % uid
        )


@pytest.fixture
def lying() -> Iterator[Lying]:
    server = Lying()
    yield server
    server.end()


@pytest.fixture
def lied_to(transactional_db: None, lying: Lying, mailbox: Mailbox) -> MailAccount:
    return add(lying, "care", mailbox)  # type: ignore[arg-type]


def test_a_mail_that_the_server_lists_and_does_not_hand_over_is_told_and_stops_nobody(
    lying: Lying, lied_to: MailAccount, reading: Reading
) -> None:
    lying.box.mails = {1: mail("one"), 3: mail("three"), 4: mail("four"), 9: mail("nine")}
    lying.box.listed = {2}
    lying.box.refused = {4}
    reading()
    soon(lambda: "nine" in subjects())
    assert subjects() == ["one", "three", "nine"]
    told = RawMail.objects.filter(state=RawMail.State.NEEDS_PERSON).order_by("id")
    assert [one.reason.split(" It is mail ")[1][0] for one in told] == ["2", "4"]
    assert "this mail is broken here" in told[1].reason


@pytest.mark.parametrize("broken", ["UID SEARCH", "UID FETCH"])
def test_a_server_that_opens_the_folder_and_then_fails_each_time_raises_the_alarm(
    lying: Lying, lied_to: MailAccount, reading: Reading, broken: str
) -> None:
    lying.box.mails = {uid: mail(f"mail {uid}") for uid in range(1, 4)}
    lying.box.broken = broken
    reading()
    soon(lambda: silent_accounts().exists())
    told = MailAccount.objects.get()
    assert told.missed >= 3
    assert "nothing works today" in told.error
    lying.box.broken = ""
    lying.box.mails[4] = mail("mail 4")
    soon(lambda: "mail 4" in subjects())
    soon(lambda: not silent_accounts().exists())


def test_a_server_that_hands_nothing_over_raises_the_alarm_and_keeps_it(
    lying: Lying, lied_to: MailAccount, reading: Reading
) -> None:
    lying.box.listed = set(range(1, 40))
    reading()
    soon(lambda: RawMail.objects.filter(state=RawMail.State.NEEDS_PERSON).count() >= 2)
    assert MailAccount.objects.get().missed >= 4


def test_a_mail_that_could_not_be_had_comes_when_the_folder_is_read_again(
    lying: Lying, lied_to: MailAccount, reading: Reading
) -> None:
    lying.box.mails = {1: mail("one"), 2: mail("two")}
    lying.box.refused = {1}
    reading()
    soon(lambda: subjects() == ["two"])
    lying.box.refused = set()
    actions.read_again(account=lied_to)
    soon(lambda: subjects() == ["two", "one"])


def test_a_mail_that_vanishes_before_it_is_fetched_is_passed_over(
    lying: Lying, lied_to: MailAccount, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    lying.box.mails = {1: mail("one"), 2: mail("two"), 3: mail("three")}
    facts = Connection.facts

    def then_it_goes(self: Connection, uids: Any) -> Any:
        found = facts(self, uids)
        lying.box.gone = {2}
        return found

    monkeypatch.setattr(Connection, "facts", then_it_goes)
    reading()
    soon(lambda: subjects() == ["one", "three"])
    assert not RawMail.objects.filter(state=RawMail.State.NEEDS_PERSON).exists()


def test_mail_from_before_is_not_even_fetched_when_the_folder_is_read_again(
    lying: Lying, lied_to: MailAccount, reading: Reading
) -> None:
    lying.box.mails = {1: mail("before"), 2: mail("before too"), 3: mail("new")}
    MailAccount.objects.update(silent_to=2)
    actions.read_again(account=lied_to)
    reading()
    soon(lambda: subjects() == ["new"])
    assert lying.box.fetched == ["3"]


def test_what_the_server_says_of_numbers_to_come_is_not_believed(
    lying: Lying, lied_to: MailAccount, reading: Reading
) -> None:
    reading()
    soon(lambda: MailAccount.objects.filter(contact_at__isnull=False).exists())
    lying.box.short = {5: b'Subject: five\\\\ and a \\"half\\"'}
    lying.box.listed = {5}
    soon(lambda: RawMail.objects.exists())
    assert bytes(RawMail.objects.get().raw) == b'Subject: five\\ and a "half"'
    assert not RawMail.objects.filter(identity__contains="4711").exists()


def test_mail_that_a_server_tells_of_by_the_way_is_not_waited_for(
    lying: Lying, lied_to: MailAccount, reading: Reading
) -> None:
    lying.box.can_idle = True
    lying.box.mails = {1: mail("one")}
    lying.box.late = {2: mail("told of while the first was fetched")}
    reading()
    soon(lambda: subjects() == ["one", "told of while the first was fetched"])
