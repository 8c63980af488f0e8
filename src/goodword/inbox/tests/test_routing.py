"""New conversations find the agent who should have them."""

from datetime import time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from goodword.events.models import Event
from goodword.events.timeline import sentences
from goodword.inbox import actions
from goodword.inbox.delivery import outgoing_changed
from goodword.inbox.models import Conversation, RoutingRule
from goodword.inbox.routing import rules
from goodword.inbox.routing.giving import AT_ONCE, route_waiting
from goodword.mail import actions as mail
from goodword.mail.intake import turn_waiting
from goodword.mail.models import OutgoingMail
from goodword.staff import work
from goodword.staff.models import Agent, Availability, Shift, Skill, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def returns(team, owner, team_mate):
    """A team for returns, of both who answer the care mailbox."""
    made = Team.objects.create(name="Returns")
    made.members.add(owner, team_mate)
    return made


@pytest.fixture
def rule(returns):
    return RoutingRule.objects.create(name="Returns", team=returns)


def opened(customer, mailbox, subject="A lamp", text="It broke."):
    return actions.open_conversation(customer=customer, subject=subject, text=text, mailbox=mailbox)


def told(place, kind):
    """What the timeline says of the newest event of a kind."""
    events = Event.objects.filter(conversation_id=place.pk, kind=kind).order_by("-id")[:1]
    names = dict(Agent.objects.values_list("pk", "name"))
    return [line.text for line in sentences(events, names)]


def limit(lead, agent, most):
    work.set_capacities(by=lead, agent=agent, most={"api": most})


def test_without_a_rule_nobody_is_given_anything(conversation, owner):
    assert route_waiting() == 0
    conversation.refresh_from_db()
    assert (conversation.assignee, conversation.routing) == (None, "")


def test_turns_are_taken_and_the_timeline_tells_why(
    rule, customer, mailbox, lead, owner, team_mate, stranger
):
    limit(lead, None, 10)
    places = [opened(customer, mailbox) for _ in range(4)]
    assert route_waiting() == 4
    assert route_waiting() == 0
    for place in places:
        place.refresh_from_db()
    assert [place.assignee for place in places] == [owner, team_mate, owner, team_mate]
    assert {place.team for place in places} == {rule.team}
    assert told(places[2], "conversation.assigned") == ["Routed to Olga Owner: rule Returns, 2 of 10"]
    assert told(places[2], "conversation.team_set") == ["Put into the team Returns: rule Returns"]


def test_who_has_enough_mail_is_still_given_a_call(rule, customer, mailbox, lead, owner, team_mate):
    team_mate.is_active = False
    team_mate.save()
    work.set_capacities(by=lead, agent=owner, most={"mail": 1, "phone": 1})
    mails = [
        actions.open_conversation(
            customer=customer, subject="A lamp", text="It broke.", mailbox=mailbox, channel="mail"
        )
        for _ in range(2)
    ]
    for number in range(2):
        actions.open_by_call(
            customer=customer,
            agent=None,
            subject="A lamp",
            call=actions.NewCall(direction="incoming", said="It broke.", reference=str(number)),
            mailbox=mailbox,
        )
    assert route_waiting() == 2
    calls = Conversation.objects.filter(channel="phone").order_by("id")
    for place in mails:
        place.refresh_from_db()
    assert [place.assignee for place in mails] == [owner, None]
    assert [place.assignee for place in calls] == [owner, None]
    actions.close(conversation=calls[0], agent=owner)
    assert route_waiting() == 1
    assert [place.assignee for place in calls.all()] == [owner, owner]
    assert Conversation.objects.filter(channel="mail", assignee=None).count() == 1


def test_the_first_rule_that_fits_holds(rule, customer, mailbox, lead, owner, returns):
    RoutingRule.objects.create(
        name="Fire",
        conditions={"all": [{"field": "subject", "has": ["fire"]}]},
        agent=lead,
        priority="urgent",
    )
    RoutingRule.objects.filter(name="Returns").update(order=1)
    fire, lamp = opened(customer, mailbox, subject="Fire in the lamp"), opened(customer, mailbox)
    route_waiting()
    for place in (fire, lamp):
        place.refresh_from_db()
    assert (fire.assignee, fire.priority, fire.team) == (lead, "urgent", None)
    assert (lamp.assignee, lamp.priority, lamp.team) == (owner, "normal", returns)


def test_only_those_with_the_skill_and_the_language_are_asked(
    rule, customer, mailbox, lead, owner, team_mate
):
    work.set_abilities(by=lead, agent=owner, skills=["Lamps"], languages=["en"])
    work.set_abilities(by=lead, agent=team_mate, skills=["lamps", "Kettles"], languages=["en", "de"])
    rule.skill = owner.skills.get().skill
    rule.by_language = True
    rule.save()
    place = opened(customer, mailbox)
    Conversation.objects.filter(pk=place.pk).update(language="de")
    other = opened(customer, mailbox)
    Conversation.objects.filter(pk=other.pk).update(language="fr")
    route_waiting()
    place.refresh_from_db()
    other.refresh_from_db()
    assert (place.assignee, other.assignee, other.routing) == (team_mate, None, "waiting")
    assert told(other, "conversation.queued") == [
        "Waits for somebody (rule Returns): nobody has the skill and the language"
    ]


def test_nobody_away_gone_or_shut_out_is_given_anything(
    rule, customer, mailbox, lead, owner, team_mate, stranger
):
    rule.team.members.add(stranger)
    gone = Agent.objects.create_user("gone@desk.example", name="Gone", handle="gone", is_active=False)
    rule.team.members.add(gone)
    work.set_availability(by=owner, agent=owner, state="away")
    places = [opened(customer, mailbox) for _ in range(3)]
    assert route_waiting() == 3
    assert {Conversation.objects.get(pk=place.pk).assignee for place in places} == {team_mate}


def test_outside_the_hours_of_the_team_it_waits_until_they_begin(rule, customer, mailbox, owner):
    for weekday in range(5):
        Shift.objects.create(team=rule.team, weekday=weekday, opens=time(9), closes=time(17))
    with time_machine.travel("2026-11-22 12:00+00:00"):  # a Sunday
        place = opened(customer, mailbox)
        assert route_waiting() == 0
        assert told(place, "conversation.queued") == [
            "Waits for somebody (rule Returns): the team does not work at this hour"
        ]
    with time_machine.travel("2026-11-23 09:00+00:00"):
        assert route_waiting() == 1
    place.refresh_from_db()
    assert place.assignee == owner


@pytest.mark.parametrize("how", ["close", "snooze", "give away", "more room", "back"])
def test_what_found_nobody_waits_in_the_team_until_there_is_room(
    rule, customer, mailbox, lead, owner, team_mate, how
):
    limit(lead, None, 1)
    first, _second, third = (opened(customer, mailbox) for _ in range(3))
    if how == "back":
        work.set_availability(by=team_mate, agent=team_mate, state="away")
    route_waiting()
    third.refresh_from_db()
    assert (third.assignee, third.team, third.routing) == (None, rule.team, "waiting")
    assert told(third, "conversation.queued") == [
        "Waits for somebody (rule Returns): nobody has room for more"
    ]
    assert route_waiting() == 0
    assert Event.objects.filter(kind="conversation.queued", conversation_id=third.pk).count() == 1
    if how == "close":
        actions.close(conversation=first, agent=owner)
    elif how == "snooze":
        actions.snooze(conversation=first, agent=owner, until=timezone.now() + timedelta(days=1))
    elif how == "give away":
        actions.assign(conversation=first, agent=owner, to=lead)
    elif how == "more room":
        limit(lead, owner, 2)
    else:
        work.set_availability(by=lead, agent=team_mate, state="available")
    assert route_waiting() == 1


def test_what_nobody_can_have_yet_is_not_read_again_and_again(
    rule, customer, mailbox, lead, owner, team_mate
):
    limit(lead, None, 0)
    RoutingRule.objects.create(name="Lamps", order=1, skill=Skill.objects.create(name="Lamps"))
    RoutingRule.objects.filter(pk=rule.pk).update(
        conditions={"all": [{"field": "subject", "has": ["parcel"]}]}
    )
    for subject in ["A lamp"] * (AT_ONCE + 2) + ["A parcel"]:
        opened(customer, mailbox, subject)
    route_waiting()
    limit(lead, owner, 1)
    with CaptureQueriesContext(connection) as asked:
        assert route_waiting() == 1
    assert Conversation.objects.get(assignee=owner).subject == "A parcel"
    # One look for each sort of priority, and one more behind the parcel: the lamps are left where they are.
    assert sum("SKIP LOCKED" in one["sql"] for one in asked) == 4
    assert Conversation.objects.filter(routing="waiting", assignee=None).count() == AT_ONCE + 2


def test_the_house_is_read_once_for_however_many_conversations(rule, customer, mailbox, lead, owner):
    for _ in range(AT_ONCE + 2):
        opened(customer, mailbox)
    with CaptureQueriesContext(connection) as asked:
        assert route_waiting() == AT_ONCE + 2
    read = [one["sql"] for one in asked]
    assert sum('FROM "staff_agentskill"' in sql for sql in read) == 1
    assert sum('FROM "staff_membership"' in sql for sql in read) == 1


def test_rules_put_in_order_while_one_is_edited_keep_their_order(rule, lead):
    other = rules.save_rule(by=lead, given=rules.NewRule(name="Other", priority="high", assigns=False))
    as_opened = RoutingRule.objects.get(pk=rule.pk)
    rules.order_rules(by=lead, ids=[other.pk, rule.pk])
    rules.save_rule(by=lead, given=rules.NewRule(name="Returns and repairs", priority="low"), rule=as_opened)
    assert list(RoutingRule.objects.values_list("name", flat=True)) == ["Other", "Returns and repairs"]


def test_what_somebody_decided_by_hand_is_never_undone(rule, customer, mailbox, lead, owner, team_mate):
    given, put_back = opened(customer, mailbox), opened(customer, mailbox)
    actions.assign(conversation=given, agent=lead, to=lead)
    actions.assign(conversation=put_back, agent=lead, to=lead)
    actions.assign(conversation=put_back, agent=lead, to=None)
    never_given = opened(customer, mailbox)
    actions.assign(conversation=never_given, agent=lead, to=None)
    assert route_waiting() == 0
    given.refresh_from_db()
    assert given.assignee == lead


def test_a_rule_may_only_sort_into_a_team(rule, customer, mailbox, owner):
    rule.assigns = False
    rule.save()
    place = opened(customer, mailbox)
    assert route_waiting() == 0
    place.refresh_from_db()
    assert (place.team, place.assignee, place.routing) == (rule.team, None, "")


def test_what_is_put_into_a_team_by_hand_finds_somebody_of_it(rule, customer, mailbox, lead, owner, returns):
    RoutingRule.objects.filter(pk=rule.pk).update(
        conditions={"all": [{"field": "subject", "has": ["never"]}]}
    )
    place = opened(customer, mailbox)
    assert route_waiting() == 0
    actions.assign_team(conversation=place, agent=lead, team=returns)
    assert told(place, "conversation.team_set") == ["Lena Lead put it into the team Returns"]
    assert route_waiting() == 1
    actions.assign_team(conversation=place, agent=lead, team=None)
    place.refresh_from_db()
    assert (place.assignee, place.team) == (owner, None)


def test_the_pressing_ones_come_first(rule, customer, mailbox, lead, owner, team_mate):
    limit(lead, None, 0)
    _calm, pressing = opened(customer, mailbox), opened(customer, mailbox)
    Conversation.objects.filter(pk=pressing.pk).update(priority="urgent")
    route_waiting()
    limit(lead, owner, 1)
    assert route_waiting() == 1
    pressing.refresh_from_db()
    assert pressing.assignee == owner


def test_what_comes_back_to_somebody_who_has_left_is_routed_anew(rule, customer, mailbox, owner, team_mate):
    place = opened(customer, mailbox)
    route_waiting()
    actions.close(conversation=place, agent=owner)
    Agent.objects.filter(pk=owner.pk).update(is_active=False)
    actions.reopen(conversation=place, agent=team_mate)
    assert route_waiting() == 1
    place.refresh_from_db()
    assert place.assignee == team_mate


def test_a_reply_that_did_not_arrive_comes_back_to_somebody_who_is_there(
    rule, customer, mailbox, owner, team_mate
):
    place = opened(customer, mailbox)
    route_waiting()
    reply = actions.reply(conversation=place, agent=owner, markdown="A new one is coming.", close=True)
    Agent.objects.filter(pk=owner.pk).update(is_active=False)
    reply.outgoing.state = OutgoingMail.State.FAILED
    reply.outgoing.save(update_fields=["state"])
    outgoing_changed(reply.outgoing)
    assert route_waiting() == 1
    place.refresh_from_db()
    assert (place.state, place.assignee) == ("open", team_mate)


def test_who_was_given_something_longest_ago_is_next(rule, customer, mailbox, owner, team_mate):
    Availability.objects.create(agent=owner, given_at=timezone.now() - timedelta(hours=1))
    Availability.objects.create(agent=team_mate, given_at=timezone.now() - timedelta(hours=2))
    place = opened(customer, mailbox)
    route_waiting()
    place.refresh_from_db()
    assert place.assignee == team_mate


def test_mail_is_routed_by_the_language_it_is_written_in(rule, mailbox, owner, lead):
    work.set_abilities(by=lead, agent=owner, languages=["en"])
    RoutingRule.objects.filter(pk=rule.pk).update(by_language=True)
    raw = b"From: carla@example.org\r\nTo: care@desk.example\r\nMessage-ID: <a@b>\r\nSubject: Lamp\r\n\r\n"
    mail.accept(raw=raw + b"The lamp broke yesterday. What can we do?\r\n", source="test", nudged=False)
    turn_waiting()
    assert route_waiting() == 1
    place = Conversation.objects.get()
    assert (place.language, place.assignee) == ("en", owner)
