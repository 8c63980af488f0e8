"""A promise that no agent answers for is its team's: its members hear of it and find it in their list."""

from datetime import UTC, datetime, timedelta

import pytest

from goodword.customers.models import Customer
from goodword.events.models import Event
from goodword.promises import actions, queries, registry, reminding
from goodword.promises.models import Promise, Reminder
from goodword.staff.actions import change_agent
from goodword.staff.models import Agent, Team

MADE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)


def promised(customer: Customer, owner: Agent | None, team: Team | None) -> Promise:
    """A promise made a week before."""
    new = actions.NewPromise(
        what="refund", quote="", due_at=DUE, whole_day=False, due_text="", team_id=team.pk if team else None
    )
    return actions.make(customer=customer, promise=new, made_by=owner, at=MADE)


def reminded(kind: str) -> list[Agent | None]:
    """Who got reminders of a kind."""
    return [row.agent for row in Reminder.objects.filter(kind=kind).order_by("agent__name")]


def whats(agent: Agent) -> list[str]:
    """What stands in somebody's own list."""
    return [row.promise.what for row in queries.due(agent, owner=agent, now=MADE).rows]


def test_the_members_at_work_are_reminded_ahead_and_when_it_is_due(
    customer: Customer, owner: Agent, team_mate: Agent, team: Team, lead: Agent
) -> None:
    gone = Agent.objects.create_user("gone@desk.example", None, name="Gwen Gone", handle="gwen")
    team.members.add(gone)
    Agent.objects.filter(pk=gone.pk).update(is_active=False)
    promised(customer, None, team)
    for now in (DUE - timedelta(hours=4), DUE, DUE):
        reminding.remind_due(now)
    assert reminded("ahead") == reminded("due") == [owner, team_mate]
    assert Event.objects.get(kind="promise.due").data["to"] == [owner.pk, team_mate.pk]
    assert [row.kind for row in queries.unseen_reminders(team_mate)] == ["due", "ahead"]


def test_members_who_may_not_see_it_do_not_hear_of_it(
    customer: Customer, owner: Agent, team_mate: Agent, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide = [lambda rows, agent: rows.none() if agent == owner else rows]
    monkeypatch.setattr(registry.visible, "_entries", hide)
    promised(customer, None, team)
    reminding.remind_due(DUE)
    assert reminded("due") == [team_mate]


def test_the_team_hears_what_an_owner_who_has_left_does_not(
    customer: Customer, owner: Agent, team_mate: Agent, team: Team
) -> None:
    promised(customer, owner, team)
    Agent.objects.filter(pk=owner.pk).update(is_active=False)
    reminding.remind_due(DUE)
    assert reminded("due") == [team_mate]
    assert whats(team_mate) == ["refund"]


@pytest.mark.parametrize("empty", [True, False])
def test_the_leads_hear_where_no_team_can(customer: Customer, owner: Agent, lead: Agent, empty: bool) -> None:
    team = Team.objects.create(name="Empty") if empty else None
    promised(customer, owner, team)
    Agent.objects.filter(pk=owner.pk).update(is_active=False)
    reminding.remind_due(DUE)
    assert reminded("due") == [lead]


def test_it_stands_in_the_list_of_every_member_and_of_nobody_else(
    customer: Customer, owner: Agent, team_mate: Agent, stranger: Agent, team: Team
) -> None:
    promised(customer, None, team)
    assert (whats(owner), whats(team_mate), whats(stranger)) == (["refund"], ["refund"], [])
    assert sum(queries.due_counts(team_mate, owner=team_mate, now=MADE).values()) == 1


def test_once_somebody_answers_for_it_the_others_are_left_alone(
    customer: Customer, owner: Agent, team_mate: Agent, team: Team
) -> None:
    promise = promised(customer, None, team)
    reminding.remind_due(DUE)
    actions.reassign(promise=promise, agent=owner, owner=owner)
    assert (whats(owner), whats(team_mate)) == (["refund"], [])
    assert queries.unseen_reminders(team_mate) == []
    assert [row.promise for row in queries.unseen_reminders(owner)] == [promise]


LATE = DUE + timedelta(days=1)


def elsewhere(*members: Agent) -> Team:
    """A team that the owner is not of."""
    team = Team.objects.create(name="Returns")
    team.members.add(*members)
    return team


@pytest.mark.parametrize(("when", "kind"), [(DUE - timedelta(hours=4), "ahead"), (LATE, "due")])
def test_a_team_hears_at_once_of_what_the_former_owner_was_reminded_of(
    customer: Customer, owner: Agent, team_mate: Agent, lead: Agent, when: datetime, kind: str
) -> None:
    promise = promised(customer, owner, elsewhere(team_mate))
    reminding.remind_due(when)
    actions.reassign(promise=promise, agent=owner, owner=None)
    assert [(row.kind, row.promise) for row in queries.unseen_reminders(team_mate)] == [(kind, promise)]
    assert queries.unseen_reminders(owner) == []
    reminding.remind_due(when)
    assert reminded(kind) == [owner, team_mate]


def test_only_the_newest_reminder_is_handed_on_and_only_once(
    customer: Customer, owner: Agent, team_mate: Agent, lead: Agent
) -> None:
    promise = promised(customer, owner, elsewhere(team_mate))
    for now in (DUE - timedelta(hours=4), LATE):
        reminding.remind_due(now)
    for _ in range(2):
        actions.reassign(promise=promise, agent=owner, owner=None)
        actions.reassign(promise=promise, agent=owner, owner=owner)
    assert [(row.kind, row.agent) for row in Reminder.objects.filter(agent=team_mate)] == [("due", team_mate)]


def test_the_leads_hear_where_it_goes_to_nobody(customer: Customer, owner: Agent, lead: Agent) -> None:
    promise = promised(customer, owner, None)
    reminding.remind_due(DUE)
    actions.reassign(promise=promise, agent=owner, owner=None)
    assert [row.kind for row in queries.unseen_reminders(lead)] == ["due"]


def test_the_team_hears_of_what_somebody_who_leaves_was_reminded_of(
    customer: Customer, owner: Agent, team_mate: Agent, lead: Agent
) -> None:
    promise = promised(customer, owner, elsewhere(team_mate))
    reminding.remind_due(LATE)
    chief = Agent.objects.create_user("chief@desk.example", None, name="Chi Chief", handle="chi")
    Agent.objects.filter(pk=chief.pk).update(role=Agent.Role.ADMINISTRATOR)
    chief.refresh_from_db()
    change_agent(by=chief, agent=owner, is_active=False)
    assert [(row.kind, row.promise) for row in queries.unseen_reminders(team_mate)] == [("due", promise)]


def test_what_is_put_off_anew_is_not_handed_on(customer: Customer, owner: Agent, team_mate: Agent) -> None:
    promise = promised(customer, owner, elsewhere(team_mate))
    reminding.remind_due(DUE)
    actions.renegotiate(promise=promise, agent=owner, due_at=datetime(2099, 1, 5, 9, 0, tzinfo=UTC))
    actions.reassign(promise=promise, agent=owner, owner=None)
    assert queries.unseen_reminders(team_mate) == []


def test_another_team_hears_of_what_nobody_sees_to(
    customer: Customer, owner: Agent, team_mate: Agent, team: Team, lead: Agent
) -> None:
    promise = promised(customer, None, elsewhere(owner))
    reminding.remind_due(DUE)
    actions.give_to_team(promise=promise, agent=lead, team=Team.objects.create(name="Away"))
    assert [row.kind for row in queries.unseen_reminders(lead)] == ["due"]
    assert queries.unseen_reminders(owner) == []
