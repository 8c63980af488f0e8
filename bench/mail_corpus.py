"""Every file of a folder goes in through real SMTP; what became of each is counted.

    python bench/mail_corpus.py FOLDER [--smtp-host HOST --smtp-port PORT]

With a port the mails go to a running desk that uses the same GOODWORD_DATA or DATABASE_URL as this script,
and its worker turns them into messages; else a listener is started here and the mails are turned into
messages here. Prints how many became messages, how many need a person and why, how many are unexplained
(must be 0), and whether every attachment is byte-identical to what the standard library decodes.
"""

import argparse
import asyncio
import hashlib
import smtplib
import sys
import threading
import time
from collections import Counter
from email import message_from_bytes
from email.message import Message
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps

from goodword.ops.start import prepare


def wire(raw: bytes) -> bytes:
    """The bytes as SMTP carries them."""
    raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    return raw if raw.endswith(b"\r\n") else raw + b"\r\n"


def attached(raw: bytes) -> Counter[str]:
    """Digests of the files the standard library finds, apart from those inside enclosed mails."""
    found: Counter[str] = Counter()

    def walk(part: Message) -> None:
        if part.get_content_maintype() == "message":
            return
        if part.is_multipart():
            for child in part.get_payload():
                walk(child)  # type: ignore[arg-type]
        elif part.get_content_disposition() == "attachment" or part.get_filename():
            data = part.get_payload(decode=True)
            found[hashlib.sha256(data if isinstance(data, bytes) else b"").hexdigest()] += 1

    walk(message_from_bytes(raw))
    return found


def start_listener() -> int:
    listener = import_module("goodword.mail.listener")
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return asyncio.run_coroutine_threadsafe(listener.serve(host="127.0.0.1", port=0), loop).result(30).port


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


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("folder", type=Path)
    options.add_argument("--smtp-host", default="127.0.0.1")
    options.add_argument("--smtp-port", type=int, default=0)
    options.add_argument("--to", default="care@corpus.example")
    args = options.parse_args()
    if prepare(database=True):
        return 1
    files = sorted(file for file in args.folder.rglob("*") if file.is_file())
    started = time.perf_counter()
    kept = post(files, args.smtp_host, args.smtp_port or start_listener(), args.to)
    ids = {row for row in kept.values() if isinstance(row, int)}
    posted = time.perf_counter() - started
    mails = settled(ids, here=not args.smtp_port)
    report(files, kept, mails)
    print(f"{posted:.1f} s to take in, {time.perf_counter() - started:.1f} s in all")
    return 0


def report(files: list[Path], kept: dict[Path, int | str], mails: dict[int, Any]) -> None:
    states, reasons, files_seen = Counter[str](), Counter[str](), Counter[str]()
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
            wanted, got = attached(wire(file.read_bytes())), stored(row)
            files_seen["wanted"] += wanted.total()
            files_seen["identical"] += (wanted & got).total()
            if wanted - got:
                print(f"differs: {file}")
        rows.add(row)
    print(f"{len(files)} files, {len(rows)} rows")
    for name, count in sorted(states.items()):
        print(f"  {name}: {count}")
    for reason, count in reasons.most_common():
        print(f"  reason {count}: {reason}")
    print(f"  attachments: {files_seen['identical']} of {files_seen['wanted']} byte-identical")


if __name__ == "__main__":
    sys.exit(main())
