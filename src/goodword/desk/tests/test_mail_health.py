"""What was delivered and what became of it, on the pages, with the rows behind every figure."""

import re

import pytest
from django.test import Client

from goodword.mail import registry
from goodword.mail.actions import accept
from goodword.mail.intake import turn_waiting
from goodword.mail.models import Delivery, MailAccount, Mailbox, RawMail
from goodword.staff.models import Agent, Team

from .conftest import LogIn

MAIL = b"From: Carla <carla@example.org>\r\nTo: care@desk.example\r\nMessage-ID: <%d@example.org>\r\n"
MAIL += b"Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nSubject: Kettle %d\r\n\r\nWhere is it?\r\n"


@pytest.fixture
def delivered(mailbox: Mailbox) -> None:
    """Two mails, one of them twice, and one that nobody can read."""
    for number in (1, 2, 2):
        accept(raw=MAIL % (number, number), source="smtp", envelope_from="carla@example.org")
    accept(raw=b"Subject: from nobody\r\n\r\nHi\r\n", source="pipe")
    turn_waiting()


def figures(body: str) -> dict[str, int]:
    cells = re.findall(r'<td class="num" data-label="([^"]+)">\s*<(?:a|span)[^>]*>(\d+)<', body)
    return {name: int(count) for name, count in cells}


def test_every_figure_opens_as_many_rows_as_it_says(browser: Client, delivered: None) -> None:
    body = browser.get("/mail-health/").content.decode()
    assert figures(body) == {
        "Delivered": 4,
        "Stored": 3,
        "Turned into messages": 2,
        "Recorded only": 1,
        "Needs a person": 1,
        "Waiting to be read": 0,
        "Unexplained": 0,
    }
    links = re.findall(r'href="(/mail-health/[^"]+)"[^>]*>(\d+)<', body)
    assert len(links) == 5
    for address, count in links:
        rows = browser.get(address).content.decode()
        assert rows.count('<th scope="row">') == int(count), address


def test_a_row_leads_to_what_became_of_the_mail(browser: Client, delivered: None) -> None:
    body = browser.get("/mail-health/").content.decode()
    address = re.findall(r'href="(/mail-health/[^"]+/delivered/)"', body)[0]
    rows = browser.get(address).content.decode()
    kept = RawMail.objects.filter(message__isnull=False)
    for conversation in kept.values_list("message__conversation_id", flat=True):
        assert f'href="/conversations/{conversation}/"' in rows
    assert 'href="/needs-a-person/"' in rows
    assert "The mail names no sender" in rows
    assert "Delivered before" in rows


def test_the_figures_stand_in_a_sentence(browser: Client, delivered: None) -> None:
    body = browser.get("/mail-health/").content.decode()
    assert "4 deliveries in the last 14 days. 2 became messages" in body
    assert "Nothing is unexplained." in body


def test_what_is_unexplained_is_said_first_and_can_be_opened(browser: Client, delivered: None) -> None:
    RawMail.objects.filter(message__isnull=False).first().delete()  # type: ignore[union-attr]
    Delivery.objects.filter(raw_mail__state=RawMail.State.NEEDS_PERSON).delete()
    body = browser.get("/mail-health/").content.decode()
    assert "2 deliveries of these days cannot be accounted for." in body
    address = re.findall(r'href="(/mail-health/[^"]+/unexplained/)"', body)[0]
    rows = browser.get(address).content.decode()
    assert rows.count('<th scope="row">') == 2
    assert "Stored, but no delivery of it was written down" in rows


def test_without_mail_the_page_says_what_will_be_here(browser: Client) -> None:
    assert "No mail in the last 14 days" in browser.get("/mail-health/").content.decode()


def test_a_closed_mailbox_shows_neither_figures_nor_rows(
    browser: Client, log_in: LogIn, stranger: Agent, team: Team, delivered: None
) -> None:
    address = re.findall(r'href="(/mail-health/[^"]+)"', browser.get("/mail-health/").content.decode())[0]
    other = log_in(stranger)
    assert "care@desk.example" not in other.get("/mail-health/").content.decode()
    assert other.get(address).status_code == 404


@pytest.mark.parametrize(
    "odd", ["2026-99-01/delivered", "yesterday/delivered", "2026-11-20/nothing", "9999-12-31/delivered"]
)
def test_an_address_that_names_no_figure_is_not_found(browser: Client, mailbox: Mailbox, odd: str) -> None:
    assert browser.get(f"/mail-health/{mailbox.pk}/{odd}/").status_code == 404


def test_the_servers_are_asked_when_somebody_wants_to_know(
    browser: Client, mailbox: Mailbox, delivered: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    MailAccount.objects.create(mailbox=mailbox, host="imap.example.org", username="care")
    asked: list[object] = []
    monkeypatch.setattr(registry.server_counts, "_entries", [lambda account, day: asked.append(day) or 7])
    assert 'href="?servers=1"' in browser.get("/mail-health/").content.decode()
    assert asked == []
    body = browser.get("/mail-health/?servers=1").content.decode()
    assert len(asked) == 14
    assert re.search(r'data-label="On the server">7', body)
