"""Mail on another server comes in once, whole and unmarked, whatever happens on the way."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from tests.dovecot import PASSWORD, Dovecot

from goodword.mail import actions
from goodword.mail.actions.accepting import Fetched, accept
from goodword.mail.imap.credentials import Credentials
from goodword.mail.imap.readers import Readers
from goodword.mail.models import Delivery, MailAccount, Mailbox, RawMail, Tombstone

from .conftest import add, kept, mail, soon, subjects

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("hurry")]
Reading = Callable[[], Readers]


def test_new_mail_arrives_while_the_server_tells_of_it(
    dovecot: Dovecot, user: str, account: MailAccount, reading: Reading
) -> None:
    reading()
    soon(lambda: MailAccount.objects.filter(contact_at__isnull=False).exists())
    dovecot.deliver(user, mail("one"))
    soon(lambda: subjects() == ["one"])
    dovecot.deliver(user, mail("two"), mail("three"))
    soon(lambda: subjects() == ["one", "two", "three"])
    row = RawMail.objects.first()
    assert row is not None
    assert (bytes(row.raw), row.source, row.mailbox_id) == (mail("one"), "imap", account.mailbox_id)


def test_new_mail_arrives_from_a_server_that_tells_nothing(
    dovecot: Dovecot, user: str, account: MailAccount, reading: Reading
) -> None:
    dovecot.stop()
    dovecot.start(without_idle=True)
    try:
        reading()
        soon(lambda: MailAccount.objects.filter(contact_at__isnull=False).exists())
        dovecot.deliver(user, mail("one"))
        soon(lambda: subjects() == ["one"])
    finally:
        dovecot.stop()
        dovecot.start()


def test_nothing_on_the_server_is_marked_moved_or_deleted(
    dovecot: Dovecot, user: str, account: MailAccount, reading: Reading
) -> None:
    dovecot.deliver(user, mail("one"), mail("two"))
    reading()
    soon(lambda: len(kept()) == 2)
    assert dovecot.flags(user) == ["1 (FLAGS ())", "2 (FLAGS ())"]


def test_what_others_marked_as_seen_comes_in_all_the_same(
    dovecot: Dovecot, user: str, account: MailAccount, reading: Reading
) -> None:
    dovecot.deliver(user, mail("read by somebody"))
    with dovecot.log_in(user) as client:
        client.store("1", "+FLAGS", r"(\Seen)")
    reading()
    soon(lambda: subjects() == ["read by somebody"])


def test_mail_from_before_stays_out_or_comes_in_silently(
    dovecot: Dovecot, user: str, mailbox: Mailbox, reading: Reading
) -> None:
    dovecot.deliver(user, mail("old"))
    other = f"{user}-b"
    dovecot.deliver(other, mail("also old"))
    add(dovecot, user, mailbox)
    add(dovecot, other, mailbox, reads_older=True)
    dovecot.deliver(user, mail("new"))
    dovecot.deliver(other, mail("also new"))
    reading()
    soon(lambda: sorted(subjects()) == ["also new", "also old", "new"])
    silent = RawMail.objects.filter(silent=True)
    assert [row.identity.split(" ")[0] for row in silent] == ["<also.old@example.org>"]


def test_a_server_that_stops_and_starts_again_loses_nothing(
    dovecot: Dovecot, user: str, account: MailAccount, reading: Reading
) -> None:
    reading()
    dovecot.deliver(user, mail("before"))
    soon(lambda: subjects() == ["before"])
    dovecot.stop()
    soon(lambda: MailAccount.objects.filter(missed__gte=2).exists())
    account.refresh_from_db()
    assert account.error.startswith(f"Nothing answers on port {dovecot.port} of 127.0.0.1.")
    dovecot.start()
    dovecot.deliver(user, mail("after"))
    soon(lambda: subjects() == ["before", "after"])
    soon(lambda: MailAccount.objects.filter(missed=0, error="").exists())


def test_a_folder_that_was_numbered_anew_brings_nothing_twice(
    dovecot: Dovecot, user: str, account: MailAccount, reading: Reading
) -> None:
    dovecot.deliver(user, mail("one"), mail("two"))
    first = reading()
    soon(lambda: len(kept()) == 2)
    first.stop()
    dovecot.number_anew(user)
    dovecot.deliver(user, mail("three"))
    reading()
    soon(lambda: len(kept()) == 3)
    assert subjects() == ["one", "two", "three"]
    outcomes = Delivery.objects.order_by("id").values_list("outcome", flat=True)
    assert list(outcomes) == ["kept", "kept", "repeated", "repeated", "kept"]


def test_mail_from_before_stays_out_of_a_folder_numbered_anew(
    dovecot: Dovecot, user: str, mailbox: Mailbox, reading: Reading
) -> None:
    dovecot.deliver(user, mail("long ago"), at=datetime.now(UTC) - timedelta(days=30))
    add(dovecot, user, mailbox)
    dovecot.number_anew(user)
    dovecot.deliver(user, mail("new"))
    reading()
    soon(lambda: subjects() == ["new"])


def test_a_cursor_that_was_lost_brings_nothing_twice_and_nothing_deleted_back(
    dovecot: Dovecot, user: str, account: MailAccount, reading: Reading
) -> None:
    dovecot.deliver(user, mail("one"), mail("two"))
    first = reading()
    soon(lambda: len(kept()) == 2)
    first.stop()
    gone = RawMail.objects.order_by("id")[0]
    Tombstone.objects.create(mailbox=gone.mailbox, identity=gone.identity)
    gone.delete()
    Delivery.objects.all().delete()
    MailAccount.objects.update(last_uid=0)
    dovecot.deliver(user, mail("three"))
    reading()
    soon(lambda: subjects() == ["two", "three"])


def test_read_again_goes_through_the_whole_folder_and_brings_nothing_twice(
    dovecot: Dovecot, user: str, account: MailAccount, reading: Reading
) -> None:
    dovecot.deliver(user, mail("one"), mail("two"))
    reading()
    soon(lambda: MailAccount.objects.filter(last_uid=2).exists())
    actions.read_again(account=account)
    soon(lambda: MailAccount.objects.filter(last_uid=2, lease_token__isnull=False).exists())
    assert subjects() == ["one", "two"]


def test_gaps_between_the_numbers_are_no_hindrance(
    dovecot: Dovecot, user: str, account: MailAccount, reading: Reading
) -> None:
    dovecot.deliver(user, *(mail(str(number)) for number in range(1, 7)))
    for uid in (1, 3, 4, 6):
        dovecot.delete(user, uid)
    reading()
    soon(lambda: subjects() == ["2", "5"])
    dovecot.deliver(user, mail("7"))
    soon(lambda: subjects() == ["2", "5", "7"])


def test_a_mail_that_comes_by_smtp_and_by_imap_is_one(
    dovecot: Dovecot, user: str, account: MailAccount, reading: Reading
) -> None:
    actions.accept(raw=mail("one"), source="smtp", envelope_to=["care@desk.example"])
    dovecot.deliver(user, mail("one"), mail("two"))
    reading()
    soon(lambda: subjects() == ["one", "two"])
    actions.accept(raw=mail("two"), source="smtp", envelope_to=["care@desk.example"])
    assert subjects() == ["one", "two"]


def test_a_mail_that_is_too_large_is_told_and_stops_nobody(  # type: ignore[no-untyped-def]
    dovecot: Dovecot, user: str, account: MailAccount, reading: Reading, settings
) -> None:
    settings.CONFIG = _smaller(settings.CONFIG, 20_000)
    dovecot.deliver(user, mail("huge", text="word " * 10_000), mail("small"))
    reading()
    soon(lambda: subjects() == ["huge", "small"])
    told = RawMail.objects.get(state=RawMail.State.NEEDS_PERSON)
    assert "is larger than the 0 MB that are taken in" in told.reason
    assert bytes(told.raw).startswith(b"From: Carla")
    assert b"word word" not in bytes(told.raw)


def test_a_mail_that_was_too_large_and_was_deleted_does_not_come_back(  # type: ignore[no-untyped-def]
    dovecot: Dovecot, user: str, account: MailAccount, reading: Reading, settings
) -> None:
    settings.CONFIG = _smaller(settings.CONFIG, 20_000)
    dovecot.deliver(user, mail("huge", text="word " * 10_000))
    reading()
    gone = soon(lambda: RawMail.objects.first())
    Tombstone.objects.create(mailbox=gone.mailbox, identity=gone.identity)
    gone.delete()
    dovecot.deliver(user, mail("small"))
    actions.read_again(account=account)
    soon(lambda: subjects() == ["small"])


def test_a_mail_that_cannot_be_kept_is_told_with_its_bytes_and_stops_nobody(
    dovecot: Dovecot,
    user: str,
    account: MailAccount,
    reading: Reading,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL, logger="goodword.mail.imap.reading")
    accept = actions.accept

    def stumble(*, raw: bytes, **more: object) -> object:
        if b"Subject: poison" in raw:
            raise RuntimeError("no such luck")
        return accept(raw=raw, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("goodword.mail.imap.reading.accept", stumble)
    dovecot.deliver(user, mail("one"), mail("poison"), mail("two"))
    reading()
    soon(lambda: subjects() == ["one", "poison", "two"])
    told = RawMail.objects.get(state=RawMail.State.NEEDS_PERSON)
    assert bytes(told.raw) == mail("poison")
    assert told.reason.startswith(
        "Goodword stumbled over this mail (RuntimeError). It is mail 2 of the folder"
    )


def test_a_mail_that_holds_nothing_is_journalled_and_stops_nobody(
    dovecot: Dovecot, user: str, account: MailAccount, reading: Reading
) -> None:
    dovecot.deliver(user, b"\r\n", mail("one"))
    reading()
    soon(lambda: subjects() == ["one"])
    assert Delivery.objects.get(uid=1).outcome == Delivery.Outcome.UNUSABLE


def test_two_processes_read_one_account_one_at_a_time(
    dovecot: Dovecot, user: str, account: MailAccount, reading: Reading
) -> None:
    first, second = reading(), reading()
    dovecot.deliver(user, mail("one"))
    soon(lambda: subjects() == ["one"])
    busy = [one for one in (first, second) if one._running]
    assert len(busy) == 1
    busy[0].stop()
    dovecot.deliver(user, mail("two"))
    soon(lambda: subjects() == ["one", "two"])


def test_a_reader_that_lost_its_lease_writes_nothing_more(
    dovecot: Dovecot, user: str, account: MailAccount, reading: Reading
) -> None:
    first = reading()
    soon(lambda: MailAccount.objects.filter(contact_at__isnull=False).exists())
    later = timezone.now() + timedelta(hours=1)
    MailAccount.objects.update(lease_token="00000000-0000-4000-8000-000000000000", lease_until=later)
    soon(lambda: not first._running)
    dovecot.deliver(user, mail("one"))
    assert kept() == []
    account.refresh_from_db()
    assert (account.missed, account.lease_until) == (0, later)


def test_a_paused_account_is_left_alone_until_it_is_resumed(
    dovecot: Dovecot, user: str, account: MailAccount, reading: Reading
) -> None:
    readers = reading()
    soon(lambda: readers._running)
    assert actions.pause_account(account=account)
    assert not actions.pause_account(account=account)
    soon(lambda: not readers._running)
    dovecot.deliver(user, mail("one"))
    assert actions.resume_account(account=account)
    soon(lambda: subjects() == ["one"])


def test_an_account_that_is_changed_goes_on_where_it_was_and_in_another_folder_begins_anew(
    dovecot: Dovecot, user: str, account: MailAccount, reading: Reading
) -> None:
    stale = MailAccount.objects.select_related("mailbox").get()
    dovecot.deliver(user, mail("one"))
    reading()
    soon(lambda: MailAccount.objects.filter(last_uid=1).exists())
    actions.change_account(account=stale, credentials=Credentials(password=PASSWORD))
    assert MailAccount.objects.get().last_uid == 1
    with dovecot.log_in(user) as client:
        client.create("Archive")
        client.copy("1", "Archive")
    changed = MailAccount.objects.select_related("mailbox").get()
    changed.folder = "Archive"
    actions.change_account(account=changed, credentials=Credentials(password=PASSWORD))
    with dovecot.log_in(user) as client:
        client.append("Archive", "", "", mail("filed"))
    soon(lambda: subjects() == ["one", "filed"])


def test_a_changed_account_takes_no_mail_for_one_of_the_former_folder(
    dovecot: Dovecot, user: str, account: MailAccount, reading: Reading
) -> None:
    with dovecot.log_in(user) as client:
        client.create("Archive")
    changed = MailAccount.objects.select_related("mailbox").get()
    changed.folder = "Archive"
    # As servers have it that give each folder the same UIDVALIDITY: another mail had this number before.
    validity = actions.try_account(account=changed, credentials=Credentials(password=PASSWORD)).uid_validity
    accept(raw=mail("former"), source="imap", fetched=Fetched(account, validity, 1))
    actions.change_account(account=changed, credentials=Credentials(password=PASSWORD))
    with dovecot.log_in(user) as client:
        client.append("Archive", "", "", mail("filed"))
    reading()
    soon(lambda: subjects() == ["former", "filed"])


def test_a_removed_account_is_read_no_more_and_its_mail_stays(
    dovecot: Dovecot, user: str, account: MailAccount, reading: Reading
) -> None:
    readers = reading()
    dovecot.deliver(user, mail("one"))
    soon(lambda: subjects() == ["one"])
    actions.remove_account(account=account)
    soon(lambda: not readers._running)
    dovecot.deliver(user, mail("two"))
    assert subjects() == ["one"]


def _smaller(config: object, limit: int) -> object:
    return replace(config, mail_max_bytes=limit)  # type: ignore[type-var]
