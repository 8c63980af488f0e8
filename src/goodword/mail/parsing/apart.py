"""`parse` in a process that may die: with a limit of CPU, time and memory, and nothing near it to lose.

The processes live on from mail to mail, one for each thread that asks at once. One that dies takes nothing
with it: the mail is tried in a new one, and a mail that ends several of them, or one of them by a limit, is
Unreadable with a sentence that says so.
"""

import atexit
import contextlib
import io
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
import time
from typing import Any

from goodword.mail.parsing.child import ANSWER, READ, REQUEST, UNREADABLE
from goodword.mail.parsing.records import ParsedMail, Unreadable

MEMORY = 1 << 30
CPU_SECONDS = 10
# Longer than the CPU may take, for a machine that is busy with other work.
WALL_SECONDS = 30
TRIES = 3
# A process is replaced after so many mails, or a big one, so that what it holds never grows.
MAILS_EACH = 1_000
BIG = 4_000_000
IDLE_SECONDS = 60.0

TOO_LONG = (
    "The mail takes longer to be read than one mail may take. It is kept whole: download it to read it."
)
BREAKS = (
    "Reading the mail ended the process that read it, each time it was tried. It is kept whole: "
    "download it to read it, and try it again after the next update."
)

_KNOWN = {
    "goodword.mail.parsing.records": {
        "Address",
        "AutoKind",
        "Automatic",
        "Bounce",
        "Claim",
        "ParsedMail",
        "Part",
        "Result",
        "Verdicts",
    },
    "datetime": {"datetime", "timedelta", "timezone"},
}


class Stumbled(Exception):
    """The reading raised what it should not have; `kind` is the name of that exception."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Unstartable(Exception):
    """No process could be started: the machine has no room for one now, and the mail is not to blame."""


class _Died(Exception):
    """A reading process ended in the middle of a mail; `limit` when it is known to have used up its time."""

    def __init__(self, *, limit: bool) -> None:
        super().__init__(limit)
        self.limit = limit


def parse(raw: bytes, *, envelope_from: str | None = None) -> ParsedMail:
    """What `parsing.parse` gives for `raw`, or Unreadable, also for a mail that uses more than it may.

    Raises Unstartable when the machine has no room for a process: the mail can then be read later.
    """
    for _try in range(TRIES):
        reader = _readers.take()
        try:
            answer = reader.ask(raw, envelope_from or "")
        except _Died as death:
            if death.limit:
                raise Unreadable(TOO_LONG) from None
        except BaseException:
            reader.end()
            raise
        else:
            _readers.put_back(reader)
            return _understood(*answer)
    raise Unreadable(BREAKS)


def _understood(kind: int, content: bytes) -> ParsedMail:
    if kind == READ:
        mail = _Unpickler(io.BytesIO(content)).load()
        if isinstance(mail, ParsedMail):
            return mail
        raise Stumbled("another kind of answer")
    text = content.decode("utf-8", errors="replace")
    if kind == UNREADABLE:
        raise Unreadable(text)
    raise Stumbled(text)


class _Unpickler(pickle.Unpickler):
    """Makes the records of a mail and nothing else, whatever took hold of the process that sent them."""

    def find_class(self, module: str, name: str) -> Any:
        if name not in _KNOWN.get(module, ()):
            raise pickle.UnpicklingError(f"A mail holds no {module}.{name}.")
        return super().find_class(module, name)


def _environment() -> dict[str, str]:
    """What a reading process is told: nothing of the settings and secrets in the environment of a desk."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LANG") if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}


class _Reader:
    """One reading process, used by one thread at a time."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603 the program is our own
            [sys.executable, "-P", "-m", "goodword.mail.parsing.child", str(MEMORY)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
        )
        self.mails = 0
        self.idle_since = time.monotonic()

    def ask(self, raw: bytes, sender: str) -> tuple[int, bytes]:
        """Its answer for one mail; _Died when it gives none."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.mails += MAILS_EACH if len(raw) > BIG else 1
        clock = _Clock(self.process)
        written = sender.encode("utf-8", errors="surrogateescape")
        try:
            head = REQUEST.pack(len(written), len(raw), CPU_SECONDS, WALL_SECONDS)
            for piece in (head, written, raw):
                self.process.stdin.write(piece)
            self.process.stdin.flush()
            kind, length = ANSWER.unpack(self.process.stdout.read(ANSWER.size))
            content = self.process.stdout.read(min(length, MEMORY))
            if len(content) == length:
                return kind, content
        except (OSError, struct.error):
            pass
        finally:
            clock.stop()
        self.end()
        raise _Died(limit=clock.struck or self.process.returncode in _limit_codes())

    def end(self) -> None:
        """Stop the process, whatever it is doing, and wait for its end."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                if pipe:
                    pipe.close()
        self.process.wait()


def _limit_codes() -> set[int]:
    """The exit codes of a process that the system ended for using up its time."""
    return {-getattr(signal, name) for name in ("SIGXCPU", "SIGALRM") if hasattr(signal, name)}


class _Clock:
    """Kills a process that has not answered in time; once stopped it never does."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.struck = False
        self._process = process
        self._stopped = False
        self._lock = threading.Lock()
        # The process has the same clock and is quicker; this one holds where the system gives it none.
        self._timer = threading.Timer(WALL_SECONDS + 1, self._strike)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
        self._timer.cancel()

    def _strike(self) -> None:
        with self._lock:
            if not self._stopped:
                self.struck = True
                self._process.kill()


class _Readers:
    """The reading processes that wait for work; the one that worked last is taken first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[_Reader] = []

    def take(self) -> _Reader:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        try:
            return _Reader()
        except OSError as error:
            raise Unstartable(f"No process could be started to read mail: {error}.") from error

    def put_back(self, reader: _Reader) -> None:
        reader.idle_since = now = time.monotonic()
        with self._lock:
            self._idle.append(reader)
            tired = [
                one for one in self._idle if one.mails >= MAILS_EACH or now - one.idle_since > IDLE_SECONDS
            ]
            self._idle = [one for one in self._idle if one not in tired]
        for one in tired:
            one.end()

    def end(self) -> None:
        """Stop those that wait; the next mail gets a new one."""
        with self._lock:
            idle, self._idle = self._idle, []
        for reader in idle:
            reader.end()

    def forget(self) -> None:
        """Leave them to the process this one was split off from: two askers would mix up their answers."""
        self._lock = threading.Lock()
        self._idle = []


_readers = _Readers()
atexit.register(_readers.end)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_readers.forget)
