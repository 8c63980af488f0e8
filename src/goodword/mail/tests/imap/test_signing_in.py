"""Who is let in, how, and what is said when somebody is not."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests import dovecot as servers
from tests.dovecot import PASSWORD, Dovecot

from goodword.kit.sealing import seal
from goodword.mail import actions
from goodword.mail.imap import connection, oauth
from goodword.mail.imap.alarms import silent_accounts
from goodword.mail.imap.credentials import Credentials, credentials_of, keep
from goodword.mail.imap.readers import Readers
from goodword.mail.imap.trouble import SignInRefused, Trouble
from goodword.mail.models import MailAccount, Mailbox
from goodword.mail.tables import table

from .conftest import mail, soon, subjects
from .provider import Provider

pytestmark = pytest.mark.django_db(transaction=True)
RIGHT = Credentials(password=PASSWORD)
Reading = Callable[[], Readers]


def reach(server: Any, credentials: Credentials = RIGHT, **more: Any) -> actions.Reached:
    """Try an account that is not saved."""
    fields = {"host": "127.0.0.1", "port": server.port, "security": "none", "username": "care"}
    return actions.try_account(account=MailAccount(**(fields | more)), credentials=credentials)


@pytest.fixture
def trusted(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's certificate is one this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))


@pytest.mark.usefixtures("trusted")
def test_tls_from_the_start_and_starttls_lead_in(dovecot: Dovecot) -> None:
    for security, port in (("tls", dovecot.tls_port), ("starttls", dovecot.port), ("none", dovecot.port)):
        assert reach(dovecot, security=security, port=port, host="localhost").following >= 1


def test_a_certificate_that_nobody_vouches_for_is_refused(dovecot: Dovecot) -> None:
    for security, port in (("tls", dovecot.tls_port), ("starttls", dovecot.port)):
        with pytest.raises(Trouble, match="The certificate of localhost cannot be trusted"):
            reach(dovecot, security=security, port=port, host="localhost")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"host": "nowhere.invalid"}, "There is no server named 'nowhere.invalid'. Check the name."),
        ({"port": 1}, "Nothing answers on port 1 of 127.0.0.1."),
        ({"security": "tls"}, "does not speak TLS on port"),
        ({"folder": "Nothing/Here"}, "There is no folder 'Nothing/Here' on 127.0.0.1"),
        ({"username": "care\r\nA1 LOGOUT"}, "has a character in it that no server takes"),
    ],
    ids=["name", "port", "encryption", "folder", "name of two lines"],
)
def test_each_way_to_fail_has_a_sentence(dovecot: Dovecot, more: dict[str, Any], says: str) -> None:
    with pytest.raises(Trouble) as caught:
        reach(dovecot, **more)
    assert says in str(caught.value)


def test_a_wrong_password_is_said_and_never_shown(dovecot: Dovecot) -> None:
    with pytest.raises(SignInRefused) as caught:
        reach(dovecot, Credentials(password="wrong-secret"))
    assert str(caught.value) == "127.0.0.1 refused to let 'care' in: Authentication failed."
    assert "wrong-secret" not in repr(Credentials(password="wrong-secret"))


def test_a_folder_with_a_name_from_anywhere_is_found(dovecot: Dovecot) -> None:
    with dovecot.log_in("care-abroad") as client:
        client.create('"Entw&APw-rfe &- mehr"')
    assert reach(dovecot, username="care-abroad", folder="Entwürfe & mehr").mails == 0


@pytest.fixture
def mute() -> Iterator[Any]:
    """A server that takes connections and says nothing, but a byte now and then."""

    class Trickle(threading.Thread):
        def __init__(self) -> None:
            super().__init__(daemon=True)
            self.server = socket.create_server(("127.0.0.1", 0))
            self.port = self.server.getsockname()[1]
            self.ended = threading.Event()

        def run(self) -> None:
            self.server.settimeout(0.1)
            clients: list[socket.socket] = []
            while not self.ended.wait(0.05):
                with contextlib.suppress(TimeoutError):
                    clients.append(self.server.accept()[0])
                for client in clients:
                    with contextlib.suppress(OSError):
                        client.send(b"*")

    thread = Trickle()
    thread.start()
    yield thread
    thread.ended.set()
    thread.join(5)
    thread.server.close()


def test_a_server_that_trickles_does_not_hold_us_for_ever(mute: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "CONNECT_SECONDS", 0.5)
    with pytest.raises(Trouble, match="did not answer in time"):
        reach(mute)


def test_adding_an_account_that_cannot_be_reached_saves_nothing(dovecot: Dovecot, mailbox: Mailbox) -> None:
    made = MailAccount(mailbox=mailbox, host="127.0.0.1", port=1, security="none", username="care")
    with pytest.raises(Trouble):
        actions.add_account(account=made, credentials=RIGHT)
    assert not MailAccount.objects.exists()


@pytest.mark.usefixtures("hurry")
def test_a_password_that_turned_wrong_raises_the_alarm_after_three_beats(
    dovecot: Dovecot, account: MailAccount, reading: Reading
) -> None:
    wrong = seal(Credentials(password="changed meanwhile").as_text())
    MailAccount.objects.update(sealed=wrong)
    reading()
    soon(lambda: silent_accounts().exists())
    found = MailAccount.objects.get()
    assert found.missed >= 3
    assert found.error == f"127.0.0.1 refused to let '{found.username}' in: Authentication failed."
    changed = MailAccount.objects.get()
    actions.change_account(account=changed, credentials=RIGHT)
    dovecot.deliver(account.username, mail("after all"))
    soon(lambda: subjects() == ["after all"])
    assert not silent_accounts().exists()


@pytest.mark.usefixtures("hurry")
def test_a_secret_key_that_changed_is_told_in_a_sentence(  # type: ignore[no-untyped-def]
    account: MailAccount, reading: Reading, settings
) -> None:
    settings.SECRET_KEY = "quite another key"
    reading()
    soon(lambda: MailAccount.objects.filter(missed__gte=3).exists())
    assert "the secret key of this installation changed" in MailAccount.objects.get().error


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """The token server at work."""
    with Provider.at_work() as server:
        yield server


@pytest.fixture(scope="module")
def token_server(provider: Provider) -> Iterator[Dovecot]:
    """A mail server that takes the provider's tokens."""
    with servers.at_work(tokens_url=f"{provider.url}/whose") as server:
        yield server


@pytest.fixture
def google(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Provider:
    """The provider, known to us as Google."""
    known = table("mail_providers")["google"]
    for name, path in (("token", "/token"), ("authorize", "/authorize")):
        monkeypatch.setitem(known, name, f"{provider.url}{path}")
    provider.asked.clear()
    provider.valid.clear()
    provider.refresh = {"first-refresh", "second-refresh"}
    return provider


APP = Credentials(client_id="goodword-app", client_secret="app-secret")


def test_the_way_to_the_provider_and_back_gives_tokens_that_lead_in(
    google: Provider, token_server: Dovecot
) -> None:
    journey = oauth.Journey.begin()
    back = "https://desk.example/back/"
    url = oauth.authorize_url("google", APP, journey=journey, back=back, username="care")
    asked = parse_qs(urlsplit(url).query)
    assert asked["state"] == [journey.state]
    assert asked["code_challenge_method"] == ["S256"]
    assert journey.verifier not in url
    tokens = oauth.exchange("google", APP, journey=journey, back=back, code="the-code")
    assert google.asked[0]["code_verifier"] == journey.verifier
    assert reach(token_server, tokens, sign_in="google").following == 1


def test_a_token_is_renewed_before_it_ends_and_the_new_one_is_kept_sealed(
    google: Provider, token_server: Dovecot, mailbox: Mailbox
) -> None:
    tokens = replace(APP, refresh_token="first-refresh", access_token="old", expires_at=1.0)
    made = MailAccount(
        mailbox=mailbox,
        host="127.0.0.1",
        port=token_server.port,
        security="none",
        username="care",
        sign_in="google",
    )
    actions.add_account(account=made, credentials=tokens)
    kept = MailAccount.objects.get()
    assert google.asked[0]["grant_type"] == "refresh_token"
    assert "token-1" not in kept.sealed
    assert credentials_of(kept).access_token == "token-1"
    assert credentials_of(kept).refresh_token == "second-refresh"
    actions.try_account(account=kept, credentials=credentials_of(kept))
    assert len(google.asked) == 1


def test_a_token_renewed_for_what_was_entered_before_replaces_nothing_entered_since(mailbox: Mailbox) -> None:
    read = MailAccount(mailbox=mailbox, host="127.0.0.1", username="care", sealed=seal(APP.as_text()))
    read.save()
    entered = replace(APP, refresh_token="entered-since")
    MailAccount.objects.update(sealed=seal(entered.as_text()))
    keep(read, replace(APP, access_token="renewed"))
    assert credentials_of(MailAccount.objects.get()) == entered


def test_a_permission_that_was_taken_back_is_told_in_a_sentence(
    google: Provider, token_server: Dovecot
) -> None:
    google.refresh = set()
    with pytest.raises(SignInRefused) as caught:
        reach(token_server, replace(APP, refresh_token="first-refresh"), sign_in="google")
    assert str(caught.value) == (
        "Google no longer lets us into this mailbox: Token has been revoked. "
        "Sign in there anew under Settings, Mailboxes."
    )


def test_a_token_that_the_server_does_not_take_is_not_used_again(
    google: Provider, token_server: Dovecot
) -> None:
    stale = replace(APP, refresh_token="first-refresh", access_token="unknown", expires_at=9e9)
    account = MailAccount(
        host="127.0.0.1", port=token_server.port, security="none", username="care", sign_in="google"
    )
    with pytest.raises(SignInRefused, match="refused to let 'care' in"):
        actions.try_account(account=account, credentials=stale)
    assert credentials_of(account).access_token == ""


def test_a_provider_that_is_away_is_no_refusal(google: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(table("mail_providers")["google"], "token", "http://127.0.0.1:1/token")
    with pytest.raises(Trouble) as caught:
        oauth.fresh("google", replace(APP, refresh_token="first-refresh"))
    assert not isinstance(caught.value, SignInRefused)
    assert str(caught.value).startswith("Google (127.0.0.1) gave no answer:")
