"""Somebody who stays while mail comes in: one process of the house, who need not be called for each mail."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from django.db import connection

from goodword.kit import rows
from goodword.mail import intake
from goodword.mail.reading_ahead import ReadingAhead

# Any number that stays the same.
_PLACE = 7_164_282
STAY_SECONDS = 0.25
# Mail that comes within so short a time is turned together.
LOOK_SECONDS = 0.12
# So many waiting mails, a third of a second's, are work for two; another is called not more often than that.
MANY, CALL_SECONDS, ROUND = 40, 0.5, 40

_TAKE = b"SELECT pg_try_advisory_lock(%s)"
_LEAVE = b"SELECT pg_advisory_unlock(%s)"
# Held for this one look, beside any number of others who look.
_LOOK = b"SELECT pg_try_advisory_xact_lock_shared(%s)"
# A mail that was tried before waits for its next try, and not for somebody who was stopped.
_NEW = b"SELECT EXISTS (SELECT 1 FROM mail_rawmail WHERE state = 'waiting' AND attempts = 0)"
_WAITING = b"SELECT count(*) FROM (SELECT 1 FROM mail_rawmail WHERE state = 'waiting' LIMIT %s) AS mails"


def attended() -> bool:
    """Whether somebody is there who sees every mail that is committed by now."""
    return not rows.execute(_LOOK, [_PLACE])[0][0]


def left_alone() -> bool:
    """Whether new mail waits and nobody is there who sees it, as when whoever stayed was killed."""
    return bool(rows.execute(_NEW, [])[0][0]) and not attended()


def attend(*, stop: Callable[[], bool], call: Callable[[], object]) -> None:
    """Turn the mails that wait, and stay for those that come until it is quiet for a while.

    While somebody else stays, this only helps until no mail waits. `call` asks for another one: when there is
    too much for one, and for what is left when `stop` says that this one has to go.
    """
    while not stop():
        with _place() as ours:
            if ours:
                _stay(stop, call)
            else:
                intake.turn_waiting(stop=stop, wait_for_others=False)
        # Who kept a mail while we were there called nobody: one that came after our last look is seen now.
        if not ours or not _waiting(1):
            return
    if _waiting(1):
        call()


def _stay(stop: Callable[[], bool], call: Callable[[], object]) -> None:
    quiet_at = time.monotonic() + STAY_SECONDS
    call_at = 0.0
    with closing(ReadingAhead()) as ahead:
        while not stop() and time.monotonic() < quiet_at:
            waiting = _waiting(MANY)
            if waiting == MANY and time.monotonic() > call_at:
                call()
                call_at = time.monotonic() + CALL_SECONDS
            if waiting:
                intake.turn_waiting(limit=ROUND, stop=stop, ahead=ahead)
                quiet_at = time.monotonic() + STAY_SECONDS
            if waiting < ROUND:
                time.sleep(LOOK_SECONDS)


@contextmanager
def _place() -> Iterator[bool]:
    """The place of the one who stays, as long as this connection lives; False when somebody has it."""
    ours = bool(rows.execute(_TAKE, [_PLACE])[0][0])
    try:
        yield ours
    finally:
        if ours and connection.is_usable():
            rows.execute(_LEAVE, [_PLACE])


def _waiting(most: int) -> int:
    return int(rows.execute(_WAITING, [most])[0][0])
