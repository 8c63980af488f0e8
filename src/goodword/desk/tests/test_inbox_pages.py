from django.test import Client

from goodword.inbox.models import Conversation
from goodword.staff.models import Agent

from .conftest import LogIn


def test_the_inbox_lists_what_waits(browser: Client, conversation: Conversation) -> None:
    answer = browser.get("/inbox/unassigned/")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "The kettle leaks" in page
    assert "Carla Customer" in page
    assert f'href="/conversations/{conversation.pk}/?view=unassigned"' in page


def test_a_conversation_shows_its_words_and_its_customer(browser: Client, conversation: Conversation) -> None:
    page = browser.get(f"/conversations/{conversation.pk}/").content.decode()
    assert "It leaks from the base." in page
    assert "carla@example.org" in page
    assert "data-composer" in page


def test_a_stranger_sees_nothing(log_in: LogIn, stranger: Agent, conversation: Conversation) -> None:
    browser = log_in(stranger)
    assert browser.get(f"/conversations/{conversation.pk}/").status_code == 404
    assert browser.get(f"/conversations/{conversation.pk}/thread/").status_code == 404
    assert browser.get(f"/conversations/{conversation.pk}/row/").status_code == 404
    assert "The kettle leaks" not in browser.get("/inbox/open/").content.decode()
    assert "The kettle leaks" not in browser.get("/search/?q=kettle").content.decode()
    for verb in ("reply", "assign", "close", "snooze", "reopen", "tags", "draft", "presence", "upload"):
        assert browser.post(f"/conversations/{conversation.pk}/{verb}/", {"markdown": "x"}).status_code == 404
