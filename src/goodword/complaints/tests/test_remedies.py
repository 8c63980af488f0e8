"""Remedies: a promise behind each, tracked to proof, and the customer asked some days later."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from goodword.complaints import actions
from goodword.complaints.actions import NewOption
from goodword.complaints.errors import ComplaintError
from goodword.complaints.models import Remedy
from goodword.complaints.queries.choosing import remedies_shown
from goodword.events.models import Event
from goodword.goodwill import actions as goodwill
from goodword.goodwill.models import Gesture
from goodword.inbox import actions as inbox
from goodword.inbox.models import Mention, Message
from goodword.mail.actions import suppress
from goodword.mail.models import OutgoingMail, Suppression
from goodword.promises.models import Promise
from goodword.staff.models import AuthorityLevel, Shift

State = Remedy.State
Kind = Message.Kind


@pytest.fixture
def offer(complaint, owner):
    """What the customer can choose from."""
    owner.authority = AuthorityLevel.objects.create(name="Agent", rank=1, per_gesture=50, per_month=100)
    owner.save()
    options = [
        NewOption("replacement", "A new kettle", Decimal("12")),
        NewOption("refund", "Your money back", Decimal("30"), Decimal("30")),
        NewOption("voucher", "A voucher of 20", Decimal("20"), Decimal("20")),
        NewOption("information", "How the seal is changed"),
    ]
    proposal = actions.save_proposal(complaint=complaint, agent=owner, options=options)
    return actions.send_proposal(proposal=proposal, agent=owner)


def chosen(offer, kind):
    actions.choose(proposal=offer, option=offer.options.get(kind=kind))
    return Remedy.objects.get(option__proposal=offer)


def test_a_choice_makes_a_remedy_with_a_promise_behind_it(offer, complaint, owner):
    remedy = chosen(offer, "replacement")
    complaint.refresh_from_db()
    assert complaint.stage == "agreed"
    promise = remedy.promise
    assert promise.is_open
    assert promise.owner == owner
    assert promise.source == Promise.Source.SYSTEM
    assert complaint.number in promise.what
    assert promise.whole_day
    assert promise.place.conversation == complaint.conversation


def test_a_remedy_is_due_by_working_days(complaint, owner):
    for day in range(5):
        Shift.objects.create(weekday=day, opens="09:00", closes="17:00")
    friday = timezone.make_aware(timezone.datetime(2026, 11, 20, 10))
    with time_machine.travel(friday, tick=False):
        remedy = actions.add_remedy(complaint=complaint, agent=owner, kind="replacement", what="A new kettle")
    assert timezone.localtime(remedy.promise.due_at).date().isoformat() == "2026-11-25"


def test_what_the_customer_chose_stands_in_the_ledger_of_gestures(offer, owner):
    chosen(offer, "refund")
    gesture = Gesture.objects.get()
    assert (gesture.kind, gesture.amount, gesture.agent) == ("refund", Decimal("30"), owner)


def test_a_choice_holds_even_where_the_budget_is_used_up_meanwhile(offer, owner):
    goodwill.set_budget(by=None, team=None, month=timezone.localdate(), amount=Decimal("1"))
    remedy = chosen(offer, "refund")
    assert remedy.state == State.OPEN
    assert not Gesture.objects.exists()
    assert "budget" in Event.objects.get(kind="complaint.not_booked").data["note"]


def test_the_customer_is_told_of_their_choice_by_mail(offer, complaint):
    chosen(offer, "refund")
    told = complaint.conversation.messages.get(kind=Kind.AUTOMATIC)
    assert "you chose: Your money back" in told.text
    assert "/yours/choice/" in told.text


def test_a_replacement_is_proven_by_its_delivery(offer, complaint, owner):
    remedy = chosen(offer, "replacement")
    actions.ship(remedy=remedy, agent=owner, tracking=" JD0146 ")
    remedy.refresh_from_db()
    assert (remedy.state, remedy.proof, remedy.promise.state) == (State.UNDER_WAY, "JD0146", "open")
    actions.delivered(remedy=remedy, agent=owner)
    remedy.refresh_from_db()
    complaint.refresh_from_db()
    assert (remedy.state, remedy.promise.state, complaint.stage) == (State.DONE, "kept", "remedied")
    assert remedy.proven_by == owner
    assert "JD0146" in str(remedy.promise.outcomes.values().latest("id"))


def test_a_refund_is_proven_by_its_reference_once(offer, complaint, owner):
    remedy = chosen(offer, "refund")
    actions.refunded(remedy=remedy, agent=owner, reference="RF-1")
    actions.refunded(remedy=remedy, agent=owner, reference="RF-1")
    assert Event.objects.filter(kind="complaint.remedy_done").count() == 1
    with pytest.raises(ComplaintError, match="proven already"):
        actions.refunded(remedy=remedy, agent=owner, reference="RF-2")


def test_a_voucher_gets_its_code_at_once_and_is_proven_when_it_is_used(offer, complaint, owner):
    remedy = chosen(offer, "voucher")
    assert remedy.state == State.UNDER_WAY
    assert remedy.promise.state == "kept"
    complaint.refresh_from_db()
    assert complaint.stage == "remedied"
    goodwill.redeem(code=remedy.proof, reference="order 9")
    remedy.refresh_from_db()
    assert remedy.state == State.DONE


def test_a_voucher_that_is_taken_back_is_no_remedy_any_more(offer, complaint, owner):
    remedy = chosen(offer, "voucher")
    goodwill.reverse(gesture=Gesture.objects.get(), by=owner, reason="The wrong customer.")
    remedy.refresh_from_db()
    assert (remedy.state, remedy.note) == (State.FAILED, "The wrong customer.")
    assert remedy.promise.state == "broken"
    assert not remedies_shown(complaint)[0].code


@pytest.mark.parametrize(
    ("verb", "words", "sentence"),
    [
        (actions.ship, {"tracking": " "}, "Which tracking number"),
        (actions.refunded, {"reference": ""}, "Which reference"),
        (actions.done, {"words": ""}, "How is it known"),
        (actions.delivered, {}, "no tracking number yet"),
        (actions.redeemed, {}, "No code was given"),
        (actions.fail, {"why": ""}, "Say why"),
    ],
)
def test_a_remedy_without_proof_is_none(offer, owner, verb, words, sentence):
    with pytest.raises(ComplaintError, match=sentence):
        verb(remedy=chosen(offer, "replacement"), agent=owner, **words)


def test_a_remedy_that_fails_breaks_its_promise_and_tells_the_owner(offer, complaint, owner):
    remedy = chosen(offer, "replacement")
    actions.fail(remedy=remedy, agent=owner, why="Sold out for good")
    actions.fail(remedy=remedy, agent=owner, why="Sold out for good")
    remedy.refresh_from_db()
    assert (remedy.state, remedy.promise.state) == (State.FAILED, "broken")
    event = Event.objects.get(kind="complaint.remedy_failed")
    assert event.data["owner"] == owner.pk
    named = Mention.objects.filter(agent=owner, message__text__contains="failed")
    assert not named.exists(), "she said so herself"
    with pytest.raises(ComplaintError, match="Take it up again"):
        actions.ship(remedy=remedy, agent=owner, tracking="X1")
    actions.take_up_again(remedy=remedy, agent=owner)
    remedy.refresh_from_db()
    assert (remedy.state, remedy.promise.state) == (State.OPEN, "open")


def test_the_owner_hears_of_a_failure_that_a_program_tells_and_of_a_choice(offer, complaint, owner):
    remedy = chosen(offer, "replacement")
    actions.fail(remedy=remedy, agent=None, why="Lost on its way")
    said = [one.message.text for one in Mention.objects.filter(agent=owner).order_by("id")]
    assert "chose" in said[0]
    assert "failed" in said[1]


@pytest.mark.django_db(transaction=True)
def test_any_number_of_workers_ask_the_customer_once(remedied, complaint):
    ready = threading.Barrier(6)

    def work() -> None:
        ready.wait()
        try:
            actions.send_due(remedied.due_at)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    asked = complaint.conversation.messages.filter(kind=Kind.AUTOMATIC, text__contains="Is all well now?")
    assert asked.count() == 1
    assert Event.objects.filter(kind="complaint.followed_up").count() == 1


def test_a_case_is_not_closed_before_its_remedies_are_proven(offer, complaint, owner):
    remedy = chosen(offer, "replacement")
    with pytest.raises(ComplaintError, match="not proven yet"):
        actions.close(complaint=complaint, agent=owner)
    actions.done(remedy=remedy, agent=owner, words="Handed over at the counter")
    actions.close(complaint=complaint, agent=owner)


def test_a_stranger_proves_nothing(offer, stranger):
    remedy = chosen(offer, "refund")
    with pytest.raises(Remedy.complaint.field.related_model.DoesNotExist):
        actions.refunded(remedy=remedy, agent=stranger, reference="RF-1")


@pytest.fixture
def remedied(offer, complaint, owner, any_hour):
    """A complaint that was put right a moment ago, by a house that asks at any hour."""
    actions.refunded(remedy=chosen(offer, "refund"), agent=owner, reference="RF-1")
    return complaint.follow_ups.get()


def test_the_customer_is_asked_some_days_later_and_once(remedied, complaint):
    assert remedied.due_at - timezone.now() > timedelta(days=4)
    assert actions.send_due(remedied.due_at - timedelta(seconds=1)) == 0
    before = OutgoingMail.objects.count()
    actions.send_due(remedied.due_at)
    actions.send_due(remedied.due_at + timedelta(days=1))
    assert OutgoingMail.objects.count() == before + 1
    mail = complaint.conversation.messages.filter(kind=Kind.AUTOMATIC).latest("id").text
    assert "?all=well" in mail
    assert "?all=not-yet" in mail


def test_a_customer_who_wrote_meanwhile_is_not_asked(remedied, complaint):
    inbox.hear(conversation=complaint.conversation, text="By the way, how do I descale it?")
    actions.send_due(remedied.due_at)
    remedied.refresh_from_db()
    assert remedied.sent_at is None
    assert "wrote" in remedied.why


def test_a_reopened_case_is_not_asked_about(remedied, complaint, owner):
    actions.reopen(complaint=complaint, agent=owner, words="She called: nothing arrived.")
    actions.send_due(remedied.due_at)
    remedied.refresh_from_db()
    assert remedied.sent_at is None
    assert "reopened" in remedied.why


def test_a_content_customer_ends_it_and_may_say_later_that_it_is_not_well(remedied, complaint):
    actions.send_due(remedied.due_at)
    actions.answer_follow_up(follow_up=remedied, is_content=True)
    complaint.refresh_from_db()
    assert complaint.stage == "followed_up"
    actions.answer_follow_up(follow_up=remedied, is_content=False, words="It leaks again.")
    complaint.refresh_from_db()
    assert complaint.stage == "investigating"


def test_not_yet_opens_a_closed_case_again_with_the_words(remedied, complaint, owner):
    actions.send_due(remedied.due_at)
    actions.close(complaint=complaint, agent=owner)
    for _twice in range(2):
        actions.answer_follow_up(follow_up=remedied, is_content=False, words="Nothing arrived.")
    complaint.refresh_from_db()
    assert complaint.is_open
    assert complaint.reopenings.get().words == "Nothing arrived."
    said = complaint.conversation.messages.filter(kind=Kind.CUSTOMER, text__contains="Nothing arrived.")
    assert said.count() == 1
    place = complaint.conversation
    place.refresh_from_db()
    assert place.waiting_since is not None


def test_who_gets_no_more_mail_is_not_asked_and_the_case_says_why(remedied, complaint):
    suppress(address="carla@example.org", reason=Suppression.Reason.COMPLAINED)
    before = OutgoingMail.objects.count()
    actions.send_due(remedied.due_at)
    remedied.refresh_from_db()
    assert OutgoingMail.objects.count() == before
    assert remedied.sent_at is None
    assert "they reported a mail of ours as spam" in remedied.why
    assert "as spam" in Event.objects.get(kind="complaint.not_asked").data["why"]


def test_a_letter_that_is_not_sent_is_told_with_its_reason(offer, complaint):
    suppress(address="carla@example.org", reason=Suppression.Reason.BOUNCED)
    before = OutgoingMail.objects.count()
    chosen(offer, "replacement")
    assert OutgoingMail.objects.count() == before
    assert "no such address" in Event.objects.get(kind="complaint.letter_unsent").data["why"]
