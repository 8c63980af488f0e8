"""Administrators add people and change them; nobody's history is lost and an administrator remains."""

import threading

import pytest
from django.contrib.auth import get_user
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client

from goodword.events.models import Event
from goodword.staff import actions, queries
from goodword.staff.access import NotAllowed
from goodword.staff.models import Agent

PASSWORD = "a long and quiet morning"


@pytest.mark.django_db
def test_the_first_person_of_an_empty_desk_is_its_administrator() -> None:
    assert queries.nobody_yet()
    agent = actions.first_administrator(name="Ada Byron", email="Ada@Desk.example", password=PASSWORD)

    assert (agent.email, agent.handle, agent.role) == ("ada@desk.example", "ada", "administrator")
    assert agent.check_password(PASSWORD)
    assert not queries.nobody_yet()


def test_nobody_becomes_the_first_administrator_of_a_desk_in_use(owner: Agent) -> None:
    with pytest.raises(NotAllowed, match="already"):
        actions.first_administrator(name="Eve", email="eve@desk.example", password=PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_two_who_set_up_at_once_make_one_administrator() -> None:
    refused: list[str] = []
    together = threading.Barrier(4)

    def set_up(number: int) -> None:
        try:
            together.wait()
            actions.first_administrator(name="Ada", email=f"ada{number}@desk.example", password=PASSWORD)
        except NotAllowed as error:
            refused.append(str(error))
        finally:
            connections.close_all()

    people = [threading.Thread(target=set_up, args=(number,)) for number in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert Agent.objects.count() == 1
    assert len(refused) == 3


def test_only_an_administrator_adds_people(administrator: Agent, lead: Agent) -> None:
    added = actions.add_agent(by=administrator, name="Nia New", email="nia@desk.example", role="lead")
    assert added.is_lead
    assert not added.has_usable_password()
    assert Event.objects.get(kind="agent.added").data == {"agent": added.pk, "role": "lead"}
    with pytest.raises(NotAllowed):
        actions.add_agent(by=lead, name="Eve", email="eve@desk.example")


@pytest.mark.parametrize(
    ("name", "email", "handle"),
    [
        ("Zoë Quill", "z@desk.example", "zoe"),
        ("Olga Petrova", "op@desk.example", "olga-petrova"),
        ("李雷", "li.lei@desk.example", "lilei"),
        ("李雷", "李@desk.example".replace("李", "1"), "1"),
    ],
)
def test_a_handle_is_made_from_the_name(
    administrator: Agent, owner: Agent, name: str, email: str, handle: str
) -> None:
    assert actions.add_agent(by=administrator, name=name, email=email).handle == handle


def test_people_of_the_same_name_get_handles_of_their_own(administrator: Agent) -> None:
    handles = [
        actions.add_agent(by=administrator, name="Ada Byron", email=f"ada{n}@desk.example").handle
        for n in range(4)
    ]
    assert handles == ["ada", "ada-byron", "ada2", "ada3"]


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("email", {"email": "olga@DESK.example"}),
        ("email", {"email": "nobody"}),
        ("name", {"name": " \n"}),
        ("role", {"role": "king"}),
        ("password", {"password": "short"}),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    administrator: Agent, owner: Agent, field: str, given: dict[str, str]
) -> None:
    with pytest.raises(ValidationError) as caught:
        actions.add_agent(**{"by": administrator, "name": "Nia", "email": "nia@desk.example"} | given)  # type: ignore[arg-type]
    assert list(caught.value.message_dict) == [field]
    assert Agent.objects.count() == 2


def test_who_leaves_keeps_their_history_and_cannot_log_in(administrator: Agent, owner: Agent) -> None:
    left = actions.change_agent(by=administrator, agent=owner, is_active=False)
    actions.change_agent(by=administrator, agent=owner, is_active=False)

    assert not left.is_active
    assert left not in queries.at_work()
    assert left in queries.people()
    assert queries.names({owner.pk}) == {owner.pk: "Olga Owner"}
    assert Event.objects.filter(kind="agent.changed").count() == 1


def test_who_leaves_is_logged_out_at_once(administrator: Agent, owner: Agent, client: Client) -> None:
    client.force_login(owner)
    assert get_user(client) == owner  # type: ignore[arg-type]
    actions.change_agent(by=administrator, agent=owner, is_active=False)
    assert not get_user(client).is_authenticated  # type: ignore[arg-type]


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "agent"}])
def test_the_last_administrator_stays(administrator: Agent, owner: Agent, change: dict[str, object]) -> None:
    with pytest.raises(NotAllowed, match="only administrator"):
        actions.change_agent(by=administrator, agent=administrator, **change)  # type: ignore[arg-type]
    administrator.refresh_from_db()
    assert administrator.is_active
    assert administrator.is_administrator

    second = actions.change_agent(by=administrator, agent=owner, role="administrator")
    actions.change_agent(by=second, agent=administrator, **change)  # type: ignore[arg-type]
    administrator.refresh_from_db()
    assert not (administrator.is_active and administrator.is_administrator)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_remove_each_other_at_once(administrator: Agent, owner: Agent) -> None:
    actions.change_agent(by=administrator, agent=owner, role="administrator")
    together = threading.Barrier(2)

    def remove(by: Agent, other: Agent) -> None:
        try:
            together.wait()
            actions.change_agent(by=by, agent=other, is_active=False)
        except NotAllowed:
            pass
        finally:
            connections.close_all()

    pairs = [(administrator, owner), (owner, administrator)]
    people = [threading.Thread(target=remove, args=pair) for pair in pairs]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert Agent.objects.filter(role="administrator", is_active=True).count() == 1


def test_people_change_their_own_profile(owner: Agent, team_mate: Agent) -> None:
    changed = actions.change_profile(
        agent=owner, handle="@Olga-O", theme="dark", time_zone="Europe/Berlin", signature="Olga\nCare team \n"
    )
    assert (changed.handle, changed.theme, changed.signature) == ("olga-o", "dark", "Olga\nCare team")

    for field, value in {"handle": "tariq", "theme": "pink", "time_zone": "Mars/Olympus"}.items():
        with pytest.raises(ValidationError) as caught:
            actions.change_profile(agent=owner, **{field: value})
        assert list(caught.value.message_dict) == [field]
