"""Everything that was delivered is accounted for, each mailbox and each day, and what is not is named."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from goodword.__main__ import COMMANDS
from goodword.inbox import actions
from goodword.mail import actions as mail
from goodword.mail import reconciling, registry
from goodword.mail.actions import Fetched, Unusable
from goodword.mail.commands import reconcile as command
from goodword.mail.intake import turn_waiting
from goodword.mail.models import Delivery, MailAccount, Mailbox, RawMail
from goodword.mail.reconciling import Bucket

from .test_intake import receive, written

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate(timezone=timezone.get_default_timezone())


def lines(**how):
    return reconciling.reconcile(first=today() - timedelta(days=13), last=today(), **how)


def accept(letter, **how):
    return mail.accept(raw=bytes(letter), source=how.pop("source", "smtp"), nudged=False, **how)


@pytest.fixture
def account(mailbox):
    """A folder on another server that feeds the mailbox."""
    made = timezone.now() - timedelta(days=10)
    return MailAccount.objects.create(
        mailbox=mailbox, host="imap.example.org", username="care", uid_validity=7, created_at=made
    )


@pytest.fixture
def on_server():
    """How many mails the server has of each day, as the room that asks it would say."""
    counts: dict = {}
    others, registry.server_counts._entries = registry.server_counts._entries, []
    registry.register_server_count(lambda account, day: counts.get(day, 0))
    yield counts
    registry.server_counts._entries = others


def test_every_delivery_stands_in_one_bucket(mailbox, owner, lead):
    first = receive(written())
    accept(written(), source="lmtp")
    receive(written(text="I am away.", Auto_Submitted="auto-replied"))
    reply = actions.reply(conversation=first.conversation, agent=owner, markdown="Which lamp?")
    receive_own = accept(reply_mail(reply))
    turn_waiting()
    accept(b"Subject: from nobody\r\n\r\nHi\r\n")
    turn_waiting()
    with pytest.raises(Unusable):
        mail.accept(raw=b"\r\n", source="smtp", envelope_to=["care@desk.example"])
    gone = receive(written(text="Forget me."))
    actions.remove(conversation=gone.conversation, by=lead)
    accept(written(text="Forget me."))
    accept(written(text="Not read yet."))
    assert receive_own.mails[0].mailbox == mailbox
    (line,) = lines()
    assert (line.mailbox, line.day) == (mailbox, today())
    assert {bucket: count for bucket, count in line.counts.items() if count} == {
        Bucket.MESSAGE: 1,
        Bucket.REPEATED: 1,
        Bucket.AUTOMATIC: 1,
        Bucket.RECORDED: 1,
        Bucket.NEEDS_PERSON: 1,
        Bucket.UNUSABLE: 1,
        Bucket.REMOVED: 2,
        Bucket.WAITING: 1,
    }
    assert (line.delivered, line.kept, line.unexplained) == (9, 5, 0)
    assert line.delivered == line.messages + line.recorded + line.needs_person + line.waiting
    assert line.sources == {"smtp": 5, "lmtp": 1, "test": 3}


def reply_mail(reply):
    return bytes(reply.outgoing.raw)


def test_the_rows_behind_a_figure_are_as_many_as_it_says(mailbox):
    receive(written())
    accept(written())
    accept(written(text="Another."))
    (line,) = lines()
    for bucket, count in line.counts.items():
        rows = reconciling.entries(mailbox=mailbox.pk, day=line.day, buckets=[bucket])
        assert len(rows) == count
    assert len(reconciling.entries(mailbox=mailbox.pk, day=line.day)) == line.delivered
    assert len(reconciling.entries(mailbox=mailbox.pk, day=line.day, kept=True)) == line.kept


def test_a_mail_that_vanished_is_unexplained_and_named(mailbox):
    kept = receive(written()).raw_mail
    entry = Delivery.objects.get(raw_mail=kept)
    kept.message.delete()
    assert lines()[0].counts[Bucket.UNEXPLAINED] == 1
    RawMail.objects.all().delete()
    assert lines()[0].unexplained == 1
    assert reconciling.unexplained(lines()) == [f"delivery {entry.pk}"]


def test_mails_without_an_entry_in_the_journal_are_unexplained_and_named(mailbox):
    kept = [receive(written(text=text)).raw_mail for text in ("One.", "Two.")]
    Delivery.objects.all().delete()
    (line,) = lines()
    assert (line.delivered, line.unexplained) == (0, 2)
    assert sorted(reconciling.unexplained([line])) == [f"mail {mail.pk}" for mail in kept]


def test_what_only_the_server_has_is_unexplained_once_the_day_is_over(mailbox, account, on_server):
    yesterday = timezone.now() - timedelta(days=1)
    accept(written(), source="imap", fetched=Fetched(account, 7, 1, yesterday))
    turn_waiting()
    on_server.update({today(): 3, today() - timedelta(days=1): 2, today() - timedelta(days=12): 5})
    known = {line.day: line for line in lines(ask_servers=True)}
    assert known[today()].server == 3
    assert known[today()].unexplained == 0
    assert (known[today() - timedelta(days=1)].server, known[today() - timedelta(days=1)].unmet) == (2, 1)
    assert known[today() - timedelta(days=12)].unexplained == 0
    assert "1 on the server of care@desk.example" in reconciling.unexplained(list(known.values()))[0]


def test_older_mail_must_be_here_once_it_was_read_and_only_where_it_was_wanted(mailbox, account, on_server):
    on_server[today() - timedelta(days=12)] = 5

    def missing(**facts):
        MailAccount.objects.update(**facts)
        return sum(line.unmet for line in lines(ask_servers=True))

    assert missing(reads_older=False) == 0
    assert missing(reads_older=True, silent_to=9, last_uid=4) == 0
    assert missing(last_uid=9) == 5
    assert missing(paused_at=timezone.now()) == 0


def test_a_full_re_sync_does_not_make_up_for_what_is_missing(mailbox, account, on_server):
    yesterday = timezone.now() - timedelta(days=1)
    for validity in (6, 7):
        accept(written(), source="imap", fetched=Fetched(account, validity, 1, yesterday))
    on_server[today() - timedelta(days=1)] = 2
    assert [line.unmet for line in lines(ask_servers=True) if line.day < today()] == [1]


def test_only_the_mailboxes_asked_for_are_counted(mailbox):
    sales = Mailbox.objects.create(address="sales@desk.example", name="Sales")
    accept(written(), envelope_to=["care@desk.example", "sales@desk.example"])
    assert [line.mailbox for line in lines()] == [mailbox, sales]
    assert [line.mailbox for line in lines(mailboxes=[sales.pk])] == [sales]


def test_a_day_ends_at_midnight_of_the_house(mailbox, account, settings):
    settings.TIME_ZONE = "Pacific/Auckland"
    zone = timezone.get_default_timezone()
    midnight = timezone.now().astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    accept(written(), source="imap", fetched=Fetched(account, 7, 1, midnight - timedelta(seconds=1)))
    accept(written(text="Later."), source="imap", fetched=Fetched(account, 7, 2, midnight))
    found = {line.day: line.delivered for line in lines()}
    assert found == {midnight.date(): 1, (midnight - timedelta(days=1)).date(): 1}


def run(capsys, *given):
    parser = command.argparse.ArgumentParser()
    command.add_arguments(parser)
    code = command.run(parser.parse_args(given))
    return code, capsys.readouterr().out


def test_the_command_says_so_and_its_exit_code_too(mailbox, capsys):
    assert ("mail", "reconcile") in COMMANDS
    assert run(capsys) == (0, "No mail was delivered in these days.\n")
    receive(written())
    code, said = run(capsys, "--days", "3")
    assert code == 0
    assert "Everything is accounted for." in said
    assert "care@desk.example" in said
    entry = Delivery.objects.get()
    RawMail.objects.all().delete()
    code, said = run(capsys)
    assert code == 1
    assert f"Unexplained: delivery {entry.pk}" in said


def test_programs_get_one_object(mailbox, capsys):
    receive(written())
    code, said = run(capsys, "--json")
    told = json.loads(said)
    assert (code, told["unexplained"], told["named"]) == (0, 0, [])
    (day,) = told["days"]
    assert (day["mailbox"], day["delivered"], day["stored"]) == ("care@desk.example", 1, 1)
    assert (day["became"]["message"], day["sources"]) == (1, {"test": 1})


def test_counting_reads_the_days_that_are_asked_for_only(mailbox):
    now = timezone.now()
    Delivery.objects.bulk_create(
        Delivery(mailbox=mailbox, source="smtp", at=now - timedelta(days=number % 500))
        for number in range(5000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE mail_delivery")
    assert "Index Scan using delivery_day" in reconciling.entries(mailbox=mailbox.pk, day=today()).explain()
