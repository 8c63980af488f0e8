"""What came from a server can be held against what it has."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from tests.dovecot import Dovecot

from goodword.mail import registry
from goodword.mail.imap import counting
from goodword.mail.imap.readers import Readers
from goodword.mail.models import Delivery, MailAccount, Mailbox

from .conftest import add, kept, mail, soon

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("hurry")]


def counts(account: MailAccount, days: list[date]) -> list[int | None]:
    """What the server says of each day."""
    counting._seen.clear()
    account.refresh_from_db()
    return [count(account, day) for day in days for count in registry.server_counts]


def test_what_came_on_each_day_is_what_the_server_has_of_it(
    dovecot: Dovecot, user: str, mailbox: Mailbox, reading: Callable[[], Readers]
) -> None:
    now = datetime.now(UTC)
    dovecot.deliver(user, mail("older"), at=now - timedelta(days=2))
    account = add(dovecot, user, mailbox, reads_older=True)
    dovecot.deliver(user, mail("two"), mail("three"), at=now - timedelta(days=1))
    dovecot.deliver(user, mail("four"), at=now)
    reading()
    soon(lambda: len(kept()) == 4)
    days = [timezone.localdate(now - timedelta(days=back)) for back in (3, 2, 1, 0)]
    assert counts(account, days) == [0, 1, 2, 1]
    came = [timezone.localdate(one.at) for one in Delivery.objects.order_by("at")]
    assert [came.count(day) for day in days] == [0, 1, 2, 1]


def test_what_was_there_before_and_is_not_fetched_is_not_counted(
    dovecot: Dovecot, user: str, mailbox: Mailbox
) -> None:
    dovecot.deliver(user, mail("older"))
    account = add(dovecot, user, mailbox)
    dovecot.deliver(user, mail("new"))
    assert counts(account, [timezone.localdate()]) == [1]


def test_a_server_that_does_not_answer_says_nothing(dovecot: Dovecot, account: MailAccount) -> None:
    MailAccount.objects.update(port=1)
    assert counts(account, [timezone.localdate()]) == [None]
