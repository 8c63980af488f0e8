"""A conversation goes to somebody else without the customer having to begin anew."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from goodword.coaching import actions as coaching
from goodword.events.models import Event
from goodword.events.timeline import sentences
from goodword.inbox import actions, handovers
from goodword.inbox.errors import ConversationMoved, NotPossible
from goodword.inbox.models import Conversation, Handover, Mention, Message, RoutingRule
from goodword.inbox.routing.giving import route_waiting
from goodword.mail.models import OutgoingMail, Suppression
from goodword.mail.suppressions import suppress
from goodword.promises.actions import NewPromise
from goodword.promises.models import Reminder
from goodword.promises.queries import due
from goodword.promises.reminding import remind_due
from goodword.staff.models import Agent, Team

pytestmark = pytest.mark.django_db


def promise(what="Send the new lamp", **more):
    return NewPromise(
        what=what, quote="", due_at=timezone.now() + timedelta(days=2), whole_day=True, due_text="", **more
    )


def told(place):
    events = Event.objects.filter(conversation_id=place.pk).order_by("id")
    return [line.text for line in sentences(events, dict(Agent.objects.values_list("pk", "name")))]


def test_who_takes_it_finds_the_summary_and_hears_of_it(conversation, owner, team_mate):
    made = actions.hand_over(
        conversation=conversation, agent=owner, to=team_mate, summary="She wants **a new lamp**."
    )
    conversation.refresh_from_db()
    note = Message.objects.get(kind="note")
    assert conversation.assignee == team_mate
    assert (made.by, made.to_agent, made.summary, made.told) == (
        owner,
        team_mate,
        "She wants **a new lamp**.",
        None,
    )
    assert "Handed over to Tariq Mate" in note.text
    assert "a new lamp" in note.text
    assert Mention.objects.get().agent == team_mate
    assert "Olga Owner handed it over to Tariq Mate" in told(conversation)


def test_done_twice_it_is_done_once_and_again_it_counts(conversation, owner, team_mate):
    for _ in range(2):
        actions.hand_over(conversation=conversation, agent=owner, to=team_mate, summary="A lamp.")
    assert Handover.objects.count() == 1
    actions.hand_over(conversation=conversation, agent=team_mate, to=owner, summary="A lamp.")
    assert Handover.objects.count() == 2
    assert told(conversation)[-1] == "Tariq Mate handed it over to Olga Owner; that was hand-over 2"


def test_the_customer_is_told_when_the_agent_wants_it(conversation, owner, team_mate):
    words = handovers.words_to_customer(conversation)
    made = actions.hand_over(
        conversation=conversation, agent=owner, to=team_mate, summary="A lamp.", tell_customer=words
    )
    assert (made.told.kind, made.told.agent) == ("automatic", None)
    assert made.told.sender_name == conversation.mailbox.name
    assert made.told.outgoing.state == "queued"
    assert "Tariq looks after your request from now on" in made.told.text
    conversation.refresh_from_db()
    assert conversation.assignee == team_mate


@pytest.mark.parametrize("to", ["agent", "team"])
def test_the_coach_finds_nothing_to_mend_in_what_the_customer_is_told(
    conversation, owner, team_mate, team, to
):
    whom = team_mate if to == "agent" else Team(name="Returns")
    words = handovers.words_to_customer(conversation)
    words = handovers.filled(words, conversation, to=whom)
    assert ("Tariq looks after" if to == "agent" else "Our team Returns looks after") in words
    said = coaching.review_draft(
        draft=words, customer_message="", customer_name="Carla Customer", agent_name=owner.name
    )
    assert [one for one in said["findings"] if one["severity"] in ("warn", "stop")] == []
    assert said["commitments"] == []


def told_of_it(conversation, agent, to, **more):
    words = "Hello Carla, {{to}} looks after your request."
    return actions.hand_over(
        conversation=conversation, agent=agent, to=to, summary="A lamp.", tell_customer=words, **more
    )


def test_an_unfinished_draft_and_its_files_stay_where_they_are(conversation, owner, team_mate):
    draft = actions.save_draft(conversation=conversation, agent=owner, kind="reply", markdown="Dear Ca")
    file = actions.attach_to_draft(
        draft=draft, filename="half.txt", content_type="text/plain", data=b"half", agent=owner
    )
    made = told_of_it(conversation, owner, team_mate)
    draft.refresh_from_db()
    file.refresh_from_db()
    assert (draft.markdown, file.draft, file.message) == ("Dear Ca", draft, None)
    assert b"half.txt" not in bytes(made.told.outgoing.raw)


def test_whoever_is_told_of_it_goes_on_waiting_for_an_answer(customer, mailbox, owner, team_mate, lead):
    actions.save_level(by=lead, given=actions.NewLevel(name="Usual", first_reply=60, working_hours=False))
    conversation = actions.open_conversation(
        customer=customer, subject="A lamp", text="What now?", mailbox=mailbox
    )
    Conversation.objects.filter(pk=conversation.pk).update(send_failed=True)
    conversation.refresh_from_db()
    before = (conversation.waiting_since, conversation.reply_due_at)
    told_of_it(conversation, owner, team_mate)
    conversation.refresh_from_db()
    assert None not in before
    assert (conversation.waiting_since, conversation.reply_due_at) == before
    assert conversation.send_failed
    assert "- What now?" in handovers.first_summary(conversation)


def test_only_whoever_asked_is_told_and_nobody_in_copy(conversation, owner, team_mate):
    copied = [{"name": "Otto", "email": "otto@example.org"}]
    conversation.messages.update(
        sender_address="carla@example.org",
        answer_to=[{"name": "", "email": "carla@example.org"}],
        answer_cc=copied,
    )
    told = told_of_it(conversation, owner, team_mate).told
    assert [one["email"] for one in told.to] == ["carla@example.org"]
    assert told.cc == []


def begun_by_a_machine(conversation, owner):
    conversation.messages.update(kind="automatic")


def closed(conversation, owner):
    actions.close(conversation=conversation, agent=owner)


def written_to_no_more(conversation, owner):
    suppress(address="carla@example.org", reason=Suppression.Reason.AGENT, everything=True)


@pytest.mark.parametrize("why", [begun_by_a_machine, closed, written_to_no_more])
def test_where_nobody_waits_for_word_none_is_sent(conversation, owner, team_mate, why):
    assert handovers.can_tell(conversation)
    why(conversation, owner)
    conversation.refresh_from_db()
    assert not handovers.can_tell(conversation)
    with pytest.raises(NotPossible):
        told_of_it(conversation, owner, team_mate)
    assert not OutgoingMail.objects.exists()
    assert not Handover.objects.exists()


def test_nothing_is_half_done_when_the_conversation_moved(conversation, owner, team_mate):
    actions.note(conversation=conversation, agent=team_mate, markdown="Wait.")
    with pytest.raises(ConversationMoved):
        actions.hand_over(
            conversation=conversation,
            agent=owner,
            to=team_mate,
            summary="A lamp.",
            tell_customer="Hello Carla, Tariq looks after it.",
            revision=1,
        )
    conversation.refresh_from_db()
    assert conversation.assignee is None
    assert not Handover.objects.exists()


def test_a_team_takes_it_and_routing_finds_somebody_there(conversation, owner, team_mate, team):
    returns = Team.objects.create(name="Returns")
    returns.members.add(team_mate)
    RoutingRule.objects.create(
        name="Returns", team=returns, conditions={"all": [{"field": "subject", "has": ["never"]}]}
    )
    actions.assign(conversation=conversation, agent=owner, to=owner)
    actions.hand_over(conversation=conversation, agent=owner, to=returns, summary="A lamp.")
    conversation.refresh_from_db()
    assert (conversation.assignee, conversation.team) == (None, returns)
    assert "Olga Owner handed it over to Returns" in told(conversation)
    assert route_waiting() == 1
    conversation.refresh_from_db()
    assert conversation.assignee == team_mate


def test_open_promises_go_along_when_they_are_asked_to(conversation, owner, team_mate, lead):
    mine = actions.add_promise(conversation=conversation, agent=owner, promise=promise())
    other = actions.add_promise(conversation=conversation, agent=lead, promise=promise("Pay it back"))
    actions.hand_over(conversation=conversation, agent=owner, to=lead, summary="Stays mine.")
    mine.refresh_from_db()
    assert mine.owner == owner
    actions.hand_over(
        conversation=conversation, agent=owner, to=team_mate, summary="Goes along.", with_promises=True
    )
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.owner, other.owner) == (team_mate, lead)


def handed_to_returns(conversation, owner, *members):
    """A team to which the agent handed the conversation over, with a promise."""
    returns = Team.objects.create(name="Returns")
    returns.members.add(*members)
    RoutingRule.objects.create(
        name="Returns", team=returns, conditions={"all": [{"field": "subject", "has": ["never"]}]}
    )
    mine = actions.add_promise(conversation=conversation, agent=owner, promise=promise())
    actions.hand_over(
        conversation=conversation, agent=owner, to=returns, summary="Goes along.", with_promises=True
    )
    return returns, mine


def test_a_team_hears_of_the_promises_that_went_along(conversation, owner, team_mate):
    returns, mine = handed_to_returns(conversation, owner, team_mate)
    mine.refresh_from_db()
    assert (mine.owner, mine.team) == (None, returns)
    assert [row.promise for row in due(team_mate, owner=team_mate).rows] == [mine]
    assert due(owner, owner=owner).rows == []
    remind_due(mine.due_at)
    assert {row.agent for row in Reminder.objects.filter(promise=mine, kind="due")} == {team_mate}


def test_a_team_hears_of_an_overdue_promise_as_it_gets_it(conversation, owner, team_mate):
    mine = actions.add_promise(conversation=conversation, agent=owner, promise=promise())
    remind_due(mine.due_at + timedelta(hours=1))
    returns = Team.objects.create(name="Returns")
    returns.members.add(team_mate)
    actions.hand_over(
        conversation=conversation, agent=owner, to=returns, summary="Goes along.", with_promises=True
    )
    assert [row.kind for row in Reminder.objects.filter(agent=team_mate, seen_at=None)] == ["due"]
    assert not Reminder.objects.filter(agent=owner, seen_at=None).exists()


@pytest.mark.parametrize("by", ["routing", "a person"])
def test_whoever_of_the_team_gets_it_answers_for_its_promises(conversation, owner, team_mate, by):
    _returns, mine = handed_to_returns(conversation, owner, team_mate)
    if by == "routing":
        assert route_waiting() == 1
    else:
        actions.assign(conversation=conversation, agent=owner, to=team_mate)
    mine.refresh_from_db()
    assert mine.owner == team_mate
    assert "gave the promise to Tariq Mate: Send the new lamp." in told(conversation)[-1]


def test_handed_on_within_the_team_its_promises_are_taken_up(conversation, owner, team_mate):
    _returns, mine = handed_to_returns(conversation, owner, team_mate)
    actions.hand_over(conversation=conversation, agent=owner, to=team_mate, summary="For you.")
    mine.refresh_from_db()
    assert mine.owner == team_mate


def test_somebody_of_another_team_does_not_take_its_promises_up(conversation, owner, team_mate, lead):
    returns, mine = handed_to_returns(conversation, owner, team_mate)
    actions.assign(conversation=conversation, agent=lead, to=lead)
    mine.refresh_from_db()
    assert (mine.owner, mine.team) == (None, returns)


def test_the_first_draft_of_the_summary_tells_what_is_on_record(conversation, owner):
    actions.add_promise(conversation=conversation, agent=owner, promise=promise())
    summary = handovers.first_summary(conversation)
    assert "Carla Customer writes about 'A lamp'." in summary
    assert date_format(timezone.localdate(), "j F Y") in summary
    assert "'The lamp broke. What now?'" in summary
    assert "Still to answer:\n\n- What now?" in summary
    assert "Promised and still open:\n\n- Send the new lamp, by " in summary
    assert "(Olga Owner)" in summary


def test_what_makes_no_sense_is_refused_in_a_sentence(conversation, owner, team_mate, stranger):
    hand = {"conversation": conversation, "agent": owner}
    with pytest.raises(NotPossible, match="summary is empty"):
        actions.hand_over(**hand, to=team_mate, summary="  ")
    with pytest.raises(NotPossible, match="Stan Stranger cannot see"):
        actions.hand_over(**hand, to=stranger, summary="A lamp.")
    with pytest.raises(NotPossible, match="Nobody of Elsewhere can see"):
        actions.hand_over(**hand, to=Team.objects.get(name="Elsewhere"), summary="A lamp.")
    actions.assign(conversation=conversation, agent=owner, to=team_mate)
    with pytest.raises(NotPossible, match="has this conversation already"):
        actions.hand_over(**hand, to=team_mate, summary="A lamp.")
