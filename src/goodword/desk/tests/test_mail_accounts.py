"""Mail fetched from other servers, as an administrator sets it up and sees how it is doing."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from tests import dovecot as servers
from tests.dovecot import PASSWORD, Dovecot, dovecot

from goodword.kit.sealing import seal
from goodword.mail.imap.credentials import Credentials, credentials_of
from goodword.mail.models import MailAccount, Mailbox
from goodword.mail.tables import table
from goodword.mail.tests.imap.conftest import mail
from goodword.mail.tests.imap.provider import Provider
from goodword.staff.models import Agent, Team

from .conftest import LogIn

__all__ = ["dovecot"]
ACCOUNTS = "/settings/mailboxes/accounts/"
NEW = f"{ACCOUNTS}new/"


@pytest.fixture
def chief(administrator: Agent, log_in: LogIn) -> Client:
    """The administrator's browser."""
    return log_in(administrator)


@pytest.fixture
def typed(dovecot: Dovecot, mailbox: Mailbox) -> dict[str, Any]:
    """What an administrator types about an account that can be reached."""
    return {
        "mailbox": mailbox.pk,
        "server": dovecot.host,
        "port": dovecot.port,
        "security": "none",
        "username": "care-desk",
        "password": PASSWORD,
        "folder": "INBOX",
        "older": "",
    }


@pytest.fixture
def account(mailbox: Mailbox) -> MailAccount:
    """An account that answered twelve seconds ago."""
    return MailAccount.objects.create(
        mailbox=mailbox,
        host="imap.example.org",
        username="care@example.org",
        sealed=seal(Credentials(password="hidden-secret").as_text()),
        contact_at=timezone.now() - timedelta(seconds=12),
    )


def words(browser: Client, address: str = ACCOUNTS) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_account_that_answers_is_saved_and_its_password_never_shown(
    chief: Client, typed: dict[str, Any]
) -> None:
    answer = chief.post(NEW, typed, follow=True)
    assert "care-desk at 127.0.0.1 answers; its mail comes in now." in answer.content.decode()
    account = MailAccount.objects.get()
    assert PASSWORD not in account.sealed
    assert credentials_of(account).password == PASSWORD
    assert PASSWORD not in words(chief, f"{ACCOUNTS}{account.pk}/")


def test_an_account_that_cannot_be_reached_is_not_saved_and_says_why(
    chief: Client, typed: dict[str, Any]
) -> None:
    answer = chief.post(NEW, typed | {"password": "not-the-password"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "refused to let &#x27;care-desk&#x27; in: Authentication failed." in shown
    assert "not-the-password" not in shown
    assert not MailAccount.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"server": "imap.example.org", "security": "none"}, "only a server on this machine is used"),
        ({"server": "https://imap.example.org/"}, "is no name of a server"),
        ({"password": ""}, "Enter the password."),
    ],
    ids=["unencrypted", "an address", "no password"],
)
def test_what_cannot_be_right_is_said_before_anything_is_tried(
    chief: Client, typed: dict[str, Any], wrong: dict[str, str], says: str
) -> None:
    answer = chief.post(NEW, typed | wrong)
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_the_same_folder_is_fetched_once(chief: Client, typed: dict[str, Any]) -> None:
    chief.post(NEW, typed)
    assert "This folder is fetched already." in chief.post(NEW, typed).content.decode()


def test_a_changed_account_keeps_its_password_and_its_place(
    chief: Client, typed: dict[str, Any], dovecot: Dovecot
) -> None:
    dovecot.deliver("care-desk", mail("one"))
    chief.post(NEW, typed)
    account = MailAccount.objects.get()
    place = (account.uid_validity, account.last_uid)
    other = Mailbox.objects.create(address="sales@desk.example", name="Sales")
    del typed["older"]
    chief.post(f"{ACCOUNTS}{account.pk}/", typed | {"password": "", "mailbox": other.pk})
    account.refresh_from_db()
    assert (account.uid_validity, account.last_uid) == place
    assert (account.mailbox, credentials_of(account).password) == (other, PASSWORD)


def test_a_kept_password_goes_to_its_own_server_only(
    chief: Client, typed: dict[str, Any], dovecot: Dovecot
) -> None:
    chief.post(NEW, typed)
    account = MailAccount.objects.get()
    del typed["older"]
    elsewhere = typed | {"password": "", "server": "imap.elsewhere.example", "security": "tls"}
    answer = chief.post(f"{ACCOUNTS}{account.pk}/", elsewhere)
    assert answer.status_code == 422
    assert "Enter the password again: the server is another one now." in answer.content.decode()
    account.refresh_from_db()
    assert account.host == dovecot.host


def test_how_an_account_is_doing_stands_in_a_sentence(chief: Client, account: MailAccount) -> None:
    assert re.search(r"Last answer \d\d seconds ago\.", words(chief))
    MailAccount.objects.update(missed=1, error="imap.example.org did not answer in time on port 993.")
    assert "tries again" in words(chief)
    MailAccount.objects.update(missed=3)
    shown = words(chief)
    clock = f"{timezone.localtime(account.contact_at):%H:%M}"
    assert f"Not read since {clock}: imap.example.org did not answer in time on port 993." in shown
    long_ago = timezone.now() - timedelta(days=2)
    MailAccount.objects.update(contact_at=None, created_at=long_ago, next_at=long_ago, missed=0, error="")
    assert "Not read so far: Nobody reads it." in words(chief)


def test_administrators_are_alarmed_on_every_page_with_the_account(
    chief: Client, account: MailAccount
) -> None:
    alarm = "Mail of care@example.org at imap.example.org is not coming in"
    assert alarm not in words(chief, "/promises/")
    MailAccount.objects.update(missed=3, error="no answer")
    shown = words(chief, "/promises/")
    assert alarm in shown
    assert "See why" in shown


def test_whoever_answers_the_mailbox_is_told_on_every_page_that_mail_is_missing_and_nobody_else(
    account: MailAccount, mailbox: Mailbox, owner: Agent, team_mate: Agent, log_in: LogIn
) -> None:
    theirs = Team.objects.create(name="Its team")
    theirs.members.add(owner)
    theirs.mailboxes.add(mailbox)
    alarm = "New mail to care@desk.example is not coming in now."
    assert alarm not in words(log_in(owner), "/promises/")
    MailAccount.objects.update(missed=3, error="imap.example.org gave no answer")
    shown = words(log_in(owner), "/promises/")
    assert alarm in shown
    assert "imap.example.org" not in shown
    assert "See why" not in shown
    assert "not coming in" not in words(log_in(team_mate), "/promises/")


def test_an_account_is_paused_resumed_read_again_and_removed(chief: Client, account: MailAccount) -> None:
    at = f"{ACCOUNTS}{account.pk}"
    assert "Paused. Mail waits" in chief.post(f"{at}/pause/", follow=True).content.decode()
    assert "Paused just now." in words(chief)
    assert "Resumed, with the mail" in chief.post(f"{at}/resume/", follow=True).content.decode()
    MailAccount.objects.update(last_uid=7)
    chief.post(f"{at}/again/")
    account.refresh_from_db()
    assert account.last_uid == 0
    chief.post(f"{at}/remove/")
    assert not MailAccount.objects.exists()


def test_a_server_is_tested_on_demand(chief: Client, typed: dict[str, Any], dovecot: Dovecot) -> None:
    dovecot.deliver("care-desk-2", mail("one"))
    chief.post(NEW, typed | {"username": "care-desk-2"})
    account = MailAccount.objects.get()
    said = chief.post(f"{ACCOUNTS}{account.pk}/test/", follow=True).content.decode()
    assert "answers; there is 1 mail in INBOX." in said
    MailAccount.objects.update(port=1)
    said = chief.post(f"{ACCOUNTS}{account.pk}/test/", follow=True).content.decode()
    assert "Nothing answers on port 1 of 127.0.0.1." in said


def test_nobody_but_administrators_sees_or_changes_accounts(
    account: MailAccount, lead: Agent, owner: Agent, log_in: LogIn
) -> None:
    for agent in (lead, owner):
        browser = log_in(agent)
        for address in (ACCOUNTS, NEW, f"{ACCOUNTS}{account.pk}/", f"{ACCOUNTS}back/?code=a&state=b"):
            assert browser.get(address).status_code == 403
        for verb in ("test", "pause", "resume", "again", "remove"):
            browser.post(f"{ACCOUNTS}{account.pk}/{verb}/")
    account.refresh_from_db()
    assert (account.paused_at, account.last_uid, MailAccount.objects.count()) == (None, 0, 1)


@pytest.fixture
def microsoft(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider and its mail server, known to us as Microsoft's."""
    with Provider.at_work() as provider, servers.at_work(tokens_url=f"{provider.url}/whose") as server:
        known = table("mail_providers")["microsoft"]
        monkeypatch.setitem(known, "authorize", f"{provider.url}/{{tenant}}/authorize")
        monkeypatch.setitem(known, "token", f"{provider.url}/{{tenant}}/token")
        monkeypatch.setitem(known, "host", "localhost")
        monkeypatch.setitem(known, "port", server.tls_port)
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        yield provider


def test_an_account_at_a_provider_is_added_by_going_there_and_coming_back(
    chief: Client, mailbox: Mailbox, microsoft: Provider
) -> None:
    typed = {
        "mailbox": mailbox.pk,
        "username": "care",
        "client_id": "goodword-app",
        "client_secret": "app-secret",
        "tenant": "example.org",
        "folder": "INBOX",
        "older": "",
    }
    shown = chief.post(f"{NEW}?kind=microsoft", typed).content.decode()
    assert "app-secret" not in shown
    url = shown.split(f'href="{microsoft.url}')[1].split('"')[0].replace("&amp;", "&")
    assert urlsplit(url).path == "/example.org/authorize"
    asked = parse_qs(urlsplit(url).query)
    assert asked["redirect_uri"][0].endswith(f"{ACCOUNTS}back/")
    stranger = chief.get(f"{ACCOUNTS}back/", {"code": "the-code", "state": "not-mine"})
    assert stranger.status_code == 422
    chief.post(f"{NEW}?kind=microsoft", typed)
    again = parse_qs(urlsplit(_journey_url(chief, typed, microsoft)).query)
    back = chief.get(f"{ACCOUNTS}back/", {"code": "the-code", "state": again["state"][0]}, follow=True)
    assert "care at localhost answers; its mail comes in now." in back.content.decode()
    account = MailAccount.objects.get()
    assert (account.sign_in, credentials_of(account).refresh_token) == ("microsoft", "first-refresh")


def test_a_permission_that_is_not_given_is_told(chief: Client, mailbox: Mailbox, microsoft: Provider) -> None:
    typed = {"mailbox": mailbox.pk, "username": "care", "client_id": "app", "folder": "INBOX", "older": ""}
    asked = parse_qs(urlsplit(_journey_url(chief, typed, microsoft)).query)
    refused = chief.get(f"{ACCOUNTS}back/", {"error": "access_denied", "state": asked["state"][0]})
    assert "The permission was not given: access_denied" in refused.content.decode()
    assert not MailAccount.objects.exists()


def _journey_url(chief: Client, typed: dict[str, Any], provider: Provider) -> str:
    shown = chief.post(f"{NEW}?kind=microsoft", typed).content.decode()
    return shown.split(f'href="{provider.url}')[1].split('"')[0].replace("&amp;", "&")
