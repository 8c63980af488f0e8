"""Rules may ask whether a conversation has a complaint, and how grave it is."""

import pytest

from goodword.complaints import actions
from goodword.inbox import actions as inbox
from goodword.inbox import conditions
from goodword.inbox.checking_in.keeping import NewCheckInRule, keep_rule
from goodword.inbox.models import CheckIn
from goodword.promises import actions as promises
from goodword.promises.models import Promise

pytestmark = pytest.mark.django_db


def fits(place, **row) -> bool:
    kept = conditions.checked({"all": [row]})
    return conditions.fits(kept, conditions.facts_of(place, only=conditions.fields_of(kept)))


def test_conditions_know_of_complaints(complaint, place, customer, mailbox):
    other = inbox.open_conversation(customer=customer, subject="Thanks", text="All is well.", mailbox=mailbox)
    assert fits(place, field="complaint", **{"is": [True]})
    assert not fits(other, field="complaint", **{"is": [True]})
    assert fits(other, field="complaint", **{"is": [False]})
    assert fits(place, field="severity", **{"is": [complaint.severity]})
    assert not fits(place, field="severity", **{"is": ["grave"]})


def test_a_check_in_can_be_for_complaints_alone(complaint, place, customer, mailbox, owner, lead):
    asks = {"all": [{"field": "complaint", "is": [True]}]}
    keep_rule(
        by=lead, given=NewCheckInRule(name="After a complaint", days=5, text="Is all well?", conditions=asks)
    )
    other = inbox.open_conversation(customer=customer, subject="Thanks", text="All is well.", mailbox=mailbox)
    for promise in Promise.objects.all():
        promises.withdraw(promise=promise, agent=lead)
    actions.close(complaint=complaint, agent=owner)
    for each in (place, other):
        inbox.close(conversation=each, agent=owner, leave_promises=True)
    assert CheckIn.objects.get().conversation == place
