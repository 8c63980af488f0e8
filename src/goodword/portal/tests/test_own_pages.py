"""What every page of a customer's own has in common."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from goodword.kit import links
from goodword.portal.brand import DARK, LIGHT, READABLE, _read, brand, contrast, style_sheet
from goodword.portal.pages import linked, show

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>'
THREE = ("--accent", "--accent-fill", "--on-accent")


@linked("something")
def something(request: HttpRequest, number: int) -> HttpResponse:
    """A page that says which record it was asked for."""
    return show(request, "portal/broken.html", {"number": number})


@pytest.fixture
def company(tmp_path: Path, settings) -> Iterator[Path]:
    """A company with a name, a logo and a colour."""
    logo = tmp_path / "logo.svg"
    logo.write_text(LOGO)
    settings.CONFIG = replace(
        settings.CONFIG, company_name="Kettle & Co", company_logo=logo, company_colour="#ffd000"
    )
    return logo


def opened(token: str) -> HttpResponse:
    return something(RequestFactory().get("/yours/something/"), token)


def test_a_good_link_opens_its_page_which_nobody_keeps(mailbox):
    response = opened(links.sign("something", 7, days=1))
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store, private"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert not response.cookies


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-2], lambda t: t + "x", lambda t: "x" + t, lambda t: "", str.upper]
)
def test_a_link_that_was_changed_opens_nothing_and_says_what_to_do(mailbox, spoil):
    response = opened(spoil(links.sign("something", 7, days=1)))
    assert response.status_code == 404
    assert "What to do" in response.content.decode()


def test_a_link_of_another_purpose_opens_nothing(mailbox):
    assert opened(links.sign("other", 7, days=1)).status_code == 404


def test_an_old_link_says_that_it_is_too_old_and_what_to_do(mailbox):
    token = links.sign("something", 7, days=1)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        response = opened(token)
    assert response.status_code == 410
    assert "too old" in response.content.decode()
    assert "Answer the mail" in response.content.decode()


def test_the_pages_run_no_script_and_ask_no_other_host(mailbox, company):
    html = opened(links.sign("something", 7, days=1)).content.decode()
    assert "<script" not in html
    assert "style=" not in html
    assert "://" not in html


def test_the_company_is_named_as_it_is_set_and_else_as_its_mailbox(mailbox, settings):
    assert brand().name == "Care"
    settings.CONFIG = replace(settings.CONFIG, company_name="Kettle & Co")
    assert brand(mailbox).name == "Kettle & Co"


def test_a_house_without_mailbox_has_a_name_all_the_same(db):
    assert brand().name


def test_the_company_s_logo_and_colour_are_served(mailbox, company):
    client = Client()
    html = opened(links.sign("something", 7, days=1)).content.decode()
    assert "Kettle &amp; Co" in html
    assert "/yours/colours.css" in html
    logo = client.get("/yours/logo")
    assert logo.headers["Content-Type"] == "image/svg+xml"
    assert "default-src 'none'" in logo.headers["Content-Security-Policy"]
    assert b"".join(logo.streaming_content) == LOGO.encode()
    colours = client.get("/yours/colours.css")
    assert colours.headers["Content-Type"].startswith("text/css")
    assert "--accent:" in colours.content.decode()


def test_without_logo_and_colour_the_pages_do_without(mailbox):
    client = Client()
    assert client.get("/yours/logo").status_code == 404
    assert client.get("/yours/colours.css").content == b""
    assert "/yours/logo" not in opened(links.sign("something", 7, days=1)).content.decode()


def test_whatever_the_company_s_colour_words_can_be_read_by_day_and_by_night():
    chance = random.Random(5)
    colours = ["#000000", "#ffffff", "#ffff00", "#0000ff", "#808080"]
    colours += [f"#{chance.randrange(1 << 24):06x}" for _ in range(200)]
    for colour in colours:
        values = dict(
            part.strip().split(": ", 1) for part in style_sheet(colour)[7:-3].split(";") if ":" in part
        )
        pairs = {name: value[11:-1].split(", ") for name, value in values.items()}
        for at, ground in ((0, LIGHT), (1, DARK)):
            accent, fill, words = (
                _read(pairs[name][at]) for name in ("--accent", "--accent-fill", "--on-accent")
            )
            assert contrast(accent, ground) >= READABLE, colour
            assert contrast(fill, words) >= READABLE, colour


def test_the_settings_know_the_kinds_of_pictures():
    assert settings.CONFIG.company_logo is None
