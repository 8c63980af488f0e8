"""Whose it is, when it comes back, whether it is closed; tags, merges, many at once."""

import re

from django.test import Client

from goodword.customers.models import Customer
from goodword.inbox import actions
from goodword.inbox.models import Conversation, Merge, Tag
from goodword.mail.models import Mailbox
from goodword.promises.actions import NewPromise
from goodword.promises.models import Promise
from goodword.staff.models import Agent


def words(browser: Client, address: str) -> str:
    return browser.get(address).content.decode()


def test_taking_and_giving_away(
    browser: Client, conversation: Conversation, owner: Agent, team_mate: Agent, stranger: Agent
) -> None:
    address = f"/conversations/{conversation.pk}/assign/"
    browser.post(address, {"to": "me"})
    conversation.refresh_from_db()
    assert conversation.assignee == owner
    browser.post(address, {"to": str(team_mate.pk)})
    conversation.refresh_from_db()
    assert conversation.assignee == team_mate
    refused = browser.post(address, {"to": str(stranger.pk)}, follow=True)
    assert "cannot see this conversation" in refused.content.decode()
    browser.post(address, {"to": ""})
    conversation.refresh_from_db()
    assert conversation.assignee is None


def test_a_snoozed_conversation_leaves_the_list_and_comes_back(
    browser: Client, conversation: Conversation
) -> None:
    address = f"/conversations/{conversation.pk}/"
    browser.post(f"{address}snooze/", {"until": "tomorrow"})
    assert "The kettle leaks" not in words(browser, "/inbox/open/")
    assert "The kettle leaks" in words(browser, "/inbox/snoozed/")
    browser.post(f"{address}reopen/")
    assert "The kettle leaks" in words(browser, "/inbox/open/")


def test_a_nonsensical_snooze_is_refused(browser: Client, conversation: Conversation) -> None:
    address = f"/conversations/{conversation.pk}/snooze/"
    for asked in ("soon", "2001-01-01T10:00", "9999-99-99"):
        answer = browser.post(address, {"until": asked}, HTTP_ACCEPT="application/json")
        assert answer.status_code == 422, asked
    conversation.refresh_from_db()
    assert conversation.state == "open"


def test_a_promise_sent_twice_is_one_and_the_same_words_in_a_new_form_are_another(
    browser: Client, conversation: Conversation
) -> None:
    address = f"/conversations/{conversation.pk}/"
    given = {"what": "send  a lid", "due_day": "2027-02-01"}
    for made in (1, 2):
        form = words(browser, f"{address}more/?show=promise")
        after = re.search(r'name="after" value="([0-9]+)"', form)
        assert after is not None
        for _click in range(2):
            browser.post(f"{address}promises/", given | {"after": after[1]})
        assert Promise.objects.count() == made
    browser.post(f"{address}promises/", given | {"after": after[1], "due_day": "2027-02-02"})
    assert Promise.objects.count() == 3


def test_closing_with_an_open_promise_asks_first(
    browser: Client, conversation: Conversation, owner: Agent
) -> None:
    promise = NewPromise(what="call back", quote="", due_at=None, whole_day=False, due_text="")
    actions.add_promise(conversation=conversation, agent=owner, promise=promise)
    address = f"/conversations/{conversation.pk}/"
    asked = browser.post(f"{address}close/", follow=True).content.decode()
    assert "what about these promises?" in asked
    assert "Call back" in asked
    conversation.refresh_from_db()
    assert conversation.state == "open"
    browser.post(f"{address}close/", {"leave_promises": "1"})
    conversation.refresh_from_db()
    assert conversation.state == "closed"


def test_tags_go_on_and_off_and_narrow_the_list(browser: Client, conversation: Conversation) -> None:
    address = f"/conversations/{conversation.pk}/tags/"
    browser.post(address, {"add": "Delivery"})
    assert "The kettle leaks" in words(browser, "/inbox/open/?tag=delivery")
    assert "The kettle leaks" not in words(browser, "/inbox/open/?tag=billing")
    actions.add_tag(conversation=conversation, agent=None, name="kettle")
    Tag.objects.create(name="somebody else's")
    meta = (
        words(browser, f"/conversations/{conversation.pk}/?view=open")
        .split('id="conv-meta"')[1]
        .split("</div>")[0]
    )
    assert "delivery" in meta
    thread = words(browser, f"/conversations/{conversation.pk}/thread/").split('id="thread"')[1]
    assert "tagged it" not in thread.split('id="conv-meta"')[0]
    assert "somebody" not in meta
    browser.post(address, {"remove": "delivery"})
    assert "The kettle leaks" not in words(browser, "/inbox/open/?tag=delivery")


def test_a_merge_leads_on_and_can_be_taken_back(
    browser: Client, conversation: Conversation, customer: Customer, mailbox: Mailbox
) -> None:
    other = actions.open_conversation(
        customer=customer, subject="Kettle again", text="Hello?", mailbox=mailbox
    )
    page = words(browser, f"/conversations/{other.pk}/merge/")
    assert "The kettle leaks" in page
    browser.post(f"/conversations/{other.pk}/merge/into/", {"into": f"#{conversation.pk}"})
    led = browser.get(f"/conversations/{other.pk}/")
    assert led["Location"] == f"/conversations/{conversation.pk}/"
    shown = words(browser, led["Location"])
    assert "Hello?" in shown
    assert "was merged into this conversation" in shown
    assert browser.get(f"/conversations/{other.pk}/thread/")["HX-Redirect"] == led["Location"]
    browser.post(f"/merges/{Merge.objects.get().pk}/undo/")
    assert browser.get(f"/conversations/{other.pk}/").status_code == 200


def test_many_at_once_and_what_could_not_be_done_is_said(
    browser: Client, conversation: Conversation, customer: Customer, mailbox: Mailbox, owner: Agent
) -> None:
    other = actions.open_conversation(customer=customer, subject="Two", text="Second", mailbox=mailbox)
    promise = NewPromise(what="call back", quote="", due_at=None, whole_day=False, due_text="")
    actions.add_promise(conversation=other, agent=owner, promise=promise)
    chosen = {"conversation": [conversation.pk, other.pk], "next": "/inbox/open/"}
    browser.post("/inbox/bulk/", chosen | {"action": "assign:me"})
    assert Conversation.objects.filter(assignee=owner).count() == 2
    closed = browser.post("/inbox/bulk/", chosen | {"action": "close"}, follow=True).content.decode()
    assert "Done for one conversation." in closed
    assert "promise" in closed
    nothing = browser.post("/inbox/bulk/", {"action": "close"}, follow=True).content.decode()
    assert "Nothing was selected." in nothing


def test_going_back_never_leaves_the_house(browser: Client, conversation: Conversation) -> None:
    chosen = {"conversation": [conversation.pk], "action": "assign:me", "next": "https://elsewhere.example/"}
    answer = browser.post("/inbox/bulk/", chosen)
    assert "elsewhere" not in answer["Location"]


def test_presence_tells_others_only(
    browser: Client, conversation: Conversation, team_mate: Agent, log_in: object
) -> None:
    address = f"/conversations/{conversation.pk}/presence/"
    mine = browser.post(address, {"state": "viewing"}).json()
    assert mine == {"people": []}
    actions.arrive(conversation=conversation, agent=team_mate, doing="replying")
    people = browser.post(address, {"state": "viewing"}).json()["people"]
    assert people == [{"id": team_mate.pk, "name": "Tariq", "state": "replying"}]


def test_what_stands_in_dialogs_has_a_page_of_its_own(
    browser: Client, conversation: Conversation, owner: Agent
) -> None:
    address = f"/conversations/{conversation.pk}/"
    actions.add_tag(conversation=conversation, agent=owner, name="delivery")
    assert "Take delivery off" in words(browser, f"{address}more/?show=tags")
    assert "Tariq Mate" in words(browser, f"{address}more/?show=assign")
    assert "datetime-local" in words(browser, f"{address}more/?show=snooze")
    assert "What was promised" in words(browser, f"{address}more/?show=promise")
    browser.post(f"{address}promises/", {"what": "send a lid", "due_day": "2027-02-01", "owner": owner.pk})
    assert "Send a lid" in words(browser, "/promises/")
    browser.post(f"{address}snooze/", {"until": "2099-02-01T09:30"})
    assert "back" in words(browser, address)
