"""The forms say at the field what an action refused."""

import pytest

from goodword.staff.forms import AgentForm, ChangeAgentForm, FirstAdministratorForm, ProfileForm, TeamForm
from goodword.staff.models import Agent, Team


@pytest.mark.django_db
def test_the_first_run_form_makes_the_administrator() -> None:
    form = FirstAdministratorForm({"name": "Ada", "email": "ada@desk.example", "password": "a quiet morning"})
    assert form.is_valid()
    agent = form.save()
    assert agent is not None
    assert agent.is_administrator


@pytest.mark.django_db
def test_a_weak_password_is_said_at_the_password() -> None:
    form = FirstAdministratorForm({"name": "Ada", "email": "ada@desk.example", "password": "short"})
    assert form.is_valid()
    assert form.save() is None
    assert list(form.errors) == ["password"]


def test_an_address_in_use_is_said_at_the_address(administrator: Agent, owner: Agent) -> None:
    form = AgentForm({"name": "Nia", "email": "olga@desk.example", "role": "agent", "password": ""})
    assert form.is_valid()
    assert form.save(by=administrator) is None
    assert "Olga Owner" in form.errors["email"][0]


def test_the_last_administrator_is_told_above_the_form(administrator: Agent) -> None:
    shown = ChangeAgentForm.of(administrator)
    form = ChangeAgentForm({**shown.initial, "is_active": False})
    assert form.is_valid()
    assert form.save(by=administrator, agent=administrator) is None
    assert "only administrator" in form.non_field_errors()[0]


def test_the_profile_form_shows_and_saves(owner: Agent) -> None:
    form = ProfileForm({**ProfileForm.of(owner).initial, "signature": "Olga"})
    assert form.is_valid(), form.errors
    changed = form.save(agent=owner)
    assert changed is not None
    assert changed.signature == "Olga"


def test_the_team_form_changes_members(administrator: Agent, team: Team, owner: Agent) -> None:
    form = TeamForm({"name": "Care", "members": [owner.pk], "mailboxes": []})
    assert form.is_valid(), form.errors
    saved = form.save(by=administrator, team=team)
    assert saved is not None
    assert [agent.pk for agent in saved.members.all()] == [owner.pk]
