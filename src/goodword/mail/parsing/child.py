"""The process that takes mails apart: `python -m goodword.mail.parsing.child BYTES`, started by `apart`.

It reads requests from its standard input and answers on its standard output until the input ends, as it
does when the process that started it ends, however that comes about. BYTES is the memory it may have. It
holds no secret, no database and no file: what a mail does to it stays here.
"""

import contextlib
import importlib
import os
import pickle
import signal
import struct
import sys
import time
import traceback
from typing import Any, BinaryIO

from goodword.mail.parsing.reading import parse
from goodword.mail.parsing.records import Unreadable

# Length of the envelope sender, length of the mail, seconds of CPU, seconds by the clock.
REQUEST = struct.Struct("!IQII")
# What kind of answer follows, and its length.
ANSWER = struct.Struct("!BQ")
READ, UNREADABLE, STUMBLED = range(3)
TOO_BIG = "The mail needs more memory to be read than one mail may have; download it to read it."


def main() -> None:
    """Answer until nobody asks any more."""
    asked, answered = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not garble an answer
    # Ctrl+C reaches the whole group; whoever started this one ends it in his own time.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(int(sys.argv[1]))
    while request := _request(asked):
        kind, content = _answer(*request)
        _clock(0)
        answered.write(ANSWER.pack(kind, len(content)))
        answered.write(content)
        answered.flush()


def _request(asked: BinaryIO) -> tuple[str, bytes] | None:
    head = asked.read(REQUEST.size)
    if len(head) < REQUEST.size:
        return None
    sender_length, length, cpu, wall = REQUEST.unpack(head)
    sender, raw = asked.read(sender_length), asked.read(length)
    if len(raw) < length:
        return None
    _limit_time(cpu)
    _clock(wall)
    return sender.decode("utf-8", errors="surrogateescape"), raw


def _answer(sender: str, raw: bytes) -> tuple[int, bytes]:
    try:
        return READ, pickle.dumps(parse(raw, envelope_from=sender or None), protocol=5)
    except Unreadable as verdict:
        return UNREADABLE, verdict.reason.encode("utf-8", errors="replace")
    except MemoryError:
        return UNREADABLE, TOO_BIG.encode()
    except Exception as error:
        traceback.print_exc()
        return STUMBLED, type(error).__name__.encode()


def _resource() -> Any:
    """The module of limits; None on systems without it, where only the asking side's clock holds."""
    try:
        return importlib.import_module("resource")
    except ImportError:
        return None


def _limit_memory(most: int) -> None:
    resource = _resource()
    if resource is None:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Not every system keeps to each of the two; a limit that was there before may be lower already.
    for name in ("RLIMIT_DATA", "RLIMIT_AS"):
        with contextlib.suppress(ValueError, OSError, AttributeError):
            resource.setrlimit(getattr(resource, name), (most, most))


def _limit_time(seconds: int) -> None:
    """Let the system end this process after so many more seconds of CPU, wherever it then is."""
    resource = _resource()
    if resource is None:
        return
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1 + seconds, hard))


def _clock(seconds: int) -> None:
    """Let the system end this process after so many seconds by the clock, even when nobody asks any more;
    0 stops the clock.
    """
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


if __name__ == "__main__":
    main()
