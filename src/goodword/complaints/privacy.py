"""The complaints of a person who is erased: the words go, number, dates, stages, cause and cost stay."""

from collections.abc import Collection, Iterable, Mapping

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from goodword.customers import registry
from goodword.customers.erasing import Counts, add, blank, take
from goodword.customers.models import Customer
from goodword.customers.registry import Obstacle, Person
from goodword.inbox import registry as inbox_registry
from goodword.mail import actions as mail
from goodword.mail.models import Blob, RawMail

from .models import (
    Answer,
    CallForHelp,
    CheckItem,
    Choice,
    Complaint,
    Evidence,
    FollowUp,
    Proposal,
    ProposalOption,
    Question,
    Remedy,
    Reopening,
    StageKey,
    StageRecord,
)

BARE = {"what_happened": "", "wanted": "", "product": "", "order_number": "", "fault_note": ""}
WAITING = (Proposal.State.SENT, Proposal.State.ASKED)
UNDECIDED = (Proposal.State.DRAFT, Proposal.State.APPROVAL, *WAITING)


@registry.obstacles.add
def open_complaints(customer: Customer) -> Iterable[Obstacle]:
    """A case is ended first, and an offer answered."""
    for one in Complaint.objects.filter(customer=customer).order_by("id"):
        where = reverse("complaint", args=[one.pk])
        if one.is_open:
            yield Obstacle(
                _("The complaint %(number)s is open. Close it first.") % {"number": one.number}, where
            )
        if one.proposals.filter(state__in=WAITING).exists():
            why = _("A proposal about %(number)s waits for their choice. Withdraw it first.")
            yield Obstacle(why % {"number": one.number}, where)


@registry.going.add
def words_go(person: Person) -> Iterable[tuple[type[Model], int]]:
    """How many of each lose their words or go."""
    own = _complaints(person)
    yield Complaint, own.count()
    for model in (Evidence, Question, CheckItem):
        yield model, model._base_manager.filter(complaint__in=own).count()


@registry.staying.add
def cases_stay(person: Person) -> Iterable[str]:
    """What an auditor asks for."""
    for number in _complaints(person).order_by("id").values_list("number", flat=True):
        yield _(
            "The complaint %(number)s with its dates, stages, cause and cost, because the house has to "
            "show how it deals with complaints. What happened and all that was said of it goes."
        ) % {"number": number}


@registry.erasing.add
def erase_complaints(person: Person) -> Mapping[type[Model], int]:
    """Some of what they hold."""
    own = _complaints(person)
    _end(own, person)
    return erase_words_of(list(own.values_list("pk", flat=True)), agent_id=person.by_id)


@inbox_registry.erasing.add
def erase_calls_for_help(conversation_ids: list[int]) -> None:
    """What was said when a lead was asked in."""
    CallForHelp.objects.filter(conversation__in=conversation_ids).exclude(words="").update(words="")


def erase_words_of(ids: Collection[int], *, agent_id: int | None) -> Counts:
    """Erase a bounded piece of the words of these complaints; nothing is counted once there are none left."""
    counts: Counts = {}
    of_them = {"complaint__in": ids}
    if _erase_asked(ids, counts, agent_id) or _erase_evidence(ids, counts):
        return counts
    of_proposals = {"proposal__complaint__in": ids}
    _done = (
        take(CheckItem.objects.filter(**of_them), counts)
        or blank(Complaint.objects.filter(pk__in=ids), counts, **BARE)
        or blank(Proposal.objects.filter(**of_them), counts, text="")
        or blank(ProposalOption.objects.filter(**of_proposals), counts, text="")
        or blank(Choice.objects.filter(**of_proposals), counts, words="")
        or blank(Remedy.objects.filter(**of_them), counts, what="", proof="", note="")
        or blank(FollowUp.objects.filter(**of_them), counts, words="", why="")
        or blank(StageRecord.objects.filter(**of_them), counts, note="")
        or blank(Reopening.objects.filter(**of_them), counts, words="")
    )
    return counts


def _complaints(person: Person) -> "QuerySet[Complaint]":
    return Complaint.objects.filter(customer__in=person.numbers)


def _end(own: "QuerySet[Complaint]", person: Person) -> None:
    """Nobody can go on with what an older backup brought back open."""
    numbers = list(own.filter(closed_at=None).values_list("pk", flat=True))
    Proposal.objects.filter(complaint__in=own, state__in=UNDECIDED).update(state=Proposal.State.WITHDRAWN)
    FollowUp.objects.filter(complaint__in=own, sent_at=None, dropped_at=None).update(dropped_at=person.until)
    if numbers:
        StageRecord.objects.filter(complaint__in=numbers, left_at=None).update(left_at=person.until)
        Complaint.objects.filter(pk__in=numbers).update(stage=StageKey.CLOSED, closed_at=person.until)


def _erase_asked(ids: Collection[int], counts: Counts, agent_id: int | None) -> bool:
    """Questions to colleagues, their answers, and the mails of both."""
    asked = list(Question.objects.filter(complaint__in=ids).order_by("pk")[:100])
    if not asked:
        return False
    answers = Answer.objects.filter(question__in=asked)
    raw = list(answers.exclude(raw_mail=None).values_list("raw_mail_id", flat=True))
    add(counts, Answer, answers.count())
    take(Question.objects.filter(pk__in=[one.pk for one in asked]), counts)
    left = [one.outgoing_id for one in asked if one.outgoing_id]
    forgotten = mail.forget(raw_mails=raw, outgoing=left, agent_id=agent_id)
    add(counts, RawMail, forgotten.mails + forgotten.outgoing)
    return True


def _erase_evidence(ids: Collection[int], counts: Counts) -> bool:
    shown = Evidence.objects.filter(complaint__in=ids).order_by("pk")
    blobs = list(shown.exclude(blob=None).values_list("blob_id", flat=True))
    if not take(shown, counts):
        return False
    add(counts, Blob, mail.drop_files(blobs))
    return True
