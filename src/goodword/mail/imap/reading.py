"""From a folder into the house: every mail above the cursor once, in order, and none of them marked."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, transaction
from django.db import connection as database
from django.utils.translation import gettext as _

from goodword.mail.actions.accepting import Fetched, Unusable, accept
from goodword.mail.imap.aside import keep_aside
from goodword.mail.imap.connection import STEP_SECONDS, Connection, fetch_seconds
from goodword.mail.imap.lease import Lease, LeaseLost
from goodword.mail.imap.responses import Listed
from goodword.mail.imap.trouble import Trouble

LISTED_AT_ONCE = 200
BATCH_MAILS, BATCH_BYTES = 50, 8 * 1024 * 1024
# So often a mail that cannot be had is asked for before a person is told and the next one's turn comes.
STRIKES = 4
# Clocks and time zones of servers differ.
GRACE = timedelta(days=1)
NUMBERED_ANEW = -1

log = logging.getLogger(__name__)


class Reader:
    """Reads the folder of one account over one connection.

    `strikes` counts per (UIDVALIDITY, UID) how often a mail could not be had; it outlives the connection.
    """

    def __init__(
        self,
        *,
        lease: Lease,
        server: Connection,
        strikes: Counter[tuple[int, int]],
        stopping: Callable[[], bool],
    ) -> None:
        self._lease = lease
        self._account = lease.account
        self._server = server
        self._strikes = strikes
        self._stopping = stopping
        self._validity = 0

    def open(self) -> None:
        """Open the folder; a folder that was numbered anew is read again from its beginning."""
        self._lease.hold(STEP_SECONDS)
        account = self._account
        self._validity, following = self._server.look_into(account.folder)
        if account.uid_validity is None:
            start = 0 if account.reads_older else following - 1
            self._lease.start_at(uid_validity=self._validity, last_uid=start, silent_to=following - 1)
        elif account.uid_validity != self._validity:
            log.warning("The folder of %s was numbered anew; it is read again.", account)
            self._lease.start_at(uid_validity=self._validity, last_uid=0, silent_to=NUMBERED_ANEW)

    def read_new(self) -> int:
        """Take in what is above the cursor; returns how many mails were looked at.

        Only here is the account said to be well: a server that opens the folder and then fails is not.
        """
        looked_at = 0
        self._lease.hold(2 * STEP_SECONDS)
        above = self._server.uids_from(self._account.last_uid + 1)
        for start in range(0, len(above), LISTED_AT_ONCE):
            self._lease.hold(2 * STEP_SECONDS)
            uids = above[start : start + LISTED_AT_ONCE]
            facts = self._server.facts(uids)
            for batch in self._batches(uids, facts):
                if self._stopping():
                    return looked_at
                if self._read_batch(batch):
                    self._lease.beat()
                looked_at += len(batch)
        self._lease.beat()
        return looked_at

    def _batches(self, uids: list[int], facts: dict[int, Listed]) -> Iterator[list[Listed]]:
        """Mails to be fetched together; one that made trouble, is large or was not told of comes alone."""
        batch: list[Listed] = []
        size = 0
        for uid in uids:
            one = facts.get(uid) or Listed(uid=uid, size=None, moment=None, raw=None)
            alone = one.size is None or self._strikes[self._validity, uid] > 0
            if batch and (alone or len(batch) >= BATCH_MAILS or size + (one.size or 0) > BATCH_BYTES):
                yield batch
                batch, size = [], 0
            batch.append(one)
            size += one.size or 0
            if alone:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def _read_batch(self, batch: list[Listed]) -> bool:
        """Whether the server handed over, or need not hand over, any of them."""
        unwanted = {one.uid for one in batch if self._is_unwanted(one.uid, one.moment)}
        wanted = [one for one in batch if one.uid not in unwanted and not self._too_large(one)]
        size = sum(one.size if one.size is not None else settings.CONFIG.mail_max_bytes for one in wanted)
        self._lease.hold(fetch_seconds(size))
        got = self._fetched(wanted, size)
        for one in batch:
            fresh = got.get(one.uid)
            if one.uid in unwanted:
                self._pass(one.uid)
            elif self._too_large(one):
                self._keep_fields(one)
            elif fresh is None or fresh.raw is None:
                self._without_bytes(one)
            else:
                self._take(one.uid, fresh.raw, fresh.moment or one.moment)
        return bool(got or unwanted)

    def _fetched(self, wanted: list[Listed], size: int) -> dict[int, Listed]:
        try:
            return self._server.mails([one.uid for one in wanted], size)
        except Trouble as trouble:
            # Which of several it was shows when they are asked for one by one, next time.
            for one in wanted:
                self._strikes[self._validity, one.uid] += 1
            if len(wanted) == 1:
                self._give_up_sometime(wanted[0], trouble)
            raise

    def _without_bytes(self, one: Listed) -> None:
        self._lease.hold(2 * STEP_SECONDS)
        if not self._server.uids_from(one.uid, one.uid):
            self._pass(one.uid)  # deleted on the server between the look and the fetch
            return
        trouble = Trouble(_("The server lists a mail and does not hand it over."))
        self._strikes[self._validity, one.uid] += 1
        if not self._give_up_sometime(one, trouble):
            raise trouble

    def _give_up_sometime(self, one: Listed, trouble: Trouble) -> bool:
        """After some tries tell a person, and let those behind it have their turn."""
        if self._strikes[self._validity, one.uid] < STRIKES:
            return False
        reason = _("This mail could not be fetched. %(why)s") % {"why": trouble}
        self._set_aside(one.uid, b"", one.moment, reason)
        return True

    def _take(self, uid: int, raw: bytes, moment: datetime | None) -> None:
        if self._is_unwanted(uid, moment):
            self._pass(uid)
            return
        try:
            self._accept(uid, raw, moment)
        except LeaseLost:
            raise
        except (OperationalError, InterfaceError):
            # A database that is away is waited for; one that refuses this mail only is not asked for ever.
            _require_database()
            self._strikes[self._validity, uid] += 1
            if self._strikes[self._validity, uid] < STRIKES:
                raise
            log.exception("Mail %s of %s could not be kept.", uid, self._account)
            self._set_aside(uid, raw, moment, _("The database refused this mail several times."))
        except Exception as error:
            log.exception("Mail %s of %s could not be kept.", uid, self._account)
            words = _("Goodword stumbled over this mail (%(kind)s).") % {"kind": type(error).__name__}
            self._set_aside(uid, raw, moment, words)

    def _accept(self, uid: int, raw: bytes, moment: datetime | None) -> None:
        """Keep the mail and move the cursor past it: both or neither, and only while the lease is ours."""
        fetched = Fetched(self._account, self._validity, uid, moment)
        with transaction.atomic():
            try:
                accept(raw=raw, source="imap", silent=self._is_older(uid, moment), fetched=fetched)
            except Unusable:
                # The journal has it.
                log.warning("Mail %s of %s holds nothing at all.", uid, self._account)
            self._pass(uid)

    def _keep_fields(self, one: Listed) -> None:
        self._lease.hold(fetch_seconds(BATCH_BYTES))
        words = _(
            "This mail of %(size)d MB is larger than the %(limit)d MB that are taken in, so that only its "
            "header was fetched."
        ) % {"size": round((one.size or 0) / 1e6), "limit": settings.CONFIG.mail_max_bytes // 1_000_000}
        self._set_aside(one.uid, self._server.fields(one.uid), one.moment, words)

    def _set_aside(self, uid: int, raw: bytes, moment: datetime | None, reason: str) -> None:
        account = self._account
        where = _("It is mail %(uid)d of the folder %(folder)s of %(account)s.") % {
            "uid": uid,
            "folder": account.folder,
            "account": account,
        }
        fetched = Fetched(account, self._validity, uid, moment)
        try:
            self._keep_aside(fetched, raw, f"{reason} {where}")
        except Error:
            if not raw:
                raise
            _require_database()
            self._keep_aside(fetched, b"", f"{reason} {where}")

    def _keep_aside(self, fetched: Fetched, raw: bytes, reason: str) -> None:
        with transaction.atomic():
            keep_aside(fetched=fetched, raw=raw, reason=reason)
            self._pass(fetched.uid)

    def _pass(self, uid: int) -> None:
        self._lease.move_to(uid_validity=self._validity, last_uid=uid)
        self._strikes.pop((self._validity, uid), None)

    def _too_large(self, one: Listed) -> bool:
        return one.size is not None and one.size > settings.CONFIG.mail_max_bytes

    def _is_older(self, uid: int, moment: datetime | None) -> bool:
        """Whether it was there before the account was added: such mail is read silently, or not at all."""
        if self._account.silent_to >= 0:
            return uid <= self._account.silent_to
        # In a folder that was numbered anew only the day tells.
        return moment is not None and moment < self._account.created_at - GRACE

    def _is_unwanted(self, uid: int, moment: datetime | None) -> bool:
        return not self._account.reads_older and self._is_older(uid, moment)


def _require_database() -> None:
    """Raise django.db.Error when the database is away."""
    with database.cursor() as cursor:
        cursor.execute("SELECT 1")
