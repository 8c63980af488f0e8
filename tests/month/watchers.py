"""The watchers, as worker processes that look at the same simulated moment and may be killed meanwhile.

They call what the jobs call. Not the queue: it goes by the clock of the database, which nobody can set.
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any

import time_machine
from django.db import connection

from goodword.complaints import actions as complaints
from goodword.complaints import watching
from goodword.inbox import clocks
from goodword.inbox.actions.states import wake_due
from goodword.inbox.checking_in.doing import do_due
from goodword.promises import reminding, track_record
from goodword.workflows import running

from ..workers import Worker

JOBS: tuple[Callable[[], int], ...] = (
    wake_due,
    reminding.remind_due,
    clocks.watch,
    watching.watch,
    complaints.expire_due,
    complaints.send_due,
    do_due,
    running.run_lasting,
    running.run_events,
)
COUNT = 3
# Statements until a worker that is to die does; a look at nothing takes about twenty.
LONGEST_LIFE = 60
SOON = 0.03
MOST_ROUNDS = 60


class Watchers:
    """Some workers that look when they are told to; with a chance of `kills` one of them dies in a round."""

    def __init__(self, chance: random.Random, *, kills: float) -> None:
        self._chance, self._kills = chance, kills
        self._running = [Worker(_watch) for _number in range(COUNT)]
        self.killed: Counter[str] = Counter()
        self.rounds = 0
        self._used: dict[Worker, float] = {}

    @property
    def used(self) -> float:
        """Seconds of processor time, of the killed ones up to their last answer."""
        return sum(self._used.values())

    def look(self, now: datetime, *, together: bool) -> None:
        """Look at that moment until nobody finds anything to do any more.

        All at once where there is something to fight for; one of them where nothing is to be expected, and to
        see that nothing was left. Whatever that one finds to do, all look again.
        """
        for _each in range(MOST_ROUNDS):
            if not self._round(now, self._running if together else [self._chance.choice(self._running)]):
                return
            together = not together
        raise AssertionError(f"At {now} the workers found something to do {MOST_ROUNDS} times in a row.")

    def stop(self) -> None:
        """End them."""
        while self._running:
            self._running.pop().kill()

    def _round(self, now: datetime, looking: list[Worker]) -> bool:
        self.rounds += 1
        victim = self._chance.choice(looking) if self._chance.random() < self._kills else None
        by_itself = self._chance.random() < 0.7
        for worker in looking:
            is_doomed = worker is victim and by_itself
            worker.line.send((now, self._chance.randrange(1, LONGEST_LIFE) if is_doomed else 0))
        if victim is not None and not by_itself:
            time.sleep(self._chance.uniform(0, SOON))
            victim.strike()
        # Every answer is waited for before a dead one is replaced.
        answers = {worker: self._answer(worker) for worker in looking}
        for worker, answer in answers.items():
            if answer is None:
                self.killed["in the middle of its work" if by_itself else "at any moment"] += 1
                worker.bury()
                self._running[self._running.index(worker)] = Worker(_watch)
        return any(answer != 0 for answer in answers.values())

    def _answer(self, worker: Worker) -> int | None:
        """How much it did; None: it was killed."""
        try:
            done, self._used[worker] = worker.line.recv()
        except (EOFError, ConnectionResetError):
            return None
        return int(done)


def _watch(line: Connection) -> None:
    with time_machine.travel(0, tick=False) as clock:
        while True:
            now, life = line.recv()
            clock.move_to(now)
            track_record.forget()
            with connection.execute_wrapper(_Life(life)):
                line.send((sum(job() for job in JOBS), time.process_time()))


class _Life:
    """Lets the process die, as by a power cut, after so many statements; 0: it lives."""

    def __init__(self, statements: int) -> None:
        self._left = statements

    def __call__(self, execute: Callable[..., Any], *given: Any) -> Any:
        result = execute(*given)
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
