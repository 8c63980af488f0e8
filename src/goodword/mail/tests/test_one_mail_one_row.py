"""One mail is one row in each mailbox that it is for, whoever delivers it, however often, and all at once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from goodword.mail import registry
from goodword.mail.actions import Fetched, Unusable, accept
from goodword.mail.intake import turn_waiting
from goodword.mail.models import Delivery, MailAccount, Mailbox, RawMail, Tombstone
from goodword.mail.parsing import ParsedMail
from goodword.mail.queries import twins

pytestmark = pytest.mark.django_db

MAIL = b"From: Carla <carla@example.org>\r\nTo: care@desk.example\r\nMessage-ID: <one@example.org>\r\n"
MAIL += b"Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nSubject: Hello\r\n\r\nWhere is my parcel?\r\n"
Outcome = Delivery.Outcome

PROCESSES = 8
# One start, and then as many processes as that; none has spoken with the database before they part.
DELIVER = """
import multiprocessing, sys
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from goodword.mail.actions import accept

raw = open(sys.argv[2], "rb").read()
fork = multiprocessing.get_context("fork")
together, said = fork.Barrier(int(sys.argv[3])), fork.SimpleQueue()

def deliver():
    together.wait(60)
    accepted = accept(raw=raw, source="smtp", envelope_to=["care@desk.example", "sales@desk.example"])
    said.put(accepted.created)

processes = [fork.Process(target=deliver) for _number in range(together.parties)]
for process in processes:
    process.start()
for process in processes:
    process.join(60)
print(sorted(said.get() for process in processes if process.exitcode == 0))
"""


@pytest.fixture
def sales(mailbox: Mailbox) -> Mailbox:
    """A second mailbox of the house."""
    return Mailbox.objects.create(address="sales@desk.example", name="Sales")


@pytest.fixture
def account(mailbox: Mailbox) -> MailAccount:
    """A folder on another server that feeds the mailbox."""
    return MailAccount.objects.create(mailbox=mailbox, host="imap.example.org", username="care")


@pytest.mark.django_db(transaction=True)
def test_eight_processes_that_deliver_one_mail_at_once_make_one_row(
    mailbox: Mailbox, sales: Mailbox, tmp_path: Path
) -> None:
    (tmp_path / "mail.eml").write_bytes(MAIL)
    name = connection.settings_dict["NAME"]
    done = subprocess.run(
        [sys.executable, "-c", DELIVER, name, str(tmp_path / "mail.eml"), str(PROCESSES)],
        cwd=Path(__file__).resolve().parents[4],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.stdout.strip() == str([False] * (PROCESSES - 1) + [True]), done.stderr
    assert sorted(RawMail.objects.values_list("mailbox_id", flat=True)) == [mailbox.pk, sales.pk]
    for box in (mailbox, sales):
        outcomes = sorted(Delivery.objects.filter(mailbox=box).values_list("outcome", flat=True))
        assert outcomes == [Outcome.KEPT] + [Outcome.REPEATED] * (PROCESSES - 1)


def test_a_mail_to_two_mailboxes_of_the_house_is_kept_in_each(mailbox: Mailbox, sales: Mailbox) -> None:
    accepted = accept(
        raw=MAIL,
        source="smtp",
        envelope_to=["sales@desk.example", "x@elsewhere.example", "CARE@desk.example"],
    )
    assert [mail.mailbox for mail in accepted.mails] == [sales, mailbox]
    assert [twin.mailbox for twin in twins(accepted.mails[0])] == [mailbox]
    assert [bytes(mail.raw) for mail in RawMail.objects.all()] == [MAIL, MAIL]


def test_the_envelope_decides_over_what_the_fields_say(mailbox: Mailbox, sales: Mailbox) -> None:
    both = MAIL.replace(b"To: care@desk.example", b"To: care@desk.example, sales@desk.example")
    accepted = accept(raw=both, source="smtp", envelope_to=["sales@desk.example"])
    assert [mail.mailbox for mail in accepted.mails] == [sales]


def test_without_an_envelope_the_fields_decide(mailbox: Mailbox, sales: Mailbox) -> None:
    both = MAIL.replace(b"To: care@desk.example", b"To: care@desk.example\r\nCc: Sales <sales@desk.example>")
    accepted = accept(raw=both, source="pipe")
    assert [mail.mailbox for mail in accepted.mails] == [mailbox, sales]


def test_a_later_delivery_to_the_other_mailbox_adds_what_is_missing(mailbox: Mailbox, sales: Mailbox) -> None:
    first = accept(raw=MAIL, source="smtp", envelope_to=["care@desk.example"])
    second = accept(raw=MAIL, source="smtp", envelope_to=["care@desk.example", "sales@desk.example"])
    assert (second.created, second.outcome) == (True, Outcome.KEPT)
    assert second.mails[0].pk == first.mails[0].pk
    assert RawMail.objects.count() == 2


def test_every_delivery_is_journalled_with_what_came_of_it(mailbox: Mailbox) -> None:
    accept(raw=MAIL, source="smtp")
    accept(raw=MAIL, source="lmtp")
    with pytest.raises(Unusable):
        accept(raw=b" \r\n", source="smtp", envelope_to=["care@desk.example"])
    told = Delivery.objects.order_by("id").values_list("source", "outcome", "mailbox")
    assert list(told) == [
        ("smtp", Outcome.KEPT, mailbox.pk),
        ("lmtp", Outcome.REPEATED, mailbox.pk),
        ("smtp", Outcome.UNUSABLE, mailbox.pk),
    ]


def test_what_was_deleted_for_good_is_not_kept_again(mailbox: Mailbox, sales: Mailbox) -> None:
    mail = accept(raw=MAIL, source="smtp").mails[0]
    Tombstone.objects.create(mailbox=mailbox, identity=mail.identity)
    Delivery.objects.update(raw_mail=None)
    mail.delete()
    again = accept(raw=MAIL, source="smtp", envelope_to=["care@desk.example"])
    assert (again.mail, again.created, again.outcome) == (None, False, Outcome.REMOVED)
    assert not RawMail.objects.exists()
    elsewhere = accept(raw=MAIL, source="smtp", envelope_to=["sales@desk.example", "care@desk.example"])
    assert [row.mailbox for row in elsewhere.mails] == [sales]


def test_a_mail_of_an_account_is_journalled_by_its_uid_and_kept_once(
    mailbox: Mailbox, account: MailAccount
) -> None:
    noon = timezone.now().replace(hour=12)
    first = accept(raw=MAIL, source="imap", fetched=Fetched(account, 7, 100, noon))
    again = accept(raw=MAIL + b"changed", source="imap", fetched=Fetched(account, 7, 100))
    assert (first.outcome, again.outcome) == (Outcome.KEPT, Outcome.REPEATED)
    assert again.mails == first.mails
    entry = Delivery.objects.get()
    assert (entry.account, entry.uid_validity, entry.uid, entry.at) == (account, 7, 100, noon)


def test_a_full_re_sync_under_new_uids_adds_no_mail(mailbox: Mailbox, account: MailAccount) -> None:
    accept(raw=MAIL, source="smtp", envelope_to=["care@desk.example"])
    for validity in (7, 8):
        assert not accept(raw=MAIL, source="imap", fetched=Fetched(account, validity, 1)).created
    assert RawMail.objects.count() == 1
    assert Delivery.objects.filter(account=account).count() == 2


def test_a_mail_delivered_again_does_not_wait_for_the_one_who_reads_it(
    mailbox: Mailbox, taken_in: list[tuple[RawMail, ParsedMail]]
) -> None:
    with CaptureQueriesContext(connection) as seen:
        accept(raw=MAIL, source="smtp")
        turn_waiting()
    locking = [query["sql"] for query in seen if "mail_rawmail" in query["sql"] and "FOR " in query["sql"]]
    assert locking
    assert all("FOR NO KEY UPDATE" in statement for statement in locking)


def test_what_accepting_costs_does_not_grow_with_the_mailboxes(mailbox: Mailbox) -> None:
    def cost(number: int) -> int:
        raw = MAIL.replace(b"<one@", b"<%d@" % number)
        with CaptureQueriesContext(connection) as seen:
            accept(raw=raw, source="smtp", envelope_to=["care@desk.example", "box3@desk.example"])
        return len(seen)

    one = cost(1)
    Mailbox.objects.bulk_create(
        Mailbox(address=f"box{number}@desk.example", name=str(number)) for number in range(30)
    )
    assert cost(2) == one
    # Besides the mail itself: the mailboxes, what was deleted, the journal, and the two around them all.
    assert one <= 5


def test_who_makes_no_message_of_a_mail_says_why(
    mailbox: Mailbox, taken_in: list[tuple[RawMail, ParsedMail]]
) -> None:
    registry.register_intake(lambda mail, parsed: "It came back to us.")
    accept(raw=MAIL, source="smtp")
    turn_waiting()
    assert (RawMail.objects.get().state, RawMail.objects.get().reason) == ("done", "It came back to us.")
