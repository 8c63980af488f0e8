"""Promises, customers, search, mail, and what asks for one's attention."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from goodword.customers.models import Customer
from goodword.inbox import actions
from goodword.inbox.models import Conversation, Message
from goodword.mail.models import Mailbox, OutgoingMail, RawMail
from goodword.promises.actions import NewPromise, keep
from goodword.promises.models import Promise
from goodword.promises.reminding import remind_due
from goodword.staff.models import Agent, Team

from .conftest import LogIn


@pytest.fixture
def promise(conversation: Conversation, owner: Agent) -> Promise:
    """Olga owes Carla a call, since an hour."""
    due = timezone.now() - timedelta(hours=1)
    new = NewPromise(what="call back", quote="I will call you", due_at=due, whole_day=False, due_text="")
    return actions.add_promise(conversation=conversation, agent=owner, promise=new)


def words(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_promise_stands_in_the_due_list_until_it_is_kept(browser: Client, promise: Promise) -> None:
    assert "One promise is overdue." in words(browser, "/promises/")
    assert "I will call you" in words(browser, f"/promises/{promise.pk}/")
    browser.post(f"/promises/{promise.pk}/keep/", {"note": "Called at noon"})
    promise.refresh_from_db()
    assert promise.state == "kept"
    assert "Call back" not in words(browser, "/promises/").split("<main")[1]
    assert "Call back" in words(browser, "/promises/kept/")
    assert "Called at noon" in words(browser, f"/promises/{promise.pk}/")


def test_a_promise_is_put_off_and_given_away(browser: Client, promise: Promise, team_mate: Agent) -> None:
    browser.post(f"/promises/{promise.pk}/time/", {"due_day": "2027-03-01", "due_time": "", "note": "agreed"})
    promise.refresh_from_db()
    assert (promise.whole_day, promise.due_day.isoformat() if promise.due_day else "") == (True, "2027-03-01")
    browser.post(f"/promises/{promise.pk}/owner/", {"owner": team_mate.pk})
    assert "Call back" not in words(browser, "/promises/").split("<main")[1]
    assert "Call back" in words(browser, "/promises/?whose=all")
    wrong = browser.post(f"/promises/{promise.pk}/time/", {"due_day": "soon"}, follow=True).content.decode()
    assert "banner--bad" in wrong


def test_a_promise_of_somebody_who_left_is_shown_with_its_team(
    browser: Client, promise: Promise, team: Team, team_mate: Agent
) -> None:
    Promise.objects.filter(pk=promise.pk).update(owner=team_mate, team=team)
    assert "Tariq Mate" in words(browser, "/promises/?whose=all").split("<main")[1]
    Agent.objects.filter(pk=team_mate.pk).update(is_active=False)
    page = words(browser, "/promises/?whose=all").split("<main")[1]
    assert "Tariq Mate" not in page
    assert f"the team {team.name}" in page


def test_beside_a_conversation_stand_the_open_promises_and_three_settled_ones(
    browser: Client, conversation: Conversation, promise: Promise, owner: Agent
) -> None:
    for number in range(30):
        new = NewPromise(what=f"send part {number}", quote="", due_at=None, whole_day=False, due_text="")
        made = actions.add_promise(conversation=conversation, agent=owner, promise=new)
        keep(promise=made, agent=owner)
    side = words(browser, f"/conversations/{conversation.pk}/aside/").split('id="side-promises"')[1]
    side = side.split("</section>")[0]
    assert "Call back" in side
    assert side.count("<li") == 4
    assert f'href="/customers/{conversation.customer_id}/#promises"' in side


def test_closing_asks_only_for_what_was_promised_in_this_conversation(
    browser: Client,
    conversation: Conversation,
    promise: Promise,
    customer: Customer,
    mailbox: Mailbox,
    owner: Agent,
) -> None:
    other = actions.open_conversation(customer=customer, subject="Lids", text="Any?", mailbox=mailbox)
    new = NewPromise(what="send a lid", quote="", due_at=None, whole_day=False, due_text="")
    actions.add_promise(conversation=other, agent=owner, promise=new)
    page = words(browser, f"/conversations/{other.pk}/?close=ask")
    asked = page.split("what about these promises?")[1].split("</ul>")[0]
    assert "Send a lid" in asked
    assert "Call back" not in asked


def test_a_stranger_sees_no_promise_and_no_customer_of_others(
    log_in: LogIn, stranger: Agent, promise: Promise, customer: Customer
) -> None:
    browser = log_in(stranger)
    assert browser.get(f"/promises/{promise.pk}/").status_code == 404
    assert browser.post(f"/promises/{promise.pk}/keep/").status_code == 404
    assert "Call back" not in words(browser, "/promises/?whose=all")
    assert browser.get(f"/customers/{customer.pk}/").status_code == 404
    assert "Carla" not in words(browser, "/customers/")


def test_a_customer_is_found_renamed_noted_and_given_addresses(
    browser: Client, conversation: Conversation, customer: Customer
) -> None:
    assert "Carla Customer" in words(browser, "/customers/?q=carl")
    address = f"/customers/{customer.pk}/"
    browser.post(f"{address}name/", {"name": "Carla Counts", "organisation": "Abacus"})
    browser.post(f"{address}notes/", {"body": "Call after six"})
    browser.post(f"{address}addresses/", {"address": "C@work.example"})
    page = words(browser, address)
    for word in ("Carla Counts", "Abacus", "Call after six", "c@work.example", "The kettle leaks"):
        assert word in page
    wrong = browser.post(f"{address}addresses/", {"address": "nonsense"}, follow=True).content.decode()
    assert "&#x27;nonsense&#x27; is not a mail address" in wrong


def test_search_marks_the_words_and_finds_numbers(browser: Client, conversation: Conversation) -> None:
    found = words(browser, "/search/?q=kettle")
    assert "<mark>kettle</mark>" in found.lower()
    assert "The kettle leaks" in words(browser, f"/search/?q=%23{conversation.pk}")
    nothing = words(browser, "/search/?q=<script>zzz")
    assert "<script>zzz" not in nothing
    assert "Nothing found" in nothing


def test_sent_mail_is_shown_as_the_customer_sees_it(
    browser: Client, conversation: Conversation, owner: Agent, log_in: LogIn, stranger: Agent
) -> None:
    actions.reply(conversation=conversation, agent=owner, markdown="Hi Carla, **sorry**.")
    mail = OutgoingMail.objects.get()
    assert "carla@example.org" in words(browser, "/sent/")
    page = words(browser, f"/sent/{mail.pk}/")
    assert "<strong>sorry</strong>" in page
    assert mail.message_id.strip("<>") in page
    raw = browser.get(f"/sent/{mail.pk}/raw/")
    assert raw["Content-Disposition"].startswith("attachment")
    assert raw.content == bytes(mail.raw)
    other = log_in(stranger)
    assert other.get(f"/sent/{mail.pk}/").status_code == 404
    assert "carla@example.org" not in words(other, "/sent/")


def test_log_in_links_in_staff_mail_are_for_administrators(
    log_in: LogIn, lead: Agent, administrator: Agent
) -> None:
    OutgoingMail.objects.create(
        message_id="<a@b>",
        purpose="staff",
        sender="x@y.example",
        recipients=["a@desk.example"],
        subject="Link",
        raw=b"x",
    )
    assert "Link" in words(log_in(administrator), "/sent/")
    assert "a@desk.example" not in words(log_in(lead), "/sent/")


def test_mail_that_needs_a_person_is_downloaded_tried_again_and_set_aside(
    browser: Client, mailbox: Mailbox, log_in: LogIn, stranger: Agent
) -> None:
    mail = RawMail.objects.create(
        mailbox=mailbox,
        identity="x",
        raw=b"From nobody",
        size=11,
        source="test",
        state="needs_person",
        reason="The mail names no sender.",
    )
    assert "The mail names no sender." in words(browser, "/needs-a-person/")
    assert browser.get(f"/needs-a-person/{mail.pk}/raw/").content == b"From nobody"
    assert log_in(stranger).get(f"/needs-a-person/{mail.pk}/raw/").status_code == 404
    browser.post(f"/needs-a-person/{mail.pk}/aside/")
    assert "The mail names no sender." not in words(browser, "/needs-a-person/")
    assert "The mail names no sender." in words(browser, "/needs-a-person/?aside=1")
    browser.post(f"/needs-a-person/{mail.pk}/retry/")
    mail.refresh_from_db()
    assert mail.state == "waiting"


def test_reminders_and_mentions_ask_for_attention_until_they_are_read(
    browser: Client, promise: Promise, conversation: Conversation, team_mate: Agent
) -> None:
    remind_due()
    actions.note(conversation=conversation, agent=team_mate, markdown="@olga have a look")
    page = words(browser, "/for-you/")
    assert "Call back" in page
    assert "have a look" in page
    assert 'class="dot"' in page
    browser.post(f"/conversations/{conversation.pk}/presence/", {"state": "viewing"})
    assert 'class="dot"' not in words(browser, "/for-you/")
    browser.post("/for-you/seen/")
    after = words(browser, "/for-you/")
    assert "Call back" not in after
    assert 'class="dot"' not in after


def test_a_failed_reply_says_why_and_can_be_tried_again(
    browser: Client, conversation: Conversation, owner: Agent
) -> None:
    sent = actions.reply(conversation=conversation, agent=owner, markdown="Hi.", undo_seconds=0)
    OutgoingMail.objects.update(state="failed", error="The mailbox is full.")
    page = words(browser, f"/conversations/{conversation.pk}/")
    assert "not delivered: The mailbox is full." in page
    browser.post(f"/messages/{sent.pk}/retry/")
    assert OutgoingMail.objects.get().state == "queued"


def test_htmx_gets_the_panes_and_leaves_the_list_alone(browser: Client, conversation: Conversation) -> None:
    headers = {
        "HTTP_HX_REQUEST": "true",
        "HTTP_HX_TARGET": "main",
        "HTTP_HX_CURRENT_URL": "http://testserver/inbox/open/",
    }
    page = browser.get(f"/conversations/{conversation.pk}/?view=open", **headers).content.decode()
    assert "<html" not in page
    assert '<section id="list" hx-preserve>' in page
    assert f'id="row-{conversation.pk}"' in page
    part = browser.get(
        f"/conversations/{conversation.pk}/", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="conversation"
    )
    assert 'id="side"' in part.content.decode()
    back = browser.get(
        f"/conversations/{conversation.pk}/", HTTP_HX_REQUEST="true", HTTP_HX_HISTORY_RESTORE_REQUEST="true"
    )
    assert "<html" in back.content.decode()


def test_the_thread_is_fetched_alone_with_what_its_reader_has_seen(
    browser: Client, conversation: Conversation
) -> None:
    newest = Message.objects.get()
    part = words(browser, f"/conversations/{conversation.pk}/thread/")
    assert "<html" not in part
    assert f'name="seen" value="{newest.pk}"' in part
