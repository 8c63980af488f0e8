"""Every file of a folder goes in through real SMTP; what became of each is counted.

    python bench/mail_corpus.py FOLDER [--smtp-host HOST --smtp-port PORT]
    python bench/mail_corpus.py --hostile [--cpu]

With a port the mails go to a running desk that uses the same GOODWORD_DATA or DATABASE_URL as this script,
and its worker turns them into messages; else a listener is started here and the mails are turned into
messages here. Prints how many became messages, how many need a person and why, how many are unexplained
(must be 0), and whether every leaf is there: each file byte by byte as the standard library decodes it, each
text in the message or, where it could not be shown whole, as a file.

`--hostile` takes the mails of `goodword.mail.tests.hostile` instead of a folder. `--cpu` prints what each of
the slowest costs to be looked at by the door, read in the process that may die, and cleaned for the screen.
"""

import argparse
import asyncio
import contextlib
import hashlib
import re
import smtplib
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.apps import apps

from goodword.mail import html
from goodword.mail.parsing import Unreadable, parse
from goodword.mail.parsing.charsets import clean, decode
from goodword.mail.parsing.envelope import envelope
from goodword.mail.tests.hostile import MAKERS
from goodword.ops.start import prepare


def wire(raw: bytes) -> bytes:
    """The bytes as SMTP carries them."""
    raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    return raw if raw.endswith(b"\r\n") else raw + b"\r\n"


@dataclass
class Leaves:
    """What the standard library finds in a mail, apart from what is inside enclosed mails."""

    files: Counter[str] = field(default_factory=Counter)
    texts: list[tuple[str, Counter[str]]] = field(default_factory=list)


def leaves(raw: bytes) -> Leaves:
    found = Leaves()

    def walk(part: Message) -> None:
        if part.get_content_maintype() == "message":
            return
        if part.is_multipart():
            for child in part.get_payload():
                walk(child)  # type: ignore[arg-type]
            return
        data = part.get_payload(decode=True)
        data = data if isinstance(data, bytes) else b""
        digest = hashlib.sha256(data).hexdigest()
        kind = part.get_content_type()
        if part.get_content_disposition() == "attachment" or part.get_filename():
            found.files[digest] += 1
        elif kind in {"text/plain", "text/html"}:
            declared = part.get_param("charset")
            text = decode(data, declared if isinstance(declared, str) else None)
            found.texts.append((digest, words_of(text, page=kind == "text/html")))

    walk(message_from_bytes(raw))
    return found


def words_of(text: str, *, page: bool) -> Counter[str]:
    """The words of a text or of an HTML page, however they are laid out and quoted."""
    return Counter(re.findall(r"\w+", html.to_text(clean(text)) if page else clean(text)))


def start_listener() -> int:
    listener = import_module("goodword.mail.listener")
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    serving = listener.serve(host="127.0.0.1", port=0)
    return int(asyncio.run_coroutine_threadsafe(serving, loop).result(30).port)


def post(files: list[Path], host: str, port: int, recipient: str) -> dict[Path, int | str]:
    """The row each file was kept as, or what the server said instead."""
    kept: dict[Path, int | str] = {}
    smtp = smtplib.SMTP(host, port, timeout=60)
    for file in files:
        try:
            smtp.ehlo_or_helo_if_needed()
            smtp.mail("", ["BODY=8BITMIME"])
            smtp.rcpt(recipient)
            code, said = smtp.data(wire(file.read_bytes()))
            kept[file] = int(said.split()[-1]) if code == 250 else f"{code} {said.decode()}"
        except smtplib.SMTPException as error:
            kept[file] = str(error)
            smtp = smtplib.SMTP(host, port, timeout=60)
    smtp.quit()
    return kept


def settled(ids: set[int], *, here: bool) -> dict[int, Any]:
    raw_mails = apps.get_model("mail", "RawMail").objects
    until = time.monotonic() + 600
    while time.monotonic() < until:
        if here:
            import_module("goodword.mail.intake").turn_waiting()
        if not raw_mails.filter(pk__in=ids, state="waiting").exists():
            break
        time.sleep(0.5)
    return {mail.pk: mail for mail in raw_mails.filter(pk__in=ids).defer("raw")}


def stored(mail_id: int) -> Counter[str]:
    files = apps.get_model("inbox", "Attachment").objects.filter(message__raw_mail_id=mail_id)
    return Counter(files.values_list("blob_id", flat=True))


def shown(mail_id: int) -> list[Counter[str]]:
    """The words of a message: of its plain form and of its HTML form, with what each quotes."""
    message = apps.get_model("inbox", "Message").objects.filter(raw_mail_id=mail_id).first()
    if message is None:
        return []
    plain = words_of(f"{message.text}\n{message.quoted}", page=False)
    return [plain, words_of(message.html, page=True) + words_of(message.quoted_html, page=True)]


def hostile(folder: Path) -> None:
    for name, make in MAKERS.items():
        raw, _files = make()
        (folder / f"{name}.eml").write_bytes(raw.replace(b"<hostile@", b"<%s@" % name.encode(), 1))


def cpu(files: list[Path]) -> None:
    """What the slowest mails cost: the door, the reading, and the cleaning of their HTML."""
    rows: list[tuple[float, float, float, int, str]] = []
    for file in files:
        raw = wire(file.read_bytes())
        marks = [time.process_time()]
        envelope(raw)
        marks.append(time.process_time())
        page = ""
        with contextlib.suppress(Unreadable):
            page = parse(raw).html or ""
        marks.append(time.process_time())
        html.clean(page, cid_urls={}, pictures=False)
        marks.append(time.process_time())
        door, read, cleaned = (after - before for before, after in pairwise(marks))
        rows.append((door, read, cleaned, len(raw), file.name))
    print(f"{'door s':>8} {'read s':>8} {'clean s':>8} {'bytes':>10}")
    for door, read, cleaned, size, name in sorted(rows, key=lambda row: -max(row[:3]))[:20]:
        print(f"{door:8.3f} {read:8.3f} {cleaned:8.3f} {size:10} {name}")
    print(f"{len(rows)} mails, the slowest reading {max(row[1] for row in rows):.3f} s of CPU")


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("folder", type=Path, nargs="?")
    options.add_argument("--hostile", action="store_true")
    options.add_argument("--cpu", action="store_true")
    options.add_argument("--smtp-host", default="127.0.0.1")
    options.add_argument("--smtp-port", type=int, default=0)
    options.add_argument("--to", default="care@corpus.example")
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = args.folder or Path(made)
        if args.hostile:
            hostile(Path(made))
            folder = Path(made)
        files = sorted(file for file in folder.rglob("*") if file.is_file())
        if args.cpu:
            cpu(files)
            return 0
        return 1 if prepare(database=True) else take_in(files, args)


def take_in(files: list[Path], args: argparse.Namespace) -> int:
    started = time.perf_counter()
    kept = post(files, args.smtp_host, args.smtp_port or start_listener(), args.to)
    ids = {row for row in kept.values() if isinstance(row, int)}
    posted = time.perf_counter() - started
    mails = settled(ids, here=not args.smtp_port)
    report(files, kept, mails)
    print(f"{posted:.1f} s to take in, {time.perf_counter() - started:.1f} s in all")
    return 0


def report(files: list[Path], kept: dict[Path, int | str], mails: dict[int, Any]) -> None:
    states, reasons, seen = Counter[str](), Counter[str](), Counter[str]()
    rows: set[int] = set()
    for file in files:
        row = kept[file]
        if isinstance(row, str):
            reasons[row] += 1
            states["refused with a reason"] += 1
            continue
        mail = mails[row]
        states["delivered again, same row"] += row in rows
        states[mail.state] += row not in rows
        states["unexplained"] += mail.state == "waiting" or (mail.state == "needs_person" and not mail.reason)
        if mail.state == "needs_person":
            reasons[mail.reason[:110]] += row not in rows
        elif mail.state == "done" and row not in rows:
            compare(file, row, seen)
        rows.add(row)
    print(f"{len(files)} files, {len(rows)} rows")
    for name, count in sorted(states.items()):
        print(f"  {name}: {count}")
    for reason, count in reasons.most_common():
        print(f"  reason {count}: {reason}")
    print(f"  files: {seen['identical']} of {seen['files']} byte-identical")
    print(f"  texts: {seen['reachable']} of {seen['texts']} in the message or enclosed")


def compare(file: Path, row: int, seen: Counter[str]) -> None:
    """Count which leaves of a mail its message holds, and name the mail where one is missing."""
    wanted, got, words = leaves(wire(file.read_bytes())), stored(row), shown(row)
    lost = [
        digest
        for digest, text in wanted.texts
        if digest not in got and all(text - one for one in [*words, sum(words, Counter())])
    ]
    seen["files"] += wanted.files.total()
    seen["identical"] += (wanted.files & got).total()
    seen["texts"] += len(wanted.texts)
    seen["reachable"] += len(wanted.texts) - len(lost)
    if wanted.files - got or lost:
        print(f"differs: {file} ({(wanted.files - got).total()} files, {len(lost)} texts)")


if __name__ == "__main__":
    sys.exit(main())
