"""Who reads an account: one process at a time, by a lease in its row, and only as long as the lease is held.

Times are the database's, so that machines whose clocks differ still agree.
"""

import logging
import random
import time
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from goodword.mail.imap.trouble import SignInRefused, Trouble
from goodword.mail.models import MailAccount

# A lease outlives each step by this much; it is written anew when less is left.
MARGIN_SECONDS = 20.0
# How often a sign of life is written at most.
BEAT_SECONDS = 30.0
FIRST_WAIT, LONGEST_WAIT = 5.0, 600.0
# Guessing wrong too often makes servers lock accounts.
AFTER_REFUSAL = 60.0

log = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Another process reads the account now, or it was paused or removed."""


class Lease:
    """The right to read one account; every write of its holder is bound to it."""

    def __init__(self, account: MailAccount, token: UUID, seconds: float) -> None:
        self.account = account
        self.token = token
        self._until = time.monotonic() + seconds
        self._beaten: float | None = None

    def hold(self, seconds: float) -> None:
        """Make sure that the lease outlives a step of `seconds`; raises LeaseLost when it is gone."""
        if self._until - time.monotonic() < seconds + MARGIN_SECONDS / 2:
            self._write(seconds)

    def beat(self) -> None:
        """Note that the server answered well."""
        if self._beaten is None or time.monotonic() - self._beaten >= BEAT_SECONDS:
            self._write(0, contact_at=Now(), missed=0, error="")
            self._beaten = time.monotonic()

    def move_to(self, *, uid_validity: int, last_uid: int) -> None:
        """Note how far the account was read."""
        account = self.account
        if (uid_validity, last_uid) != (account.uid_validity, account.last_uid):
            self._write(0, uid_validity=uid_validity, last_uid=last_uid)
            account.uid_validity, account.last_uid = uid_validity, last_uid

    def start_at(self, *, uid_validity: int, last_uid: int, silent_to: int) -> None:
        """Note where reading begins, in a folder met first or numbered anew."""
        self._write(0, uid_validity=uid_validity, last_uid=last_uid, silent_to=silent_to)
        account = self.account
        account.uid_validity, account.last_uid, account.silent_to = uid_validity, last_uid, silent_to

    def release(self) -> None:
        """Let others read it, at once."""
        self._mine().update(lease_token=None, lease_until=None)

    def missed(self, trouble: Trouble) -> None:
        """Note that the server gave no good answer, and when it is asked again."""
        before = self._mine().values_list("missed", flat=True).first()
        if before is None:
            return
        wait = wait_after(before + 1, refused=isinstance(trouble, SignInRefused))
        self._mine().update(
            missed=F("missed") + 1,
            error=str(trouble),
            next_at=Now() + timedelta(seconds=wait),
            lease_token=None,
            lease_until=None,
        )
        log.warning("Mail of %s could not be fetched: %s", self.account, trouble)

    def _write(self, seconds: float, **fields: object) -> None:
        length = max(seconds, BEAT_SECONDS) + MARGIN_SECONDS
        done = self._mine().update(lease_until=Now() + timedelta(seconds=length), **fields)
        if not done:
            raise LeaseLost
        self._until = time.monotonic() + length

    def _mine(self) -> "QuerySet[MailAccount]":
        return MailAccount.objects.filter(pk=self.account.pk, lease_token=self.token)


def due() -> list[int]:
    """The accounts that nobody reads now and that are to be read."""
    return list(_free().order_by("next_at").values_list("pk", flat=True))


def claim(pk: int) -> Lease | None:
    """The lease of an account, or None when another process was faster."""
    token, seconds = uuid4(), BEAT_SECONDS + MARGIN_SECONDS
    done = _free().filter(pk=pk).update(lease_token=token, lease_until=Now() + timedelta(seconds=seconds))
    account = MailAccount.objects.select_related("mailbox").filter(pk=pk, lease_token=token).first()
    return Lease(account, token, seconds) if done and account else None


def lost(tokens: Sequence[UUID]) -> set[UUID]:
    """Those of the tokens that hold no account any more: it was paused, removed, or taken over."""
    return set(tokens) - set(
        MailAccount.objects.filter(lease_token__in=tokens).values_list("lease_token", flat=True)
    )


def wait_after(missed: int, *, refused: bool) -> float:
    """Seconds until the next try after so many missed beats, never the same for all."""
    first = AFTER_REFUSAL if refused else FIRST_WAIT
    wait: float = first * 2 ** min(missed - 1, 10)
    return min(wait, LONGEST_WAIT) * random.uniform(0.75, 1.0)  # noqa: S311 (no secret)


def _free() -> "QuerySet[MailAccount]":
    return MailAccount.objects.filter(
        Q(lease_until=None) | Q(lease_until__lt=Now()), paused_at=None, next_at__lte=Now()
    )
