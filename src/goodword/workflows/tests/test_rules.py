"""What happens by itself: once for each event, never in circles, and with a log of why."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
import time_machine
from django.utils import timezone
from tests.waiting import until
from tests.workers import working

from goodword.events.models import Event
from goodword.inbox import actions as inbox
from goodword.inbox.errors import NotPossible
from goodword.inbox.models import Closure, Conversation, Draft, Message, SavedReply
from goodword.mail import actions as mail
from goodword.mail.intake import turn_waiting
from goodword.mail.models import OutgoingMail, Suppression
from goodword.staff.access import NotAllowed
from goodword.workflows import actions, queries, running
from goodword.workflows.errors import RuleError
from goodword.workflows.models import Firing, Rule

pytestmark = pytest.mark.django_db(transaction=True)
TAG = {"do": "tag", "text": "seen"}


def tags(place: Conversation) -> list[str]:
    return sorted(place.tags.values_list("name", flat=True))


def open_one(customer, mailbox, text="Where is my parcel?") -> Conversation:
    return inbox.open_conversation(customer=customer, subject="Parcel", text=text, mailbox=mailbox)


def test_a_rule_does_its_actions_when_its_event_happens(make, customer, mailbox, team) -> None:
    rule = make(TAG, {"do": "priority", "priority": "high"}, event="conversation.opened")
    place = open_one(customer, mailbox)
    assert running.run_events() == 1
    place.refresh_from_db()
    assert tags(place) == ["seen"]
    assert place.priority == "high"
    fired = Firing.objects.get(rule=rule)
    assert fired.result == "done"
    assert len(fired.did) == 2
    assert Event.objects.filter(kind="rule.fired", conversation_id=place.pk).count() == 1


def test_an_event_is_answered_once_however_often_the_log_is_read(make, customer, mailbox, team) -> None:
    make(TAG, event="conversation.opened")
    open_one(customer, mailbox)
    assert running.run_events() == 1
    assert running.run_events() == 0
    assert Firing.objects.count() == 1


def test_a_rule_whose_conditions_do_not_hold_does_nothing(make, customer, mailbox, team) -> None:
    make(
        TAG,
        event="conversation.opened",
        conditions={"all": [{"field": "words", "has": ["refund"]}]},
    )
    other, wanted = open_one(customer, mailbox), open_one(customer, mailbox, text="I want a refund.")
    running.run_events()
    assert tags(other) == []
    assert tags(wanted) == ["seen"]


def test_what_happened_before_a_rule_is_not_its_business(make, place) -> None:
    make(TAG, event="conversation.opened")
    assert running.run_events() == 0
    assert tags(place) == []


def test_a_rule_that_is_off_does_nothing_and_makes_up_for_nothing(
    make, lead, customer, mailbox, team
) -> None:
    rule = make(TAG, event="conversation.opened")
    actions.switch(by=lead, rule=rule, on=False)
    place = open_one(customer, mailbox)
    running.run_events()
    actions.switch(by=lead, rule=rule, on=True)
    assert running.run_events() == 0
    assert tags(place) == []


def test_rules_that_lead_to_each_other_stop_after_three(make, place) -> None:
    make({"do": "untag", "text": "ping"}, {"do": "tag", "text": "ping"}, event="conversation.tagged")
    inbox.add_tag(conversation=place, agent=None, name="ping")
    assert running.run_events() == 3
    held = Firing.objects.get(result="held")
    assert held.depth == 4
    assert "in a row" in held.did[0]
    assert Event.objects.filter(kind="rule.held", conversation_id=place.pk).exists()


def test_a_rule_that_fires_all_the_time_is_held_back(make, place, owner) -> None:
    make({"do": "note", "text": "Again."}, event="conversation.tagged")
    for number in range(running.MOST_AN_HOUR + 2):
        inbox.add_tag(conversation=place, agent=None, name=f"word {number}")
    running.run_events()
    assert Firing.objects.filter(result="done").count() == running.MOST_AN_HOUR
    assert Firing.objects.filter(result="held").count() == 2


def test_an_action_that_cannot_be_done_says_why_and_the_others_are_done(make, place, owner) -> None:
    saved = SavedReply.objects.create(name="Thanks", markdown="Hi {{customer}}, thank you.")
    make({"do": "draft", "saved_reply": saved.pk}, TAG, event="conversation.reopened")
    inbox.close(conversation=place, agent=None)
    inbox.reopen(conversation=place, agent=None)
    running.run_events()
    fired = Firing.objects.get()
    assert fired.result == "failed"
    assert "nobody to draft" in fired.did[0]
    assert "seen" in tags(place)


def test_a_draft_is_written_for_whoever_has_the_conversation(make, place, owner) -> None:
    inbox.assign(conversation=place, agent=None, to=owner)
    saved = SavedReply.objects.create(name="Thanks", markdown="Hi {{customer}}, thank you.")
    make({"do": "draft", "saved_reply": saved.pk}, event="conversation.tagged")
    inbox.add_tag(conversation=place, agent=None, name="go")
    running.run_events()
    draft = Draft.objects.get(conversation=place, agent=owner)
    assert draft.markdown == f"Hi {place.customer.name}, thank you."


def test_a_reply_that_the_coach_would_stop_is_not_sent(make, place) -> None:
    kind = SavedReply.objects.create(
        name="Got it",
        markdown="Hi {{customer}},\n\nthank you for telling us. Olga will write to you by Friday.",
    )
    rude = SavedReply.objects.create(
        name="Rude", markdown="Calm down. As I already said, this is your own fault."
    )
    make({"do": "send", "saved_reply": kind.pk}, event="conversation.tagged",
         conditions={"all": [{"field": "tags", "is": ["kind"]}]})  # fmt: skip
    make({"do": "send", "saved_reply": rude.pk}, event="conversation.tagged",
         conditions={"all": [{"field": "tags", "is": ["rude"]}]})  # fmt: skip
    inbox.add_tag(conversation=place, agent=None, name="rude")
    running.run_events()
    assert not place.messages.filter(kind=Message.Kind.REPLY).exists()
    assert "did not send" in place.messages.get(kind=Message.Kind.NOTE).text
    inbox.remove_tag(conversation=place, agent=None, name="rude")
    inbox.add_tag(conversation=place, agent=None, name="kind")
    running.run_events()
    assert place.messages.filter(kind=Message.Kind.REPLY).count() == 1


def test_a_conversation_that_waits_too_long_is_taken_care_of_once(make, place) -> None:
    make(TAG, {"do": "note", "text": "Nobody has answered for a day."}, state="waiting", hours=24)
    now = place.waiting_since + timedelta(hours=23)
    assert running.run_lasting(now) == 0
    assert running.run_lasting(now + timedelta(hours=2)) == 1
    assert running.run_lasting(now + timedelta(hours=30)) == 0
    assert place.messages.filter(kind=Message.Kind.NOTE).count() == 1


def test_machines_are_not_answered(make, mailbox, team) -> None:
    make(TAG, event="message.received")
    make(TAG, event="conversation.opened")
    away = EmailMessage()
    away["From"], away["To"], away["Subject"] = "carla@example.org", "care@desk.example", "Away"
    away["Message-ID"], away["Auto-Submitted"] = "<away@example.org>", "auto-replied"
    away.set_content("I am away until Monday.")
    mail.accept(raw=bytes(away), source="test", nudged=False)
    assert turn_waiting().messages == 1
    assert running.run_events() == 0
    assert not Firing.objects.exists()


def test_what_the_undoing_of_a_merge_closes_again_is_not_closed_anew(make, place, customer, mailbox) -> None:
    closed = open_one(customer, mailbox)
    inbox.close(conversation=closed, agent=None)
    make({"do": "note", "text": "Closed."}, event="conversation.closed")
    merged = inbox.merge(source=place, target=closed, agent=None)
    inbox.undo_merge(merge=merged, agent=None)
    assert running.run_events() == 0


def test_a_customer_who_does_not_answer_is_reminded_once(make, place, owner) -> None:
    saved = SavedReply.objects.create(name="Still there", markdown="Hi {{customer}}, did the lamp arrive?")
    make({"do": "send", "saved_reply": saved.pk}, state="answered", hours=24)
    make({"do": "note", "text": "Silence."}, state="answered", hours=48)
    inbox.reply(conversation=place, agent=owner, markdown="A new lamp is on its way.")
    now = timezone.now()
    fired = [running.run_lasting(now + timedelta(hours=hours)) for hours in (25, 50, 75, 100, 400)]
    assert sum(fired) == 2
    assert place.messages.filter(kind=Message.Kind.REPLY).count() == 2
    inbox.hear(conversation=place, text="It did not.")
    inbox.reply(conversation=place, agent=owner, markdown="Another one is on its way.")
    assert running.run_lasting(timezone.now() + timedelta(hours=25)) == 1


def test_what_another_rule_notes_is_no_new_silence(make, place, owner) -> None:
    make({"do": "note", "text": "Silence."}, state="answered", hours=48)
    make({"do": "note", "text": "Look at this."}, event="conversation.tagged")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        inbox.reply(conversation=place, agent=owner, markdown="A new lamp is on its way.")
        fired = 0
        for hours in range(1, 150):
            clock.shift(timedelta(hours=1))
            if hours in (24, 60):
                inbox.add_tag(conversation=place, agent=None, name=f"after {hours}")
            fired += running.run_lasting()
            running.run_events()
            assert fired == (hours >= 48)


def test_only_what_was_closed_since_the_rule_began_counts(make, place, owner) -> None:
    inbox.close(conversation=place, agent=owner)
    Closure.objects.update(at=timezone.now() - timedelta(days=400))
    make(TAG, state="closed", hours=24)
    assert running.run_lasting() == 0
    inbox.reopen(conversation=place, agent=owner)
    inbox.close(conversation=place, agent=owner)
    assert running.run_lasting(timezone.now() + timedelta(hours=25)) == 1


def test_a_look_at_long_states_goes_on_where_it_ended(make, customer, mailbox, team, monkeypatch) -> None:
    monkeypatch.setattr(running, "LASTING_AT_ONCE", 2)
    make(TAG, state="waiting", hours=1, conditions={"all": [{"field": "words", "has": ["refund"]}]})
    for _number in range(4):
        open_one(customer, mailbox)
    wanted = open_one(customer, mailbox, text="A refund please.")
    later = timezone.now() + timedelta(hours=2)
    assert [running.run_lasting(later) for _look in range(3)] == [0, 0, 1]
    assert tags(wanted) == ["seen"]


def test_a_dry_run_says_what_would_have_happened_and_does_nothing(make, lead, stranger, place) -> None:
    rule = make(TAG, event="conversation.opened")
    would = queries.dry_run(lead, rule)
    assert (would.times, would.is_all) == (1, True)
    assert [row.pk for row, _at in would.rows] == [place.pk]
    assert tags(place) == []
    assert queries.dry_run(stranger, rule).times == 0


def test_a_stranger_sees_nothing_of_what_fired(make, lead, stranger, customer, mailbox, team) -> None:
    make(TAG, event="conversation.opened")
    open_one(customer, mailbox)
    running.run_events()
    assert len(queries.log(lead)) == 1
    assert queries.log(stranger) == []


def test_only_leads_keep_rules(owner) -> None:
    with pytest.raises(NotAllowed):
        actions.keep_rule(
            by=owner, given=actions.NewRule(name="Mine", event="conversation.opened", actions=[TAG])
        )


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"event": "conversation.opened", "actions": []}, "at least one action"),
        ({"event": "no.such", "actions": [TAG]}, "'no.such' is nothing that rules hear of"),
        ({"actions": [TAG]}, "Choose either"),
        ({"state": "waiting", "actions": [TAG]}, "how many hours"),
        ({"event": "conversation.opened", "actions": [{"do": "fly"}]}, "'fly' is no action"),
        (
            {"event": "conversation.opened", "actions": [{"do": "assign", "agent": "999999"}]},
            "gone meanwhile",
        ),
        ({"event": "conversation.opened", "actions": [{"do": "snooze", "hours": "soon"}]}, "not 'soon'"),
        ({"event": "conversation.opened", "actions": [TAG], "name": " "}, "Give the rule a name"),
    ],
)
def test_a_rule_that_cannot_work_is_refused_with_a_sentence(lead, given, says) -> None:
    with pytest.raises((RuleError, NotPossible), match=says):
        actions.keep_rule(by=lead, given=actions.NewRule(**({"name": "A rule"} | given)))
    assert not Rule.objects.exists()


def test_rules_are_asked_in_their_order(make, lead) -> None:
    first, second = make(TAG, event="conversation.opened"), make(TAG, event="conversation.closed")
    actions.move(by=lead, rule=second, up=True)
    assert [rule.pk for rule in queries.rules()] == [second.pk, first.pk]
    actions.remove(by=lead, rule=first)
    actions.move(by=lead, rule=first, up=True)
    assert [rule.pk for rule in queries.rules()] == [second.pk]


def test_several_workers_that_are_killed_answer_each_event_once(make, customer, mailbox, team) -> None:
    rule = make({"do": "note", "text": "Seen by a rule."}, event="conversation.opened")
    with working(running.run_events, count=2) as workers:
        for number in range(30):
            open_one(customer, mailbox)
            if number % 10 == 9:
                workers.kill_one()
        until(lambda: Firing.objects.filter(rule=rule).count() >= 30)
    running.run_events()
    assert Firing.objects.filter(rule=rule, result="done").count() == 30
    assert Message.objects.filter(kind=Message.Kind.NOTE).count() == 30


def bring(text: str = "Where is it?", **fields: str) -> Conversation:
    """A customer's mail with somebody in copy."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "carla@example.org", "care@desk.example", "A lamp"
    letter["Message-ID"] = f"<{abs(hash(text))}@example.org>"
    for name, value in fields.items():
        del letter[name]
        letter[name.replace("_", "-")] = value
    letter.set_content(text)
    mail.accept(raw=bytes(letter), source="test", nudged=False)
    turn_waiting()
    return Conversation.objects.latest("id")


def sends(make) -> None:
    saved = SavedReply.objects.create(name="Got it", markdown="We have your mail and will look into it.")
    make({"do": "send", "saved_reply": saved.pk}, event="message.received")


def test_what_a_rule_sends_goes_to_whoever_asked_and_to_nobody_in_copy(make, mailbox, team) -> None:
    sends(make)
    bring(Cc="ben@example.net", Reply_To="carla@example.org, dora@example.org")
    assert running.run_events() == 1
    left = OutgoingMail.objects.get()
    assert left.recipients == ["carla@example.org"]
    assert b"ben@example.net" not in bytes(left.raw)
    assert b"\r\nAuto-Submitted: auto-replied\r\n" in bytes(left.raw)


def test_a_rule_answers_who_filled_in_a_form(make, mailbox, team) -> None:
    sends(make)
    bring("A form of another house.", From="forms@forms.example", Reply_To="dora@example.org")
    bring("Nobody reads it.", From="noreply@forms.example", Reply_To="eva@example.org")
    bring(
        "By a provider.",
        From="x@forms.example",
        Reply_To="flo@example.org",
        List_Unsubscribe="<https://x.org>",
    )
    bring("By a list.", List_Id="<talk.desk.example>", Reply_To="talk@desk.example")
    running.run_events()
    sent = OutgoingMail.objects.order_by("id").values_list("recipients", flat=True)
    people = ["dora@example.org", "eva@example.org", "flo@example.org", "carla@example.org"]
    assert list(sent) == [[one] for one in people]


@pytest.mark.parametrize(
    ("reason", "says"),
    [(Suppression.Reason.BOUNCED, "there is no such address"), (Suppression.Reason.COMPLAINED, "as spam")],
)
def test_a_rule_writes_to_nobody_who_gets_no_more_mail_and_says_so(make, mailbox, team, reason, says) -> None:
    sends(make)
    mail.suppress(address="carla@example.org", reason=reason)
    place = bring()
    assert running.run_events() == 1
    assert not OutgoingMail.objects.exists()
    place.refresh_from_db()
    assert place.waiting_since is not None
    fired = Firing.objects.get()
    assert fired.result == "failed"
    assert says in fired.did[0]
    assert says in Event.objects.get(kind="rule.fired").data["did"][0]
