"""How many mails of a day a server has, so that what came from it can be held against it."""

import imaplib
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from goodword.mail.imap.connecting import connect
from goodword.mail.imap.connection import Connection
from goodword.mail.imap.trouble import Trouble
from goodword.mail.models import MailAccount

# Who asks for one day asks for those after it next: one look at the server answers for all of them.
GOOD_FOR_SECONDS = 20.0
LISTED_AT_ONCE = 1000
_seen: dict[int, tuple[float, date, Counter[date] | None]] = {}


def count_of_day(account: MailAccount, day: date) -> int | None:
    """How many mails of the folder, of those that are to be fetched, arrived at the server on `day`.

    None while the server cannot be asked, or is known not to answer.
    """
    if account.paused_at is not None or account.missed:
        return None
    asked_at, first, counts = _seen.get(account.pk, (0.0, day, None))
    if time.monotonic() - asked_at > GOOD_FOR_SECONDS or not asked_at or first > day:
        counts = _ask(account, day)
        _seen[account.pk] = (time.monotonic(), day, counts)
    return None if counts is None else counts[day]


def _ask(account: MailAccount, first: date) -> Counter[date] | None:
    try:
        server = connect(account)
    except Trouble:
        return None
    try:
        validity, _following = server.look_into(account.folder)
        return _by_day(server, account, first) if validity == account.uid_validity else None
    except Trouble:
        return None
    finally:
        server.close_politely()


def _by_day(server: Connection, account: MailAccount, first: date) -> Counter[date]:
    zone = timezone.get_default_timezone()
    # The server's day may be another than ours.
    since = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=1)
    uids = server.search_uids("SINCE", imaplib.Time2Internaldate(since)[1:12].strip())
    if not account.reads_older:
        uids = [uid for uid in uids if uid > account.silent_to]
    counts: Counter[date] = Counter()
    for start in range(0, len(uids), LISTED_AT_ONCE):
        facts = server.facts(sorted(uids)[start : start + LISTED_AT_ONCE]).values()
        counts.update(timezone.localdate(one.moment, zone) for one in facts if one.moment)
    return counts
