"""What a conversation shows of complaints: its own, a suggestion to open one, and whether help was called."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F, TextField, Value
from django.db.models.functions import Cast

from goodword.inbox.models import Conversation, Message
from goodword.staff.models import Agent

from .. import access
from ..models import CallForHelp, Complaint, NotAComplaint, StageKey
from ..tables import table


@dataclass(frozen=True, slots=True)
class Short:
    """A complaint in a line."""

    pk: int
    number: str
    stage: str
    fault: str
    is_open: bool

    @property
    def name(self) -> str:
        """Its stage in words."""
        known = self.stage in StageKey.values
        return str(StageKey(self.stage).label) if known else self.stage.replace("-", " ")


@dataclass(frozen=True, slots=True)
class Call:
    """An open call for help."""

    pk: int
    words: str
    by: str


@dataclass(frozen=True, slots=True)
class Beside:
    """`reads_like_one`: the coach read a complaint, none was opened, and nobody said there is none.

    `card` is what helps when feelings run high, {} when they do not.
    """

    complaints: list[Short] = field(default_factory=list)
    call: Call | None = None
    reads_like_one: bool = False
    card: dict[str, list[str]] = field(default_factory=dict)


def beside(conversation: Conversation, messages: Iterable[Message], *, agent: Agent | None = None) -> Beside:
    """For a conversation the agent may see, with the messages that are shown; one query.

    Complaints opened elsewhere are among them as far as the agent may see those (None: all).
    """
    complaints: list[Short] = []
    call: Call | None = None
    denied = False
    for what, pk, title, words, fault, is_open in _rows(conversation.pk, agent):
        if what == "complaint":
            complaints.append(Short(pk, title, words, fault, is_open == "yes"))
        elif what == "call":
            call = Call(pk, words, title)
        else:
            denied = True
    complained = any(
        message.kind == Message.Kind.CUSTOMER and bool((message.reading or {}).get("complaint"))
        for message in messages
    )
    complaints.sort(key=lambda one: -one.pk)
    return Beside(
        complaints=complaints,
        call=call,
        reads_like_one=complained and not complaints and not denied,
        card=card_for(conversation.feeling, conversation.feeling_strength),
    )


def card_for(feeling: str, strength: int) -> dict[str, list[str]]:
    """What to do now and what to avoid, for a feeling of this strength; {} below the line."""
    known = table("deescalation")
    if strength < known["shown"].get(feeling, 99):
        return {}
    found: dict[str, list[str]] = known[feeling]
    return found


def fault_of(conversation: Conversation) -> str:
    """Whose fault the open complaint of a conversation was found to be; '' when none is, or not yet."""
    return access.open_in(conversation).values_list("fault", flat=True).first() or ""


def _rows(pk: int, agent: Agent | None) -> Iterable[tuple[str, int, str, str, str, str]]:
    """Complaints, an open call and a denial, in one query of six equal columns."""

    def text(value: str) -> Cast:
        return Cast(Value(value), TextField())

    def column(name: str) -> Cast:
        return Cast(F(name), TextField())

    own = Complaint.objects.filter(conversation=pk)
    seen = access.complaints(agent)
    linked = seen.filter(further__conversation=pk)
    merged = seen.filter(conversation__in=access.went_into(pk))
    parts = [
        rows.filter(closed_at__isnull=closed).values_list(
            text("complaint"),
            "pk",
            column("number"),
            column("stage"),
            column("fault"),
            text("yes" if closed else "no"),
        )
        for rows in (own, linked, merged)
        for closed in (True, False)
    ]
    calls = CallForHelp.objects.filter(conversation=pk, answered_at=None).values_list(
        text("call"), "pk", column("by__name"), column("words"), text(""), text("")
    )
    denials = NotAComplaint.objects.filter(conversation=pk).values_list(
        text("denial"), "pk", text(""), text(""), text(""), text("")
    )
    return parts[0].union(*parts[1:], calls, denials, all=True)
