"""`goodword mail import PATH`: kept mail becomes conversations, silently, and twice is the same as once."""

import argparse
import sys
from collections import Counter
from pathlib import Path

from django.db import Error
from django.utils.translation import gettext, ngettext
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from goodword.mail.actions import Unusable, accept
from goodword.mail.addressing import mailbox_address
from goodword.mail.archives import Entry, NoArchive, entries
from goodword.mail.intake import turn_waiting
from goodword.mail.models import Delivery, Mailbox, RawMail

BATCH = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("path", type=Path, help="an .eml file, a folder of them, a Maildir, or an mbox file")
    parser.add_argument("--mailbox", default="", metavar="ADDRESS", help="the mailbox the mail belongs to")


def run(arguments: argparse.Namespace) -> int:
    """Take all of it in; may be stopped and started again at any point."""
    console = Console(stderr=True)
    try:
        mailbox = _mailbox(arguments.mailbox)
        found = entries(arguments.path)
        counts = _take_in(found, mailbox, console)
    except (NoArchive, Error) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    _report(counts, console)
    return 0


def _mailbox(address: str) -> Mailbox | None:
    if not address:
        return None
    box = Mailbox.objects.filter(address__iexact=mailbox_address(address)).first()
    if box is None:
        known = ", ".join(Mailbox.objects.values_list("address", flat=True)) or "none yet"
        raise NoArchive(f"There is no mailbox {address}; the mailboxes are: {known}.")
    return box


def _take_in(found: list[Entry], mailbox: Mailbox | None, console: Console) -> Counter[str]:
    counts: Counter[str] = Counter()
    new: list[int] = []
    with Progress(
        TextColumn("[progress.description]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
    ) as progress:
        bar = progress.add_task("Importing mail", total=len(found))
        for number, entry in enumerate(found, start=1):
            _take(entry, mailbox, counts, new)
            progress.advance(bar)
            if number % BATCH == 0:
                turn_waiting()
        turn_waiting()
    states = RawMail.objects.filter(pk__in=new).values_list("state", flat=True)
    counts.update(str(state) for state in states)
    return counts


def _take(entry: Entry, mailbox: Mailbox | None, counts: Counter[str], new: list[int]) -> None:
    try:
        accepted = accept(raw=entry.read(), source="import", mailbox=mailbox, silent=True, nudged=False)
    except (Unusable, OSError) as error:
        counts["unusable"] += 1
        sys.stderr.write(f"{entry.path}: {error}\n")
        return
    if accepted.created:
        new += [mail.pk for mail in accepted.mails]
    else:
        counts["removed" if accepted.outcome == Delivery.Outcome.REMOVED else "known"] += 1


def _report(counts: Counter[str], console: Console) -> None:
    done, known, person = (counts[name] for name in (RawMail.State.DONE, "known", RawMail.State.NEEDS_PERSON))
    waiting, unusable, removed = (counts[name] for name in (RawMail.State.WAITING, "unusable", "removed"))
    lines = [ngettext("%d mail was taken in.", "%d mails were taken in.", done) % done]
    if known:
        lines.append(ngettext("%d was here already.", "%d were here already.", known) % known)
    if removed:
        gone = ngettext("%d was deleted here for good", "%d were deleted here for good", removed) % removed
        lines.append(gettext("%s and did not come back.") % gone)
    if person:
        need = ngettext("%d needs a person", "%d need a person", person) % person
        lines.append(gettext("%s; see 'Needs a person' in the desk.") % need)
    if waiting:
        waits = ngettext("%d waits", "%d wait", waiting) % waiting
        lines.append(gettext("%s to be turned into messages by the running desk.") % waits)
    if unusable:
        lines.append(gettext("%d could not be used, as said above.") % unusable)
    for line in lines:
        console.print(line, highlight=False)
