"""Other people's mail servers: each mail is offered again until somebody says 250."""

import contextlib
import json
import random
import smtplib
import subprocess
import sys
import threading
import time
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty, Queue

from tests.dovecot import Dovecot

from .mails import CARE, Mail, Maker, Reply

SENDERS = 4
# A little below what the house takes, so that kills fall into work and not into a queue.
ANSWER_SECONDS = 60
# The exit code by which the pipe asks to come again; what ends otherwise gave a mail back to its sender.
LATER = 75


class Feeder:
    """Sends `total` mails by several roads at once and remembers all of them."""

    def __init__(self, *, maker: Maker, chance: random.Random, total: int, ports: list[int], lmtp_port: int,
                 environ: dict[str, str], sink: Path, imap: Dovecot) -> None:  # fmt: skip
        self.maker, self.chance, self.total = maker, chance, total
        self.ports, self.lmtp_port, self.environ, self.imap = ports, lmtp_port, environ, imap
        self.sink = sink
        self.sent: list[Mail] = []
        self.roads: Counter[str] = Counter()
        self.refused: list[tuple[str, Mail]] = []
        self.again = 0
        self._replies: deque[Reply] = deque(maxlen=500)
        self._made = False
        self._read = 0
        self._waiting: Queue[tuple[Mail, int, float]] = Queue()
        self._left = 0
        self._lock = threading.Lock()

    def run(self) -> None:
        """Send everything; ends when every mail was taken."""
        with ThreadPoolExecutor(SENDERS) as threads:
            senders = [threads.submit(self._send_all, number) for number in range(SENDERS)]
            try:
                self._make()
            finally:
                self._made = True
            for sender in senders:
                sender.result()

    def _make(self) -> None:
        for number in range(self.total):
            while self._waiting.qsize() > SENDERS * 4:
                time.sleep(0.01)
            mail = self._next(number)
            self.sent.append(mail)
            with self._lock:
                self._left += 1
            self._waiting.put((mail, 0, 0.0))
            if self.chance.random() < 0.05:  # a server that missed our answer sends it once more
                with self._lock:
                    self._left += 1
                self._waiting.put((self.chance.choice(self.sent[-50:]), 0, 0.0))

    def _next(self, number: int) -> Mail:
        reply = self._reply() if number % 3 else None
        dice = self.chance.random()
        if reply is None:
            return self.maker.wild() if dice < 0.04 else self.maker.new()
        if dice < 0.06:
            return self.maker.bounce(reply)
        if dice < 0.12:
            return self.maker.absent(reply)
        if dice < 0.20:
            return self.maker.forged(reply)
        return self.maker.answer(reply)

    def _reply(self) -> Reply | None:
        """A reply of ours that has reached its customer and has not been answered."""
        if self.sink.exists():
            with self.sink.open(encoding="utf-8") as file:
                file.seek(self._read)
                for line in file:
                    if not line.endswith("\n"):
                        break
                    self._read += len(line.encode())
                    one = json.loads(line)
                    customer = int(one["text"].partition("account K-")[2][:6])
                    self._replies.append(
                        Reply(one["message_id"], tuple(one["to"]), one["answer_to"], customer)
                    )
        return self._replies.popleft() if self._replies else None

    def _send_all(self, number: int) -> None:
        chance = random.Random(number)
        while True:
            try:
                mail, tries, due = self._waiting.get(timeout=0.2)
            except Empty:
                if self._made and not self._left:
                    return
                continue
            if due > time.monotonic():
                time.sleep(min(0.05, due - time.monotonic()))
                self._waiting.put((mail, tries, due))
                continue
            if self._taken(mail, chance):
                with self._lock:
                    self._left -= 1
            else:
                self.again += 1
                self._waiting.put((mail, tries + 1, time.monotonic() + min(5.0, 0.3 * 2 ** min(tries, 4))))

    def _taken(self, mail: Mail, chance: random.Random) -> bool:
        dice = chance.random()
        if dice < 0.15 and mail.kind in ("new", "forged") and mail.mailboxes == (CARE,):
            road, taken = "imap", self._by_imap(mail)
        elif 0.15 <= dice < 0.16 and mail.kind != "wild":
            road, taken = "pipe", self._by_pipe(mail)
        else:
            road, taken = self._by_smtp(mail, chance)
        if taken:
            self.roads[road] += 1
        return taken

    def _by_smtp(self, mail: Mail, chance: random.Random) -> tuple[str, bool]:
        lmtp = chance.random() < 0.15
        port = self.lmtp_port if lmtp else chance.choice(self.ports)
        road = "lmtp" if lmtp else "smtp"
        kind = smtplib.LMTP if lmtp else smtplib.SMTP
        server = None
        try:
            server = kind("127.0.0.1", port, **({} if lmtp else {"timeout": ANSWER_SECONDS}))
            answers = server.sendmail(mail.sender, list(mail.recipients), mail.raw).values()
        except smtplib.SMTPRecipientsRefused as error:
            answers = error.recipients.values()
        except smtplib.SMTPResponseException as error:
            answers = [(error.smtp_code, error.smtp_error)]
        except smtplib.SMTPServerDisconnected:
            return road, False
        except smtplib.SMTPException as error:
            answers = [(999, repr(error))]
        except OSError:
            return road, False
        finally:
            with contextlib.suppress(Exception):
                server.close()
        return road, self._settled(
            mail, [(code, str(said)) for code, said in answers if not comes_again(code)], not answers
        )

    def _settled(self, mail: Mail, refusals: list[tuple[int, str]], taken: bool) -> bool:
        """Whether the mail need not be offered again: it was taken, or refused for good, which is a fault."""
        self.refused += [(f"{code} {said}", mail) for code, said in refusals]
        return taken or bool(refusals)

    def _by_pipe(self, mail: Mail) -> bool:
        to = [word for address in mail.recipients for word in ("--to", address)]
        done = subprocess.run(
            [sys.executable, "-m", "goodword", "mail", "receive", *to],
            input=mail.raw, env=self.environ, capture_output=True, timeout=120, check=False,
        )  # fmt: skip
        code = done.returncode
        said = done.stderr.decode(errors="replace")[-300:]
        return self._settled(mail, [] if code in (0, LATER) else [(code, said)], code == 0)

    def _by_imap(self, mail: Mail) -> bool:
        self.imap.deliver("care", mail.raw)
        return True


def comes_again(code: int) -> bool:
    """Whether a mail server keeps the mail after this answer: one that says 'later', or was cut short."""
    return 400 <= code < 500 or code < 100
