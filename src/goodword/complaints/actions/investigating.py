"""Finding out what happened: the checklist and the evidence."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from goodword.inbox import access as inbox
from goodword.inbox.models import Message
from goodword.mail.actions import keep_file
from goodword.staff.models import Agent

from .. import access
from ..errors import ComplaintError
from ..models import CheckItem, Complaint, Evidence
from ..telling import clean, one_line, tell

FILE_LIMIT = 20 * 1024 * 1024
MOST_ITEMS = 60
TITLE_LENGTH = 300


@transaction.atomic
def tick(*, item: CheckItem, agent: Agent, done: bool = True) -> CheckItem:
    """A line of the checklist was looked at, or was not after all."""
    found = access.get_check_item(agent, item.pk)
    complaint = access.locked(agent, found.complaint_id)
    found.refresh_from_db()
    if (found.done_at is not None) == done:
        return found
    found.done_at, found.done_by = (timezone.now(), agent) if done else (None, None)
    found.save(update_fields=["done_at", "done_by"])
    if done:
        tell("complaint.ticked", complaint, agent=agent, text=found.text)
    return found


@transaction.atomic
def add_check_item(*, complaint: Complaint, agent: Agent, text: str) -> CheckItem:
    """A line of this case alone."""
    found = access.locked(agent, complaint.pk)
    words = one_line(text, 500)
    if not words:
        raise ComplaintError(gettext("The line is empty. Write what is to be looked at."))
    if found.check_items.count() >= MOST_ITEMS:
        raise ComplaintError(
            gettext("A checklist has %(most)d lines at most. Tick some off first.") % {"most": MOST_ITEMS}
        )
    item, _made = CheckItem.objects.get_or_create(
        complaint=found, text=words, defaults={"order": found.check_items.count()}
    )
    return item


@transaction.atomic
def add_file(
    *, complaint: Complaint, agent: Agent | None, filename: str, content_type: str, data: bytes
) -> Evidence:
    """A file that shows what happened; the same file is kept once."""
    found = access.locked(agent, complaint.pk)
    name = one_line(filename.replace("\\", "/").rpartition("/")[2], TITLE_LENGTH) or gettext("file")
    if not data:
        raise ComplaintError(gettext("'%(name)s' is empty. Choose another file.") % {"name": name})
    if len(data) > FILE_LIMIT:
        raise ComplaintError(
            gettext("'%(name)s' is larger than %(limit)d MB. Send a smaller one.")
            % {"name": name, "limit": FILE_LIMIT // 1024**2}
        )
    blob = keep_file(data)
    standing = found.evidence.filter(blob=blob, title=name).first()
    if standing is not None:
        return standing
    return _keep(
        found,
        agent,
        kind=Evidence.Kind.FILE,
        title=name,
        blob=blob,
        content_type=content_type[:200] or "application/octet-stream",
    )


@transaction.atomic
def add_words(*, complaint: Complaint, agent: Agent | None, title: str, text: str) -> Evidence:
    """What somebody saw or said."""
    found = access.locked(agent, complaint.pk)
    words = clean(text)
    if not words:
        raise ComplaintError(gettext("There are no words yet. Write what was seen or said."))
    named = one_line(title, TITLE_LENGTH) or one_line(words, 80)
    standing = found.evidence.filter(kind=Evidence.Kind.TEXT, title=named, text=words).first()
    return standing or _keep(found, agent, kind=Evidence.Kind.TEXT, title=named, text=words)


@transaction.atomic
def add_order(
    *, complaint: Complaint, agent: Agent | None, order_number: str, data: Mapping[str, str]
) -> Evidence:
    """What the shop knows of an order, name to value; said again, it is set anew."""
    found = access.locked(agent, complaint.pk)
    number = one_line(order_number, 100)
    if not number:
        raise ComplaintError(gettext("The order has no number. Give it, so that others find it."))
    facts = {one_line(str(name), 100): one_line(str(value), 500) for name, value in data.items()}
    standing = found.evidence.filter(kind=Evidence.Kind.ORDER, title=number).first()
    if standing is not None:
        standing.data = facts
        standing.save(update_fields=["data"])
        return standing
    return _keep(found, agent, kind=Evidence.Kind.ORDER, title=number, data=facts)


@transaction.atomic
def add_message(*, complaint: Complaint, agent: Agent, message: Message) -> Evidence:
    """A message of a conversation of the complaint, with what it says as it is now."""
    found = access.locked(agent, complaint.pk)
    said = inbox.get_message(agent, message.pk)
    standing = found.evidence.filter(message=said).first()
    if standing is not None:
        return standing
    who = said.sender_name or said.sender_address
    return _keep(
        found,
        agent,
        kind=Evidence.Kind.MESSAGE,
        title=one_line(f"{who}: {said.text or said.subject}", 120),
        text=clean(said.text),
        message=said,
    )


@transaction.atomic
def take_away(*, evidence: Evidence, agent: Agent) -> None:
    """It shows nothing after all. Gone already: nothing happens."""
    found = access.get_evidence(agent, evidence.pk)
    complaint = access.locked(agent, found.complaint_id)
    title = found.title
    found.delete()
    tell("complaint.evidence_gone", complaint, agent=agent, title=title)


def _keep(complaint: Complaint, agent: Agent | None, **fields: object) -> Evidence:
    made = Evidence.objects.create(complaint=complaint, by=agent, **fields)
    tell("complaint.evidence", complaint, agent=agent, evidence=made.pk, title=made.title)
    return made
