"""One reader for each account: a lease that outlives every step, and passes on when its holder dies."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from goodword.mail.imap import lease as leases
from goodword.mail.imap.connection import CONNECT_SECONDS, STEP_SECONDS, fetch_seconds
from goodword.mail.imap.lease import LeaseLost, claim, due, wait_after
from goodword.mail.imap.trouble import SignInRefused, Trouble
from goodword.mail.models import MailAccount, Mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(mailbox: Mailbox) -> MailAccount:
    """An account that is to be read."""
    now = timezone.now()
    return MailAccount.objects.create(
        mailbox=mailbox, host="imap.example.org", username="care", next_at=now - timedelta(minutes=1)
    )


def held(account: MailAccount) -> leases.Lease:
    """The lease of the account."""
    lease = claim(account.pk)
    assert lease is not None
    return lease


@pytest.mark.parametrize(
    "seconds", [STEP_SECONDS, 2 * CONNECT_SECONDS + 3 * STEP_SECONDS, fetch_seconds(200 * 1024 * 1024)]
)
def test_the_lease_outlives_each_step(account: MailAccount, seconds: float) -> None:
    lease = held(account)
    lease.hold(seconds)
    lease.hold(1)
    account.refresh_from_db()
    assert account.lease_until is not None
    assert (account.lease_until - timezone.now()).total_seconds() > seconds


def test_an_account_is_claimed_once_until_it_is_released(account: MailAccount) -> None:
    lease = held(account)
    assert (claim(account.pk), due()) == (None, [])
    lease.release()
    assert due() == [account.pk]


def test_the_account_of_a_reader_that_died_is_read_by_another_and_the_dead_writes_nothing(
    account: MailAccount,
) -> None:
    dead = held(account)
    MailAccount.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    living = held(account)
    with pytest.raises(LeaseLost):
        dead.move_to(uid_validity=1, last_uid=99)
    dead.missed(Trouble("too late"))
    dead.release()
    living.move_to(uid_validity=1, last_uid=5)
    account.refresh_from_db()
    assert (account.last_uid, account.missed, account.lease_token) == (5, 0, living.token)


def test_a_sign_of_life_is_written_only_now_and_then(
    account: MailAccount, django_assert_num_queries: Any
) -> None:
    lease = held(account)
    lease.beat()
    with django_assert_num_queries(0):
        lease.beat()
        lease.hold(STEP_SECONDS)


def test_the_next_try_comes_later_each_time_and_never_later_than_in_ten_minutes() -> None:
    waits = [wait_after(missed, refused=False) for missed in range(1, 12)]
    assert all(0.75 * 5 * 2**n <= wait <= 5 * 2**n for n, wait in enumerate(waits[:6]))
    assert max(waits) <= 600
    assert wait_after(1, refused=True) >= 45
    assert wait_after(10_000, refused=True) <= 600


def test_a_missed_beat_is_noted_with_its_reason_and_the_next_good_one_clears_it(account: MailAccount) -> None:
    held(account).missed(SignInRefused("The server refused."))
    account.refresh_from_db()
    assert (account.missed, account.error, account.lease_token) == (1, "The server refused.", None)
    assert account.next_at > timezone.now() + timedelta(seconds=40)
    MailAccount.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    held(account).beat()
    account.refresh_from_db()
    assert (account.missed, account.error) == (0, "")
    assert account.contact_at is not None


def test_a_paused_or_removed_account_is_lost_to_its_reader(account: MailAccount) -> None:
    lease = held(account)
    other = uuid4()
    assert leases.lost([lease.token, other]) == {other}
    MailAccount.objects.all().delete()
    with pytest.raises(LeaseLost):
        lease.move_to(uid_validity=1, last_uid=1)
