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
import select
import signal
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
# So much of a mail, or of an answer, waits in the pipe for the other side, and nobody for anybody.
PIPE = 1 << 20
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


Outcome = ParsedMail | Unreadable | Stumbled


def parse(raw: bytes, *, envelope_from: str | None = None) -> ParsedMail:
    """What `parsing.parse` gives for `raw`, or Unreadable, also for a mail that uses more than it may.

    Raises Unstartable when the machine has no room for a process: the mail can then be read later.
    """
    for _try in range(TRIES):
        reader = _readers.take()
        try:
            reader.begin(raw, envelope_from or "")
            answer = reader.finish()
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


class Reading:
    """One mail after the other, read beside other work: `begin` one, do what else there is to do, and `end`
    it. Raises Unstartable as `parse` does.
    """

    def __init__(self) -> None:
        self._reader: _Reader | None = None
        self._mail: tuple[bytes, str | None] = (b"", None)

    def begin(self, raw: bytes, *, envelope_from: str | None) -> None:
        """Start to read a mail, the last one being done."""
        self._mail = raw, envelope_from
        self._reader = self._reader or _readers.take()
        self._reader.begin(raw, envelope_from or "")

    def ends_within(self, seconds: float) -> bool:
        """Whether the mail is read so soon."""
        return self._reader is None or self._reader.answers_within(seconds)

    def end(self) -> Outcome:
        """What `parse` gives or raises for the mail."""
        try:
            return self._end()
        except (Unreadable, Stumbled) as verdict:
            return verdict

    def _end(self) -> ParsedMail:
        reader, self._reader = self._reader, None
        (raw, sender), self._mail = self._mail, (b"", None)
        try:
            answer = reader.finish() if reader else None
        except _Died as death:
            if death.limit:
                raise Unreadable(TOO_LONG) from None
            answer = None
        if reader is None or answer is None:
            return parse(raw, envelope_from=sender)
        if reader.tired:
            reader.end()
        else:
            self._reader = reader
        return _understood(*answer)

    def close(self, *, patience: float) -> None:
        """Leave the process to the next one who reads; one not done with its mail so soon is ended."""
        reader, self._reader = self._reader, None
        reading, self._mail = bool(self._mail[0]), (b"", None)
        if reader is None:
            return
        if reading and not reader.answers_within(patience):
            reader.end()
            return
        with contextlib.suppress(_Died):
            if reading:
                reader.finish()
            _readers.put_back(reader)


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
            bufsize=0,
            pipesize=PIPE,
            env=_environment(),
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._asking, self._answering = self.process.stdin.fileno(), self.process.stdout.fileno()
        os.set_blocking(self._asking, False)
        self._writable, self._readable = select.poll(), select.poll()
        self._writable.register(self._asking, select.POLLOUT)
        self._readable.register(self._answering, select.POLLIN)
        self.mails = 0
        self.idle_since = self._until = time.monotonic()
        self._lost = self._struck = False

    @property
    def tired(self) -> bool:
        """Whether it read so much that a fresh one is better."""
        return self.mails >= MAILS_EACH

    def begin(self, raw: bytes, sender: str) -> None:
        """Have it read a mail; `finish` gets the answer, and has to be called before the next one."""
        self.mails += MAILS_EACH if len(raw) > BIG else 1
        # The process has the same clock and is quicker; this one holds where the system gives it none.
        self._until = time.monotonic() + WALL_SECONDS + 1
        written = sender.encode("utf-8", errors="surrogateescape")
        head = REQUEST.pack(len(written), len(raw), CPU_SECONDS, WALL_SECONDS)
        try:
            self._write(head + written)
            self._write(raw)
        except OSError:
            self._lost = True

    def answers_within(self, seconds: float) -> bool:
        """Whether the answer, or the end of the process, comes so soon."""
        return self._lost or bool(self._readable.poll(seconds * 1000))

    def finish(self) -> tuple[int, bytes]:
        """Its answer; _Died when it gives none."""
        try:
            if not self._lost:
                kind, length = ANSWER.unpack(self._read(ANSWER.size))
                # Once it has begun to answer, it does nothing else.
                self._until = max(self._until, time.monotonic() + WALL_SECONDS + 1)
                return kind, self._read(min(length, MEMORY))
        except OSError:
            pass
        self.end()
        raise _Died(limit=self._struck or self.process.returncode in _limit_codes())

    def _write(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            self._wait(self._writable)
            with contextlib.suppress(BlockingIOError):
                left = left[os.write(self._asking, left) :]

    def _read(self, length: int) -> bytes:
        found = bytearray()
        while len(found) < length:
            self._wait(self._readable)
            piece = os.read(self._answering, length - len(found))
            if not piece:
                raise BrokenPipeError
            found += piece
        return bytes(found)

    def _wait(self, pipe: "select.poll") -> None:
        left = self._until - time.monotonic()
        if not pipe.poll(max(0.0, left) * 1000):
            self._struck = True
            raise TimeoutError

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
            tired = [one for one in self._idle if one.tired or now - one.idle_since > IDLE_SECONDS]
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
