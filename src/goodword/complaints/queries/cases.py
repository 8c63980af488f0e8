"""One complaint with everything about it, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext

from goodword.events.models import Event
from goodword.events.timeline import Line, kinds, sentences
from goodword.inbox import access as inbox
from goodword.inbox.models import Conversation
from goodword.staff.models import Agent
from goodword.staff.queries import names

from .. import access
from ..models import (
    Answer,
    CheckItem,
    Complaint,
    Evidence,
    FollowUp,
    Prevention,
    Procedure,
    Question,
    Reopening,
    StageKey,
    StageRecord,
)
from ..remedies import UNSETTLED

LINES = 200


@dataclass(frozen=True, slots=True)
class StageMark:
    """A stage of the procedure and how far the complaint is: 'done', 'now', 'ahead', or 'skipped'."""

    key: str
    name: str
    state: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to be done next: a key that a page knows how to offer, and a sentence."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """Everything of one complaint."""

    complaint: Complaint
    place: Conversation
    further: Sequence[Conversation]
    stages: Sequence[StageMark]
    record: StageRecord | None
    next_step: NextStep
    check_items: Sequence[CheckItem]
    evidence: Sequence[Evidence]
    questions: Sequence[Question]
    preventions: Sequence[Prevention]
    reopenings: Sequence[Reopening]
    timeline: Sequence[Line]

    @property
    def ticked(self) -> int:
        """How many lines of the checklist are done."""
        return sum(item.done_at is not None for item in self.check_items)

    @property
    def is_late(self) -> bool:
        """The time of its stage has passed."""
        due = self.record.due_at if self.record else None
        return due is not None and due <= timezone.now()


def case(agent: Agent, pk: int) -> Case:
    """The complaint the agent may see; raises Complaint.DoesNotExist."""
    found = access.get_complaint(agent, pk)
    records = list(found.stage_records.select_related("by", "promise").order_by("id"))
    answers = Prefetch("answers", Answer.objects.select_related("by").order_by("id"))
    questions = list(
        found.questions.select_related("agent", "asked_by").prefetch_related(answers).order_by("id")
    )
    items = list(found.check_items.select_related("done_by"))
    places = _places(agent, found)
    place = access.place_of(found)
    place = place if place in places else found.conversation
    return Case(
        complaint=found,
        place=place,
        further=[one for one in places if one not in (place, found.conversation)],
        stages=_marks(found.procedure, found, records),
        record=next((one for one in reversed(records) if one.left_at is None), None),
        next_step=next_step(found, items=items, questions=questions),
        check_items=items,
        evidence=list(found.evidence.select_related("by").order_by("id")),
        questions=questions,
        preventions=list(found.preventions.select_related("owner", "cause").order_by("id")),
        reopenings=list(found.reopenings.select_related("by").order_by("id")),
        timeline=timeline(found, places),
    )


def _places(agent: Agent, complaint: Complaint) -> list[Conversation]:
    """The conversations of a case that the agent may see: its own, where that went, and the further ones."""
    own = [complaint.conversation_id, access.place_of(complaint).pk]
    numbers = [*own, *complaint.further.values_list("conversation_id", flat=True)]
    return list(inbox.conversations(agent).filter(pk__in=numbers).order_by("id"))


def timeline(complaint: Complaint, places: Sequence[Conversation], *, limit: int = LINES) -> list[Line]:
    """What happened in the case and in these conversations since it was opened, the newest first."""
    numbers = [place.pk for place in places]
    events = (
        Event.objects.filter(conversation_id__in=numbers, kind__in=kinds(), at__gte=complaint.opened_at)
        .filter(~Q(kind__startswith="complaint.") | Q(data__complaint=complaint.pk))
        .order_by("-id")[:limit]
    )
    rows = list(events)
    told = [event.agent_id for event in rows]
    told += [event.data.get(key) for event in rows for key in ("owner", "asked_by", "to", "asker")]
    return sentences(rows, names({one for one in told if isinstance(one, int)}))


def next_step(
    complaint: Complaint, *, items: Sequence[CheckItem] = (), questions: Sequence[Question] = ()
) -> NextStep:
    """What is to be done now, from the stage and from what is still open in it."""
    stage = complaint.stage
    if stage == StageKey.RECEIVED:
        return NextStep("acknowledge", gettext("Tell the customer that you have it and see to it."))
    if stage == StageKey.ACKNOWLEDGED:
        return NextStep("investigate", gettext("Begin to look into it."))
    if stage == StageKey.INVESTIGATING:
        return _investigating(complaint, items, questions)
    if stage == StageKey.PROPOSED:
        return NextStep("wait", gettext("The customer has the proposal. Wait for their choice, or ask."))
    if stage == StageKey.AGREED:
        return NextStep("remedy", gettext("Put it right as agreed, and write down the proof."))
    if stage == StageKey.REMEDIED:
        return _remedied(complaint)
    if stage == StageKey.FOLLOWED_UP:
        if complaint.cause_id is None:
            return NextStep("cause", gettext("Say what caused it, then close the complaint."))
        return NextStep("close", gettext("All is well. Close the complaint."))
    if stage == StageKey.CLOSED:
        return NextStep("closed", gettext("Nothing is left to do."))
    return NextStep("move", gettext("Bring it to its next stage when this one is done."))


def _investigating(
    complaint: Complaint, items: Sequence[CheckItem], questions: Sequence[Question]
) -> NextStep:
    waiting = [one for one in questions if one.answered_at is None]
    if any(one.due_at is not None and one.due_at <= timezone.now() for one in waiting):
        return NextStep("ask", gettext("A colleague owes an answer. Ask again, or ask somebody else."))
    left = [item for item in items if item.done_at is None]
    if left:
        return NextStep("check", gettext("Look at this next: %(what)s") % {"what": left[0].text})
    if not complaint.fault:
        return NextStep("fault", gettext("Say whose fault it was; the coach then helps with the words."))
    if waiting:
        return NextStep("ask", gettext("A colleague's answer is still to come."))
    return NextStep("propose", gettext("Propose to the customer how it can be put right."))


def _remedied(complaint: Complaint) -> NextStep:
    if complaint.remedies.filter(UNSETTLED).exists():
        return NextStep("remedy", gettext("Write down the proof of what was done."))
    planned = (
        FollowUp.objects.filter(complaint=complaint, answered_at=None, dropped_at=None).order_by("id").last()
    )
    if planned is not None:
        return NextStep(
            "wait", gettext("The customer is asked whether all is well. Nothing to do until then.")
        )
    return NextStep("follow_up", gettext("Ask the customer whether all is well now."))


def _marks(procedure: Procedure, complaint: Complaint, records: Sequence[StageRecord]) -> list[StageMark]:
    entered = {record.stage: record.entered_at for record in records}
    stages = list(procedure.stages.all())
    here = next((stage.order for stage in stages if stage.key == complaint.stage), -1)
    return [
        StageMark(
            stage.key, stage.name, _state(stage.order, here, stage.key in entered), entered.get(stage.key)
        )
        for stage in stages
    ]


def _state(order: int, here: int, was_there: bool) -> str:
    if order == here:
        return "now"
    if order > here:
        return "ahead"
    return "done" if was_there else "skipped"
