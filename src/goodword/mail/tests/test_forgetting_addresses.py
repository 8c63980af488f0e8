"""When a person is erased, mail that made no message goes with them; nobody else's does."""

from email.message import EmailMessage

import pytest
from django.utils import timezone

from goodword.mail import actions
from goodword.mail.models import RawMail

pytestmark = pytest.mark.django_db
State = RawMail.State


def letter(sender: str) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "care@desk.example", "A lamp"
    made.set_content("It broke.")
    return bytes(made)


@pytest.fixture
def kept(mailbox):
    """Keeps a mail that made no message."""

    def keep(raw: bytes, state: str) -> RawMail:
        return RawMail.objects.create(
            mailbox=mailbox, identity=f"{state} {len(raw)}", raw=raw, size=len(raw), state=state, reason="Hm"
        )

    return keep


def forget(address: str) -> None:
    while actions.forget_addresses(addresses=[address], until=timezone.now()):
        pass


@pytest.mark.parametrize("state", [State.DONE, State.SET_ASIDE, State.NEEDS_PERSON])
def test_an_address_within_a_longer_one_is_somebody_elses(kept, state):
    theirs = kept(letter("Ann <ann@example.org>"), state)
    other = kept(letter("Joann <joann@example.org>"), state)
    forget("ann@example.org")
    assert list(RawMail.objects.all()) == [other]
    assert theirs.pk != other.pk


def test_a_mail_that_cannot_be_read_stands_in_nobodys_way(kept):
    senderless = kept(b"To: ann@example.org\nSubject: A lamp\n\nIt broke.\n", State.NEEDS_PERSON)
    deep = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (depth, depth) for depth in range(500)
    )
    kept(b"From: ann@example.org\nMIME-Version: 1.0\n" + deep, State.NEEDS_PERSON)
    forget("ann@example.org")
    assert list(RawMail.objects.all()) == [senderless]
