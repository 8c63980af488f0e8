"""Some days after closing somebody asks how it went: once, at a good time, and only if it is still right."""

from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from tests.waiting import until
from tests.workers import working

from goodword.customers.models import Contact, ContactRule, Customer, CustomerAddress
from goodword.events.models import Event
from goodword.inbox import actions, jobs
from goodword.inbox.checking_in.doing import do_due
from goodword.inbox.models import CheckIn, CheckInRule, Closure, Message
from goodword.mail import outbox
from goodword.mail.actions import suppress
from goodword.mail.models import OutgoingMail, Suppression
from goodword.promises.models import Promise

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)  # a Wednesday


@pytest.fixture
def rule(db: None) -> CheckInRule:
    """Three days after closing, by mail."""
    return CheckInRule.objects.create(
        name="All", days=3, text="Hi {{customer}},\n\nis the lamp working well now? {{agent}}"
    )


def closed(conversation, agent, *, at=NOON) -> CheckIn | None:
    Customer.objects.update(time_zone="UTC")
    actions.close(conversation=conversation, agent=agent)
    Closure.objects.filter(conversation=conversation).update(at=at)
    Message.objects.filter(conversation=conversation).update(at=at - timedelta(days=1))
    CheckIn.objects.filter(conversation=conversation, state="planned").update(due_at=at + timedelta(days=3))
    return CheckIn.objects.filter(conversation=conversation).first()


def test_the_customer_is_asked_once_some_days_after_closing(rule, conversation, owner) -> None:
    planned = closed(conversation, owner)
    assert planned is not None
    assert do_due(NOON + timedelta(days=2, hours=23)) == 0
    assert do_due(NOON + timedelta(days=3)) == 1
    assert do_due(NOON + timedelta(days=4)) == 0
    planned.refresh_from_db()
    conversation.refresh_from_db()
    assert planned.state == "done"
    assert conversation.state == "closed"
    assert f"Hi {conversation.customer.name}," in planned.message.text
    assert OutgoingMail.objects.count() == 1
    assert Contact.objects.count() == 1


def test_one_that_cannot_be_done_does_not_keep_the_others_waiting(rule, conversation, other, owner) -> None:
    first, second = closed(conversation, owner), closed(other, owner, at=NOON + timedelta(hours=1))
    assert first is not None
    assert second is not None
    with connection.cursor() as cursor:
        # Something that nobody thought of, for this one alone.
        cursor.execute(
            "ALTER TABLE inbox_message ADD CONSTRAINT odd CHECK "
            f"(conversation_id <> {conversation.pk} OR kind <> 'automatic') NOT VALID"
        )
    try:
        assert do_due(NOON + timedelta(days=3, hours=2)) == 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE inbox_message DROP CONSTRAINT odd")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("planned", "done")


def test_without_a_rule_nobody_is_asked(conversation, owner) -> None:
    assert closed(conversation, owner) is None


def test_a_rule_for_other_conversations_plans_nothing(rule, conversation, owner) -> None:
    CheckInRule.objects.update(conditions={"all": [{"field": "tags", "is": ["repair"]}]})
    assert closed(conversation, owner) is None
    actions.reopen(conversation=conversation, agent=owner)
    actions.add_tag(conversation=conversation, agent=owner, name="repair")
    assert closed(conversation, owner) is not None


def test_nobody_asks_a_customer_who_wrote_meanwhile(rule, conversation, other, owner) -> None:
    planned = closed(conversation, owner)
    Message.objects.filter(conversation=other).update(at=NOON + timedelta(days=1))
    assert do_due(NOON + timedelta(days=3)) == 0
    planned.refresh_from_db()
    assert (planned.state, planned.why) == ("skipped", "The customer wrote meanwhile.")
    assert not OutgoingMail.objects.exists()


def test_nobody_asks_about_what_was_taken_up_again(rule, conversation, owner) -> None:
    planned = closed(conversation, owner)
    actions.reopen(conversation=conversation, agent=owner)
    do_due(NOON + timedelta(days=3))
    planned.refresh_from_db()
    assert planned.state == "skipped"


def test_who_is_asked_can_unsubscribe_and_is_then_asked_no_more(
    rule, conversation, other, owner, client
) -> None:
    closed(conversation, owner)
    assert do_due(NOON + timedelta(days=3)) == 1
    left = OutgoingMail.objects.get()
    assert (left.topic, left.purpose, left.lane) == ("surveys", "notice", OutgoingMail.Lane.PERSON)
    mail = message_from_bytes(bytes(left.raw))
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    page = urlsplit(mail["List-Unsubscribe"].strip("<>")).path
    assert client.post(page, {"List-Unsubscribe": "One-Click"}).status_code == 200
    Message.objects.filter(kind="automatic").update(at=NOON)
    planned = closed(other, owner, at=NOON + timedelta(days=30))
    assert do_due(NOON + timedelta(days=40)) == 0
    planned.refresh_from_db()
    assert planned.state == "skipped"
    assert "list of those who get no more mail" in planned.why
    assert OutgoingMail.objects.count() == 1


def test_a_check_in_that_is_held_back_when_it_should_leave_is_told(rule, conversation, owner) -> None:
    closed(conversation, owner)
    assert do_due(NOON + timedelta(days=3)) == 1
    suppress(address="carla@example.org", reason=Suppression.Reason.COMPLAINED)
    assert outbox.send_due() == 0
    assert OutgoingMail.objects.get().state == OutgoingMail.State.WITHDRAWN
    told = Event.objects.get(kind="message.withheld", conversation_id=conversation.pk)
    assert "as spam" in told.data["why"]
    assert "carla" not in told.data["why"]
    conversation.refresh_from_db()
    assert conversation.state == "closed"


def test_who_has_another_address_is_not_asked_at_the_one_that_gets_no_more_mail(
    rule, conversation, owner
) -> None:
    CustomerAddress.objects.create(customer=conversation.customer, address="carla@work.example")
    suppress(address="carla@example.org", reason=Suppression.Reason.BOUNCED)
    planned = closed(conversation, owner)
    assert do_due(NOON + timedelta(days=3)) == 0
    planned.refresh_from_db()
    assert (planned.state, OutgoingMail.objects.count()) == ("skipped", 0)
    assert "there is no such address" in planned.why


def test_a_check_in_that_cannot_be_written_is_no_contact(rule, conversation, owner) -> None:
    CustomerAddress.objects.create(customer=conversation.customer, address="carla@work.example")
    suppress(address="carla@example.org", reason=Suppression.Reason.BOUNCED)
    planned = closed(conversation, owner)
    assert do_due(NOON + timedelta(days=3)) == 0
    planned.refresh_from_db()
    assert (planned.state, Contact.objects.count()) == ("skipped", 0)


def test_it_waits_for_good_hours(rule, conversation, owner) -> None:
    planned = closed(conversation, owner, at=NOON + timedelta(hours=11))
    assert do_due(NOON + timedelta(days=3, hours=11)) == 0
    planned.refresh_from_db()
    # From Saturday evening over a quiet Sunday to Monday morning.
    assert planned.due_at == datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
    assert do_due(planned.due_at) == 1


def test_a_call_becomes_a_promise_of_whoever_had_the_conversation(rule, conversation, owner) -> None:
    CheckInRule.objects.update(way="call", text="Does the lamp hold?")
    actions.assign(conversation=conversation, agent=owner, to=owner)
    closed(conversation, owner)
    do_due(NOON + timedelta(days=3))
    promise = Promise.objects.get()
    assert (promise.owner_id, promise.kind) == (owner.pk, "call")
    assert "Does the lamp hold?" in promise.what


def test_the_job_asks_three_times_a_minute_and_never_waits_twice(rule, conversation, owner) -> None:
    schedules = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert schedules["inbox.check_in"] == "* * * * * */20"
    assert jobs.check_in.queueing_lock == "inbox.check_in"
    ContactRule.objects.create(quiet_from=time(0), quiet_until=time(0), quiet_weekdays=[])
    planned = closed(conversation, owner)
    CheckIn.objects.update(due_at=timezone.now())
    jobs.check_in(timestamp=0)
    planned.refresh_from_db()
    assert planned.state == "done"


def test_workers_that_are_killed_ask_each_customer_once(rule, customer, mailbox, team, owner) -> None:
    now = timezone.now() + timedelta(days=4)
    ContactRule.objects.create(quiet_from=time(0), quiet_until=time(0), quiet_weekdays=[])
    places = []
    for number in range(20):
        who = Customer.objects.create(name=f"Customer {number}", time_zone="UTC")
        who.addresses.create(address=f"c{number}@example.org")
        places.append(
            actions.open_conversation(customer=who, subject="Lamp", text="Broken.", mailbox=mailbox)
        )
    with working(do_due, count=2, at=now) as workers:
        for number, place in enumerate(places):
            actions.close(conversation=place, agent=owner)
            if number % 7 == 6:
                workers.kill_one()
        until(lambda: not CheckIn.objects.filter(state="planned").exists())
    assert CheckIn.objects.filter(state="done").count() == 20
    assert OutgoingMail.objects.count() == 20
    assert Contact.objects.count() == 20
