"""A customer complains by the public form: a conversation, a complaint, and a mail that says so."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from goodword.customers.actions import customer_of
from goodword.customers.holding import stay
from goodword.inbox import actions as inbox
from goodword.inbox.errors import NotPossible
from goodword.inbox.models import Conversation
from goodword.mail.models import Mailbox
from goodword.staff.calendars import calendar_of

from ..clocks import clock_of
from ..errors import ComplaintError
from ..furnishing import default_procedure
from ..letters import received_letter
from ..models import Complaint, StageKey
from ..telling import clean, one_line, tell_unsent
from .opening import open_complaint
from .stages import acknowledge

AGAIN = timedelta(hours=24)
# More than anybody writes in a day; whoever does goes on by mail.
MOST_A_DAY = 5
TEXT_LENGTH = 20_000
_LOCK = 0x59_6F_75
_ORDER = re.compile(r"[\w#/-]{1,40}", re.ASCII)


@dataclass(frozen=True)
class Told:
    """What somebody wrote into the form; nothing of it is proven, not even the address."""

    address: str
    what_happened: str
    name: str = ""
    wanted: str = ""
    order_number: str = ""


def form_is_open() -> bool:
    """Whether customers may complain by the public form."""
    return default_procedure().has_form and Mailbox.objects.exists()


@transaction.atomic
def complain(*, told: Told, at: datetime | None = None) -> Complaint:
    """Open a conversation and a complaint, and confirm both by mail; the same sent twice is one.

    Raises ComplaintError when the form is switched off, says nothing, or is sent too often.
    """
    if not form_is_open():
        raise ComplaintError(gettext("This form is closed. Please write to us by mail."))
    words = clean(told.what_happened, TEXT_LENGTH)
    if not words:
        raise ComplaintError(gettext("Please say what happened, in your own words."))
    if Mailbox.objects.filter(address__iexact=told.address.strip()).exists():
        raise ComplaintError(
            gettext("That is our own address. Please give yours, so that we can answer you.")
        )
    now = at or timezone.now()
    with connection.cursor() as cursor:
        # Two posts of one form come one after the other, so that the second finds what the first made.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, told.address.lower()])
    customer = stay(customer_of(address=told.address, name=one_line(told.name, 200)))
    recent = Complaint.objects.filter(
        customer=customer, source=Complaint.Source.FORM, opened_at__gt=now - AGAIN
    )
    same = recent.filter(what_happened=words).order_by("-id").first()
    if same is not None:
        return same
    if recent.count() >= MOST_A_DAY:
        raise ComplaintError(
            gettext("We have %(count)d complaints from this address today. Please answer one of our mails.")
            % {"count": MOST_A_DAY}
        )
    place = inbox.open_conversation(
        customer=customer,
        subject=_subject(told.order_number),
        text=_text(told, words),
        channel=Conversation.Channel.FORM,
        mailbox=Mailbox.objects.order_by("id").first(),
        at=now,
    )
    made = open_complaint(
        conversation=place,
        agent=None,
        what_happened=words,
        wanted=clean(told.wanted, TEXT_LENGTH),
        order_number=told.order_number,
        source=Complaint.Source.FORM,
        at=now,
    )
    if _confirmed(made, place, now):
        acknowledge(complaint=made, agent=None, at=now)
        made.refresh_from_db()
    return made


def answer_due(complaint: Complaint, since: datetime) -> datetime | None:
    """By when the customer hears what was found: when the last clock before the proposal would end."""
    stages = list(complaint.procedure.stages.all())
    keys = [stage.key for stage in stages]
    if complaint.stage not in keys or StageKey.INVESTIGATING not in keys:
        return None
    calendar, due_at = calendar_of(complaint.team), since
    for stage in stages[keys.index(complaint.stage) : keys.index(StageKey.INVESTIGATING) + 1]:
        due_at = clock_of(stage, calendar, due_at).due_at or due_at
    return due_at if due_at > since else None


def _confirmed(complaint: Complaint, place: Conversation, now: datetime) -> bool:
    letter = received_letter(complaint, answer_due(complaint, now))
    try:
        with transaction.atomic():
            inbox.confirm(conversation=place, markdown=letter, at=now)
    except NotPossible as error:
        tell_unsent(complaint, str(error))
        return False
    return True


def _subject(order_number: str) -> str:
    """Nothing that a stranger may write goes into a subject, but for what looks like an order's number."""
    order = one_line(order_number, 100)
    if _ORDER.fullmatch(order):
        return gettext("Your complaint about order %(order)s") % {"order": order}
    return gettext("Your complaint")


def _text(told: Told, words: str) -> str:
    parts = [words]
    if clean(told.wanted):
        parts.append(gettext("What I would like: %(wanted)s") % {"wanted": clean(told.wanted, TEXT_LENGTH)})
    if one_line(told.order_number, 100):
        parts.append(gettext("Order: %(order)s") % {"order": one_line(told.order_number, 100)})
    return "\n\n".join(parts)
