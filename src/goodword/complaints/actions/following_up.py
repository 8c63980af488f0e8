"""Asking the customer some days after the remedy whether all is well."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from goodword.customers import contact
from goodword.inbox import actions as inbox
from goodword.inbox.errors import NotPossible
from goodword.inbox.models import Message
from goodword.kit.jobs import nudge_at

from .. import access, jobs
from ..letters import follow_up_letter
from ..models import Complaint, FollowUp, Remedy, StageKey
from ..remedies import UNAGREED, UNSETTLED
from ..telling import clean, tell
from .stages import advance, reopen

WORDS_LENGTH = 5_000
# A purpose of contacts and a topic of mail: who unsubscribes from it is asked no more.
ABOUT = "surveys"
REOPENED = gettext_noop("The complaint was reopened.")
UNDONE = gettext_noop("Something is still to be done.")
WROTE = gettext_noop("The customer wrote meanwhile.")
WHY_LENGTH = 200


def plan_follow_up(complaint: Complaint, *, since: datetime) -> FollowUp:
    """Ask so many days from now, by the procedure; one that waits already is put off to then."""
    due_at = since + timedelta(days=complaint.procedure.follow_up_days)
    # Locked, as a worker may be asking at this moment; then it is no longer one that waits.
    open_ones = complaint.follow_ups.select_for_update().filter(sent_at=None, dropped_at=None)
    waiting = open_ones.order_by("-id").first()
    planned = waiting or FollowUp(complaint=complaint)
    planned.due_at, planned.since = due_at, since
    planned.save()
    nudge_at(jobs.settle_now, due_at)
    return planned


def send_due(now: datetime | None = None) -> int:
    """Ask those whose time has come, each once, however many workers do; returns how many were looked at.

    Its complaint and the row are locked, the mail queued and the row marked in one transaction: a worker that
    is killed leaves it for the next one, and nothing is asked twice. A complaint that somebody works on is
    left for the next look. Who may not be contacted at this moment is asked when they may: it counts, as
    every contact that nobody asked for (`customers.contact`).
    """
    now = now or timezone.now()
    looked = 0
    while True:
        with transaction.atomic():
            due = _due(now).select_related("complaint")
            free = due.select_for_update(skip_locked=True, no_key=True, of=("complaint",))
            found = free.order_by("due_at", "id").first()
            if found is None:
                return looked
            # Whoever held the complaint until now may have put it off, or asked.
            rows = _due(now).select_for_update(of=("self",))
            known = rows.select_related(
                "complaint__conversation", "complaint__procedure", "complaint__customer"
            )
            follow_up = known.filter(pk=found.pk).first()
            if follow_up is not None:
                _ask(follow_up, now)
                looked += 1


@transaction.atomic
def answer_follow_up(
    *, follow_up: FollowUp, is_content: bool, words: str = "", at: datetime | None = None
) -> FollowUp:
    """The customer says whether all is well; where it is not, the case opens again with their words.

    Saying the same again changes nothing. Who was content may say later that it is not so any more; who was
    not is in good hands already, and what they add goes into the conversation.
    """
    now = at or timezone.now()
    complaint = access.locked(None, follow_up.complaint_id)
    found = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    said = clean(words, WORDS_LENGTH)
    if found.answered_at is not None and (found.is_content == is_content and said in ("", found.words)):
        return found
    if found.answered_at is not None and found.is_content is False:
        if said and said != found.words:
            inbox.hear(conversation=access.place_of(complaint), text=said, at=now)
            found.words = f"{found.words}\n\n{said}".strip()
            found.save(update_fields=["words"])
        return found
    found.answered_at, found.is_content, found.words = now, is_content, said
    found.save(update_fields=["answered_at", "is_content", "words"])
    kind = "complaint.all_well" if is_content else "complaint.not_well"
    tell(kind, complaint, agent=None, follow_up=found.pk, note=said[:500], owner=complaint.owner_id)
    if is_content:
        advance(complaint=complaint, agent=None, to=StageKey.FOLLOWED_UP, at=now)
        return found
    reopen(complaint=complaint, agent=None, words=said, at=now)
    not_yet = gettext("Not all is well yet.")
    heard = f"{not_yet}\n\n{said}" if said else not_yet
    inbox.hear(conversation=access.place_of(complaint), text=heard, at=now)
    return found


def _due(now: datetime) -> "QuerySet[FollowUp]":
    return FollowUp.objects.filter(sent_at=None, dropped_at=None, due_at__lte=now)


def _ask(follow_up: FollowUp, now: datetime) -> None:
    """Ask, or leave it with the reason, or put it off to when the customer may hear from us unasked."""
    why, leave = _against(follow_up), contact.ALLOWED
    if not why:
        try:
            leave = _write(follow_up, now)
        except NotPossible as error:
            why = str(error)[:WHY_LENGTH]
    if not leave.allowed and leave.not_before is not None:
        follow_up.due_at = leave.not_before
        follow_up.save(update_fields=["due_at"])
        nudge_at(jobs.settle_now, leave.not_before)
        return
    why = why or leave.why[:WHY_LENGTH]
    if why:
        follow_up.dropped_at, follow_up.why = now, why
        follow_up.save(update_fields=["dropped_at", "why"])
        tell("complaint.not_asked", follow_up.complaint, agent=None, follow_up=follow_up.pk, why=why)
        return
    follow_up.sent_at = now
    follow_up.save(update_fields=["sent_at"])
    tell("complaint.followed_up", follow_up.complaint, agent=None, follow_up=follow_up.pk)


@transaction.atomic
def _write(follow_up: FollowUp, now: datetime) -> contact.Leave:
    """Write to the customer, which counts; nothing is done where they may not be contacted now.

    Raises NotPossible where no mail reaches them. The conversation is locked first, the customer last.
    """
    place = access.place_of(follow_up.complaint)
    letter = follow_up_letter(follow_up, _remedied(follow_up))
    inbox.confirm(conversation=place, markdown=letter, at=now, topic=ABOUT)
    what = gettext("Follow-up of a complaint")
    leave = contact.claim(follow_up.complaint.customer, about=ABOUT, what=what, at=now)
    if not leave.allowed:
        transaction.set_rollback(True)
    return leave


def _against(follow_up: FollowUp) -> str:
    """Why the customer is not to be asked; '' when nothing speaks against it."""
    complaint = follow_up.complaint
    if complaint.reopenings.filter(at__gt=follow_up.since).exists():
        return REOPENED
    if complaint.remedies.filter(UNSETTLED).exists():
        return UNDONE
    places = [access.place_of(complaint).pk, *complaint.further.values_list("conversation_id", flat=True)]
    wrote = Message.objects.filter(
        kind=Message.Kind.CUSTOMER, conversation__in=places, at__gt=follow_up.since
    ).exists()
    return WROTE if wrote else ""


def _remedied(follow_up: FollowUp) -> list[Remedy]:
    return list(
        follow_up.complaint.remedies.exclude(state__in=[Remedy.State.FAILED, *UNAGREED]).order_by("id")
    )
