"""What the tests of fetching share: a real server, accounts on it, and the threads that read them."""

import itertools
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from tests.dovecot import PASSWORD, Dovecot, dovecot
from tests.waiting import until

from goodword.mail import actions
from goodword.mail.imap import lease, readers
from goodword.mail.imap.credentials import Credentials
from goodword.mail.imap.readers import Readers
from goodword.mail.models import MailAccount, Mailbox, RawMail

__all__ = ["dovecot"]
PATIENCE_SECONDS = 30
_numbers = itertools.count(1)


def mail(subject: str, **more: str) -> bytes:
    """A mail of a customer, told from others by its subject."""
    made = EmailMessage()
    made["From"] = "Carla <carla@example.org>"
    made["To"] = "care@desk.example"
    made["Subject"] = subject
    made["Message-ID"] = more.get("message_id", f"<{subject.replace(' ', '.')}@example.org>")
    made.set_content(more.get("text", f"About {subject}."))
    return made.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def soon(condition: Callable[[], Any]) -> Any:
    """What `condition` gives once it is true; fails when it never is."""
    return until(condition, patience=PATIENCE_SECONDS)


def kept() -> list[str]:
    """The identities of the mails that are kept, in the order they came."""
    return list(RawMail.objects.order_by("id").values_list("identity", flat=True))


def subjects() -> list[str]:
    """The subjects of the mails that are kept, in the order they came."""
    lines = (bytes(one.raw).split(b"Subject: ", 1) for one in RawMail.objects.order_by("id"))
    return [line[1].split(b"\r\n", 1)[0].decode() for line in lines if len(line) > 1]


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same steps with shorter pauses between them."""
    monkeypatch.setattr(readers, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(readers, "PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(readers, "POLL_SECONDS", 1.0)
    monkeypatch.setattr(lease, "FIRST_WAIT", 0.1)
    monkeypatch.setattr(lease, "AFTER_REFUSAL", 0.1)
    monkeypatch.setattr(lease, "LONGEST_WAIT", 0.5)
    monkeypatch.setattr(lease, "BEAT_SECONDS", 0.0)


@pytest.fixture
def user(dovecot: Dovecot) -> str:
    """A mailbox of this test's own on the server."""
    if dovecot.process is None:
        dovecot.start()
    return f"care{next(_numbers)}"


@pytest.fixture
def account(transactional_db: None, dovecot: Dovecot, user: str, mailbox: Mailbox) -> MailAccount:
    """An account whose mail is read from now on."""
    return add(dovecot, user, mailbox)


def add(server: Dovecot, user: str, mailbox: Mailbox, **more: Any) -> MailAccount:
    """Add an account as the desk does."""
    made = MailAccount(
        mailbox=mailbox,
        host=server.host,
        port=server.port,
        security=MailAccount.Security.NONE,
        username=user,
        **more,
    )
    return actions.add_account(account=made, credentials=Credentials(password=PASSWORD))


@pytest.fixture
def reading() -> Iterator[Callable[[], Readers]]:
    """Start the threads that read; several times for several processes."""
    started: list[Readers] = []

    def start() -> Readers:
        started.append(Readers())
        started[-1].start()
        return started[-1]

    yield start
    for one in started:
        one.stop()
