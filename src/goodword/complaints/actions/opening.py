"""A new complaint, with a number of its own."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from goodword.inbox import access as inbox
from goodword.inbox.models import Conversation
from goodword.staff.models import Agent, Team

from .. import access
from ..errors import ComplaintError, OpenAlready
from ..furnishing import default_procedure, procedure_for
from ..models import CheckItem, Checklist, Complaint, ComplaintConversation, NotAComplaint, Procedure
from ..telling import clean, one_line, tell
from .stages import begin

Severity, Source = Complaint.Severity, Complaint.Source
ITEM_LENGTH = 500


@transaction.atomic
def open_complaint(
    *,
    conversation: Conversation,
    agent: Agent | None,
    what_happened: str,
    wanted: str = "",
    severity: str = Severity.MINOR,
    kind: str = "",
    product: str = "",
    order_number: str = "",
    source: str = Source.AGENT,
    owner: Agent | None = None,
    at: datetime | None = None,
) -> Complaint:
    """Open a complaint from a conversation that the agent may see.

    It is seen to by `owner`, else by whose conversation it is, else by who opens it; dealt with by the
    procedure of the conversation's team. The same said twice is one complaint; raises OpenAlready when
    another one is open here, ComplaintError when it does not say what happened.
    """
    place = inbox.locked(agent, conversation.pk)
    place = inbox.merged_into(place) or place
    words = clean(what_happened)
    check_facts(what_happened=words, severity=severity, kind=kind)
    standing = access.open_in(place).first()
    if standing is not None:
        if standing.what_happened == words:
            return standing
        raise OpenAlready(standing)
    now = at or timezone.now()
    team = _team_of(place)
    procedure = procedure_for(team)
    made = Complaint.objects.create(
        number=_next_number(now),
        conversation=place,
        customer=place.customer,
        procedure=procedure,
        team=team,
        owner=owner or place.assignee or agent,
        opened_at=now,
        opened_by=agent,
        source=source,
        what_happened=words,
        wanted=clean(wanted),
        severity=severity,
        kind=kind,
        product=one_line(product, 300),
        order_number=one_line(order_number, 100),
        final_due_at=_final_due(procedure, now),
    )
    NotAComplaint.objects.filter(conversation=place).delete()
    take_checklist(made)
    tell("complaint.opened", made, agent=agent, severity=made.severity, source=made.source)
    begin(made, agent=agent, at=now)
    return made


@transaction.atomic
def link(*, complaint: Complaint, conversation: Conversation, agent: Agent | None) -> Complaint:
    """A further conversation of the same customer belongs to the complaint, too."""
    found = access.locked(agent, complaint.pk)
    place = inbox.get_conversation(agent, conversation.pk)
    if place.pk == found.conversation_id or found.further.filter(conversation=place).exists():
        return found
    if place.customer_id != found.customer_id:
        raise ComplaintError(
            gettext("That conversation is with %(other)s, and the complaint is of %(customer)s.")
            % {"other": place.customer, "customer": found.customer}
        )
    ComplaintConversation.objects.create(complaint=found, conversation=place, by=agent)
    tell("complaint.linked", found, agent=agent, conversation=place.pk)
    return found


@transaction.atomic
def say_no_complaint(*, conversation: Conversation, agent: Agent) -> None:
    """The coach read a complaint where there is none: do not suggest one again in this conversation."""
    place = inbox.get_conversation(agent, conversation.pk)
    NotAComplaint.objects.get_or_create(conversation=place, defaults={"by": agent})


def take_checklist(complaint: Complaint) -> None:
    """Give the complaint its own copy of its kind's checklist; what is there already stays."""
    found = Checklist.objects.filter(key=complaint.kind).first()
    if found is None:
        return
    CheckItem.objects.bulk_create(
        [
            CheckItem(complaint=complaint, order=order, text=str(text)[:ITEM_LENGTH])
            for order, text in enumerate(found.items)
        ],
        ignore_conflicts=True,
    )


def check_facts(
    *, what_happened: str | None = None, severity: str | None = None, kind: str | None = None
) -> None:
    """Raise ComplaintError for what a complaint cannot say; None is not looked at."""
    if what_happened == "":
        raise ComplaintError(gettext("The complaint does not say what happened. Write it in a few words."))
    if severity is not None and severity not in Severity.values:
        raise ComplaintError(
            gettext("'%(given)s' is no severity. Choose minor, serious or grave.") % {"given": severity}
        )
    # The lists are made with the first procedure.
    default_procedure()
    if kind and not Checklist.objects.filter(key=kind).exists():
        raise ComplaintError(gettext("'%(kind)s' is no kind of complaint. Choose one.") % {"kind": kind})


def _team_of(place: Conversation) -> Team | None:
    """The team the conversation is with, else the only one that answers its mailbox."""
    if place.team_id is not None:
        return place.team
    if place.mailbox is None:
        return None
    teams = list(place.mailbox.teams.order_by("id")[:2])
    return teams[0] if len(teams) == 1 else None


def _final_due(procedure: Procedure, at: datetime) -> datetime | None:
    if procedure.final_response_days is None:
        return None
    return at + timedelta(days=procedure.final_response_days)


def _next_number(at: datetime) -> str:
    """The next number of the year; taken back with the transaction, so that none is left out."""
    year = timezone.localtime(at, timezone.get_default_timezone()).year
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO complaints_numberseries (year, last) VALUES (%s, 1) "
            "ON CONFLICT (year) DO UPDATE SET last = complaints_numberseries.last + 1 RETURNING last",
            [year],
        )
        (number,) = cursor.fetchone()
    return f"C-{year}-{number:04d}"
