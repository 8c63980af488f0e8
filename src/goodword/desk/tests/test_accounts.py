"""Logging in, first steps, and who may set things up."""

import pytest
from django.conf import settings
from django.test import Client

from goodword.mail.models import Mailbox, OutgoingMail
from goodword.staff.models import Agent, Team

from .conftest import LogIn

FIRST = {
    "company": "Tarn & Kettle",
    "mailbox": "help@tarn.example",
    "name": "Mia Berg",
    "email": "mia@tarn.example",
    "password": "a long sentence",
}


@pytest.mark.django_db
def test_an_empty_desk_leads_to_the_first_steps_and_then_to_the_inbox(client: Client) -> None:
    assert client.get("/")["Location"] == "/welcome/"
    assert client.get("/welcome/").status_code == 200
    done = client.post("/welcome/", FIRST, follow=True)
    assert done.redirect_chain[-1][0] == "/"
    assert "help@tarn.example" in done.content.decode()
    assert Agent.objects.get().is_administrator
    assert Mailbox.objects.get().name == "Tarn & Kettle"
    assert Client().get("/welcome/").status_code == 302


@pytest.mark.django_db
def test_wrong_first_steps_are_answered_with_sentences_and_change_nothing(client: Client) -> None:
    wrong = FIRST | {"mailbox": "help@tarn", "password": "short"}
    answer = client.post("/welcome/", wrong)
    assert answer.status_code == 422
    assert "&#x27;help@tarn&#x27; is not a whole address" in answer.content.decode()
    weak = client.post("/welcome/", FIRST | {"password": "short"})
    assert weak.status_code in {200, 422}
    assert not Agent.objects.exists()
    assert not Mailbox.objects.exists()


def test_a_password_opens_the_desk_and_guessing_closes_it(client: Client, owner: Agent) -> None:
    page = client.get("/inbox/open/", follow=True)
    assert page.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    wrong = {"login": owner.email, "password": "wrong"}
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post("/accounts/login/", wrong)
    assert "this log-in is closed for 15 min" in answer.content.decode()
    right = {"login": owner.email, "password": "olga-password"}
    assert "is closed for 15 min" in client.post("/accounts/login/", right).content.decode()


def test_the_right_password_leads_to_where_one_wanted_to_go(client: Client, owner: Agent) -> None:
    right = {"login": owner.email.upper(), "password": "olga-password"}
    answer = client.post("/accounts/login/?next=/promises/", right)
    assert answer["Location"] == "/promises/"
    assert client.get("/promises/").status_code == 200


def test_account_pages_wear_the_dress_of_the_desk(client: Client, owner: Agent, log_in: LogIn) -> None:
    assert "goodword.css" in client.get("/accounts/login/").content.decode()
    assert "goodword.css" in client.get("/accounts/password/reset/").content.decode()
    browser = log_in(owner)
    for address in ("/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/"):
        assert "goodword.css" in browser.get(address).content.decode(), address


def test_a_forgotten_password_is_replaced_by_a_link_that_stands_under_sent_mail(
    client: Client, owner: Agent, mailbox: Mailbox, administrator: Agent, log_in: LogIn
) -> None:
    client.post("/accounts/password/reset/", {"email": "nobody@desk.example"})
    assert not OutgoingMail.objects.exists()
    client.post("/accounts/password/reset/", {"email": owner.email})
    mail = OutgoingMail.objects.get()
    assert (mail.purpose, mail.recipients, mail.state) == ("staff", [owner.email], "queued")
    page = log_in(administrator).get(f"/sent/{mail.pk}/").content.decode()
    link = page.split("http://testserver")[1].split("<")[0].split('"')[0].strip()
    form = client.get(link, follow=True)
    chosen = {"password1": "brand-new-words-77", "password2": "brand-new-words-77"}
    client.post(form.redirect_chain[-1][0], chosen)
    owner.refresh_from_db()
    assert owner.check_password("brand-new-words-77")


def test_a_closed_account_is_out_at_once(browser: Client, owner: Agent) -> None:
    assert browser.get("/").status_code == 200
    Agent.objects.filter(pk=owner.pk).update(is_active=False)
    assert browser.get("/").status_code == 302


@pytest.mark.parametrize(
    "address", ["/settings/people/", "/settings/people/new/", "/settings/mailboxes/", "/settings/teams/new/"]
)
def test_only_administrators_set_things_up(
    log_in: LogIn, owner: Agent, lead: Agent, administrator: Agent, address: str
) -> None:
    assert log_in(administrator).get(address).status_code == 200
    for other in (owner, lead):
        answer = log_in(other).get(address)
        assert answer.status_code == 403
        assert "Only an administrator may do this." in answer.content.decode()


def test_an_administrator_adds_people_teams_and_mailboxes(
    log_in: LogIn, administrator: Agent, owner: Agent, mailbox: Mailbox
) -> None:
    browser = log_in(administrator)
    person = {"name": "Nia New", "email": "Nia@desk.example", "role": "agent", "password": ""}
    assert browser.post("/settings/people/new/", person).status_code == 303
    assert browser.post("/settings/people/new/", person).status_code == 422
    nia = Agent.objects.get(email="nia@desk.example")
    given = {"name": "Care", "members": [nia.pk, owner.pk], "mailboxes": [mailbox.pk]}
    assert browser.post("/settings/teams/new/", given).status_code == 303
    assert set(Team.objects.get().members.all()) == {nia, owner}
    changed = {"name": "Nia Newer", "email": nia.email, "role": "lead"}
    assert browser.post(f"/settings/people/{nia.pk}/", changed).status_code == 303
    nia.refresh_from_db()
    assert (nia.name, nia.is_active) == ("Nia Newer", False)
    box = {"name": "Shop", "address": "shop@desk.example"}
    assert browser.post("/settings/mailboxes/new/", box).status_code == 303
    assert browser.post("/settings/mailboxes/new/", box).status_code == 422


def test_the_last_administrator_stays_one(log_in: LogIn, administrator: Agent) -> None:
    changed = {"name": "Adam", "email": administrator.email, "role": "agent", "is_active": "on"}
    answer = log_in(administrator).post(f"/settings/people/{administrator.pk}/", changed)
    assert answer.status_code == 422
    assert "only administrator" in answer.content.decode()


def test_the_theme_is_kept_with_the_agent(browser: Client, owner: Agent) -> None:
    assert browser.post("/settings/theme/", {"theme": "dark"}).status_code == 204
    assert 'data-theme="dark"' in browser.get("/").content.decode()
    assert browser.post("/settings/theme/", {"theme": "system"}).status_code == 204
    assert "data-theme=" not in browser.get("/").content.decode().split("<body")[0]


def test_saved_replies_are_written_changed_and_removed(browser: Client) -> None:
    given = {"name": "Refund", "markdown": "Hi {{customer}}"}
    assert browser.post("/saved-replies/new/", given).status_code == 303
    assert browser.post("/saved-replies/new/", given).status_code == 422
    page = browser.get("/saved-replies/").content.decode()
    assert "Refund" in page
    address = page.split('href="/saved-replies/')[-1].split('"')[0]
    assert browser.post(f"/saved-replies/{address}", given | {"name": "Money back"}).status_code == 303
    assert browser.post(f"/saved-replies/{address}remove/").status_code == 303
    assert (
        "Money back"
        not in browser.get("/saved-replies/").content.decode().split("<main")[1].split("banner")[-1]
    )
