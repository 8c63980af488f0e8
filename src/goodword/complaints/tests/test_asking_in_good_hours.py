"""Whether all is well after a complaint is asked by the one rule for hearing from us unasked."""

from datetime import datetime, time, timedelta
from email import message_from_bytes
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from goodword.complaints import actions
from goodword.complaints.models import FollowUp
from goodword.customers import contact
from goodword.customers.actions import consent
from goodword.customers.models import Contact, ContactRule, Customer
from goodword.inbox.models import Conversation
from goodword.mail.models import OutgoingMail

NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def planned(complaint, owner, any_hour):
    """The customer is to be asked, some days from now."""
    remedy = actions.add_remedy(complaint=complaint, agent=owner, kind="information", what="How it is sealed")
    actions.done(remedy=remedy, agent=owner, words="On the phone.")
    return complaint.follow_ups.get()


def test_it_waits_for_good_hours_where_the_customer_lives(planned, complaint):
    ContactRule.objects.update(quiet_from=time(20), quiet_until=time(8), quiet_weekdays=[6])
    Customer.objects.update(time_zone="America/New_York")
    saturday = datetime(2026, 11, 28, 21, 30, tzinfo=NEW_YORK)
    complaint.follow_ups.update(due_at=saturday)
    before = OutgoingMail.objects.count()
    actions.send_due(saturday)
    planned.refresh_from_db()
    monday = datetime(2026, 11, 30, 8, 0, tzinfo=NEW_YORK)
    assert (planned.sent_at, planned.dropped_at, planned.due_at) == (None, None, monday)
    actions.send_due(monday - timedelta(minutes=1))
    assert (OutgoingMail.objects.count(), Contact.objects.count()) == (before, 0)
    actions.send_due(monday)
    planned.refresh_from_db()
    assert planned.sent_at == monday
    assert OutgoingMail.objects.count() == before + 1


def test_it_counts_and_waits_with_every_other_contact(planned, customer):
    first = planned.due_at - timedelta(days=10)
    for days in range(2):
        contact.claim(customer, about="surveys", what="Survey", at=first + timedelta(days=days))
    actions.send_due(planned.due_at)
    planned.refresh_from_db()
    assert (planned.sent_at, planned.due_at) == (None, first + timedelta(days=14))
    actions.send_due(planned.due_at)
    planned.refresh_from_db()
    assert planned.sent_at == planned.due_at
    assert Contact.objects.latest("at").what == "Follow-up of a complaint"
    assert not contact.may_contact(customer, about="service", at=planned.due_at).allowed


def test_who_is_asked_can_unsubscribe_and_is_then_asked_no_more(planned, complaint, client):
    actions.send_due(planned.due_at)
    left = OutgoingMail.objects.latest("id")
    assert (left.topic, left.purpose) == ("surveys", "notice")
    page = urlsplit(message_from_bytes(bytes(left.raw))["List-Unsubscribe"].strip("<>")).path
    assert client.post(page, {"List-Unsubscribe": "One-Click"}).status_code == 200
    again = FollowUp.objects.create(complaint=complaint, due_at=planned.due_at + timedelta(days=30))
    actions.send_due(again.due_at)
    again.refresh_from_db()
    assert again.sent_at is None
    assert "no more mail" in again.why


def test_who_said_no_to_surveys_is_not_asked(planned, customer, owner):
    consent(customer=customer, purpose="surveys", given=False, how="by phone", agent=owner)
    before = OutgoingMail.objects.count()
    actions.send_due(planned.due_at)
    planned.refresh_from_db()
    assert (planned.sent_at, OutgoingMail.objects.count()) == (None, before)
    assert planned.why


def test_a_house_that_contacts_nobody_unasked_does_not_ask_and_says_why(planned):
    ContactRule.objects.update(most=0)
    actions.send_due(planned.due_at)
    planned.refresh_from_db()
    assert planned.sent_at is None
    assert "contacted 0 times in the last 14 days" in planned.why


def test_a_mail_that_cannot_be_written_is_no_contact(planned, mailbox):
    Conversation.objects.update(mailbox=None)
    mailbox.delete()
    actions.send_due(planned.due_at)
    planned.refresh_from_db()
    assert planned.sent_at is None
    assert planned.why
    assert not Contact.objects.exists()
