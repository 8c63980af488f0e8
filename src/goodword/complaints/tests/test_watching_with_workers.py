"""However many workers look after complaints, and however they end: each is told of, and asked, once."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from tests.waiting import until
from tests.workers import working

from goodword.complaints import actions, watching
from goodword.complaints.models import Complaint, FollowUp, Procedure, Proposal
from goodword.customers.models import Customer
from goodword.events.models import Event
from goodword.inbox import actions as inbox
from goodword.inbox.models import Message
from goodword.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 30
BEGUN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday


def open_many(mailbox, owner) -> list[Complaint]:
    found = []
    with time_machine.travel(BEGUN, tick=False):
        for number in range(MANY):
            customer = Customer.objects.create(name=f"Customer {number}")
            customer.addresses.create(address=f"c{number}@example.org")
            place = inbox.open_conversation(
                customer=customer, subject=str(number), text="It broke.", mailbox=mailbox
            )
            found.append(actions.open_complaint(conversation=place, agent=owner, what_happened="It broke."))
    return found


def told(kind: str) -> list[int]:
    return list(Event.objects.filter(kind=kind).values_list("conversation_id", flat=True))


@pytest.mark.parametrize(
    ("days", "kinds"),
    [
        # The final response is due ten days after opening, and warned of a week before.
        (4, ["complaint.breached", "complaint.final_due_soon"]),
        (11, ["complaint.breached", "complaint.final_breached"]),
    ],
)
def test_killed_watchers_tell_of_each_late_complaint_once(mailbox, team, owner, days, kinds) -> None:
    first = open_many(mailbox, owner)[0]
    Procedure.objects.update(final_response_days=10)
    Complaint.objects.update(final_due_at=BEGUN + timedelta(days=10))
    assert first.stage_records.get().due_at < BEGUN + timedelta(days=days)
    with working(watching.watch, at=BEGUN + timedelta(days=days)) as workers:
        for part in (1, MANY // 2, MANY + 1):
            until(lambda part=part: sum(len(told(kind)) for kind in kinds) >= part)
            workers.kill_one()
        until(lambda: all(len(told(kind)) >= MANY for kind in kinds))
    for kind in kinds:
        assert sorted(told(kind)) == sorted(Complaint.objects.values_list("conversation_id", flat=True))
    assert Event.objects.filter(kind="complaint.due_soon").count() == 0


def test_killed_workers_ask_each_customer_once_whether_all_is_well(mailbox, team, owner) -> None:
    with time_machine.travel(BEGUN, tick=False):
        for complaint in open_many(mailbox, owner):
            remedy = actions.add_remedy(
                complaint=complaint, agent=owner, kind="information", what="Told them how it works."
            )
            actions.done(remedy=remedy, agent=owner, words="By phone")
    before = OutgoingMail.objects.count()
    assert FollowUp.objects.count() == MANY
    later = BEGUN + timedelta(days=30)
    with working(actions.send_due, at=later) as workers:
        for part in (1, MANY // 3, MANY // 2):
            until(lambda part=part: FollowUp.objects.filter(sent_at=later).count() >= part)
            workers.kill_one()
        until(lambda: not FollowUp.objects.filter(sent_at=None).exists())
    assert OutgoingMail.objects.count() - before == MANY
    asked = Message.objects.filter(kind=Message.Kind.AUTOMATIC, at=later)
    assert sorted(asked.values_list("conversation_id", flat=True)) == sorted(told("complaint.followed_up"))
    assert len(set(told("complaint.followed_up"))) == MANY


def test_killed_workers_close_each_unanswered_proposal_once(mailbox, team, owner) -> None:
    with time_machine.travel(BEGUN, tick=False):
        for complaint in open_many(mailbox, owner):
            option = actions.NewOption(kind="information", text="We tell you how it works.")
            proposal = actions.save_proposal(complaint=complaint, agent=owner, options=[option])
            actions.send_proposal(proposal=proposal, agent=owner)
    with working(actions.expire_due, at=BEGUN + timedelta(days=30)) as workers:
        until(lambda: told("complaint.proposal_expired"))
        workers.kill_one()
        until(lambda: not Proposal.objects.filter(state=Proposal.State.SENT).exists())
    assert sorted(told("complaint.proposal_expired")) == sorted(
        Complaint.objects.values_list("conversation_id", flat=True)
    )
