"""The report about promises says in sentences how they were kept; each number opens its rows."""

import re

import pytest
from django.test import Client

from goodword.inbox import actions
from goodword.inbox.models import Conversation
from goodword.promises import actions as promises
from goodword.staff.models import Agent


@pytest.fixture
def history(conversation: Conversation, owner: Agent) -> None:
    """Three promises were kept and one was broken."""
    for number, verb in enumerate([promises.keep, promises.keep, promises.keep, promises.break_]):
        new = promises.NewPromise(
            what=f"refund number {number}", quote="", due_at=None, whole_day=False, due_text="", kind="money"
        )
        made = actions.add_promise(conversation=conversation, agent=owner, promise=new)
        verb(promise=made, agent=owner)


def test_it_begins_with_sentences_and_names_nobody(browser: Client, history: None, owner: Agent) -> None:
    shown = browser.get("/reports/promises/").content.decode()
    assert "75 % of 4 promises were kept, 3 of them in time." in shown
    assert "1 was broken; its kind: money." in shown
    assert "<svg" in shown
    main = shown.split("<h1>")[1].split("</main>")[0]
    assert owner.name not in main


def test_each_number_opens_its_rows(browser: Client, history: None) -> None:
    shown = browser.get("/reports/promises/").content.decode()
    links = re.findall(r'href="(/reports/promises/rows/[^"]+)">(\d+)<', shown)
    assert links
    for address, number in links:
        rows = browser.get(address.replace("&amp;", "&")).content.decode()
        assert rows.count("Refund number") == int(number), address


@pytest.mark.parametrize("query", ["from=x&to=y", "from=2026-12-01&to=2020-01-01", "by=nobody&key=%00x"])
def test_odd_addresses_are_no_trouble(browser: Client, history: None, query: str) -> None:
    assert browser.get(f"/reports/promises/?{query}").status_code in (200, 422)
    assert browser.get(f"/reports/promises/rows/?{query}").status_code in (200, 422)


def test_a_quiet_time_says_so(browser: Client) -> None:
    assert "Nobody said of any promise" in browser.get("/reports/promises/").content.decode()
