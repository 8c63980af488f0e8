"""Callers who keep showing a wrong secret are told to wait, and no longer fill the log.

Genuine calls are always taken: behind a proxy others may seem to come from the same address.
"""

import threading
import time
from collections import OrderedDict

MOST = 60
WITHIN = 60.0
CALLERS = 10_000


class Refusals:
    """How often each caller was refused in the last minute, as far as this process knows."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def add(self, caller: str) -> None:
        """Count one more."""
        now = time.monotonic()
        with self._lock:
            since, count = self._seen.pop(caller, (now, 0))
            self._seen[caller] = (since, count + 1) if now - since < WITHIN else (now, 1)
            while len(self._seen) > CALLERS:
                self._seen.popitem(last=False)

    def too_many(self, caller: str) -> bool:
        """Whether the caller was refused more often than anybody errs."""
        with self._lock:
            since, count = self._seen.get(caller, (0.0, 0))
        return count > MOST and time.monotonic() - since < WITHIN
