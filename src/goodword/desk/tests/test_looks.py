"""Who opened what is written down, and administrators read it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from goodword.complaints import actions as complaints
from goodword.customers.actions import customer_of
from goodword.customers.models import Customer
from goodword.goodwill.actions import Place
from goodword.inbox import actions, retention
from goodword.inbox.models import Attachment, Conversation, KeepingTimes
from goodword.mail.actions import keep_file
from goodword.staff import looking
from goodword.staff.models import Agent, Look

from .conftest import LogIn
from .giving import add_levels, give
from .test_promise_pages import promised

How = Look.How


def looks() -> list[tuple[str | None, str, int | None, int | None]]:
    """Who, how, and at what."""
    return [
        (row.agent.name if row.agent else None, row.how, row.customer_id, row.conversation_id)
        for row in Look.objects.select_related("agent").order_by("id")
    ]


def test_opening_a_conversation_is_written_down_once_an_hour(
    browser: Client, owner: Agent, conversation: Conversation
) -> None:
    for _time in range(3):
        browser.get(f"/conversations/{conversation.pk}/")
    browser.get(f"/conversations/{conversation.pk}/", headers={"HX-Request": "true", "HX-Target": "main"})
    assert looks() == [(owner.name, How.PAGE, conversation.customer_id, conversation.pk)]
    Look.objects.update(hour=timezone.now() - timedelta(hours=5))
    browser.get(f"/conversations/{conversation.pk}/")
    assert len(looks()) == 2


def test_what_refreshes_by_itself_is_nobodys_look(browser: Client, conversation: Conversation) -> None:
    for part in ("thread/", "aside/", "row/"):
        browser.get(f"/conversations/{conversation.pk}/{part}", headers={"HX-Request": "true"})
    browser.get("/inbox/open/")
    assert looks() == []


def test_a_customer_a_search_result_and_a_file_are_written_down(
    browser: Client, owner: Agent, conversation: Conversation, customer: Customer
) -> None:
    browser.get(f"/customers/{customer.pk}/")
    browser.get(f"/conversations/{conversation.pk}/", headers={"Referer": "http://testserver/search/?q=lamp"})
    file, picture = (
        Attachment.objects.create(
            message=conversation.messages.get(),
            blob=keep_file(b"a lamp"),
            filename="lamp.png",
            content_type="image/png",
            inline=inline,
        )
        for inline in (False, True)
    )
    for one in (file, picture):
        browser.get(f"/attachments/{one.pk}/lamp.png")
    assert looks() == [
        (owner.name, How.PAGE, customer.pk, None),
        (owner.name, How.SEARCH, customer.pk, conversation.pk),
        (owner.name, How.FILE, customer.pk, conversation.pk),
    ]


def test_a_mail_that_left_its_original_and_an_export_are_written_down(
    log_in: LogIn, administrator: Agent, conversation: Conversation, customer: Customer
) -> None:
    reply = actions.reply(conversation=conversation, agent=administrator, markdown="Sorry.")
    browser = log_in(administrator)
    browser.get(f"/sent/{reply.outgoing_id}/")
    browser.get(f"/sent/{reply.outgoing_id}/raw/")
    browser.post(f"/customers/{customer.pk}/export/")
    assert looks() == [
        (administrator.name, How.PAGE, customer.pk, conversation.pk),
        (administrator.name, How.ORIGINAL, customer.pk, conversation.pk),
        (administrator.name, How.EXPORT, customer.pk, None),
    ]


def test_what_belongs_to_one_customer_is_written_down_on_its_own_page(
    browser: Client, owner: Agent, conversation: Conversation, customer: Customer
) -> None:
    add_levels(owner)
    place = Place(conversation_id=conversation.pk)
    gesture = give(owner, customer, kind="voucher", place=place)
    case = complaints.open_complaint(conversation=conversation, agent=owner, what_happened="It leaks.")
    question = complaints.ask(complaint=case, agent=owner, colleague=owner, text="Why?")
    promise = promised(conversation, owner)
    for page in (
        f"/goodwill/gestures/{gesture.pk}/",
        f"/goodwill/vouchers/?code={gesture.voucher.code}",
        f"/complaints/questions/{question.pk}/",
        f"/promises/{promise.pk}/",
    ):
        assert browser.get(page).status_code == 200
        assert looks() == [(owner.name, How.PAGE, customer.pk, conversation.pk)], page
        Look.objects.all().delete()
    for page in ("/goodwill/", "/goodwill/vouchers/", "/promises/", "/complaints/", "/complaints/register/"):
        assert browser.get(page).status_code == 200
    assert looks() == []


def test_both_sides_of_a_joining_and_older_lines_of_a_timeline_are_written_down(
    browser: Client, owner: Agent, customer: Customer
) -> None:
    other = customer_of(address="otto@example.org", name="Otto")
    browser.get(f"/customers/{customer.pk}/timeline/")
    browser.get(reverse("customer_join", args=[customer.pk]), {"with": other.pk})
    assert looks() == [
        (owner.name, How.PAGE, customer.pk, None),
        (owner.name, How.PAGE, other.pk, None),
    ]


@pytest.mark.parametrize("who", ["stranger"])
def test_what_somebody_may_not_see_they_did_not_look_at(
    who: str, log_in: LogIn, conversation: Conversation, customer: Customer, request: pytest.FixtureRequest
) -> None:
    browser = log_in(request.getfixturevalue(who))
    assert browser.get(f"/conversations/{conversation.pk}/").status_code == 404
    assert browser.get(f"/customers/{customer.pk}/").status_code == 404
    assert looks() == []


@pytest.mark.parametrize("who", ["owner", "team_mate", "stranger", "lead"])
def test_only_administrators_read_who_looked(
    who: str, log_in: LogIn, request: pytest.FixtureRequest, customer: Customer
) -> None:
    browser = log_in(request.getfixturevalue(who))
    assert browser.get("/settings/looks/").status_code == 403
    browser.post("/settings/looks/kept/", {"looks_months": 1})
    assert not KeepingTimes.objects.exists()
    assert "/settings/looks/" not in browser.get("/settings/profile/").content.decode()


def test_administrators_find_looks_by_agent_customer_conversation_and_span(
    log_in: LogIn, administrator: Agent, owner: Agent, lead: Agent, conversation: Conversation
) -> None:
    customer = conversation.customer
    looking.looked(owner, customer_id=customer.pk, conversation_id=conversation.pk)
    looking.looked(lead, How.EXPORT, customer_id=customer.pk + 1)
    Look.objects.filter(agent=lead).update(hour=timezone.now() - timedelta(days=40))
    browser = log_in(administrator)

    def shown(asked: str = "") -> tuple[bool, bool]:
        said = browser.get(f"/settings/looks/{asked}").content.decode()
        rows = said.partition("<tbody>")[2].partition("</tbody>")[0]
        return owner.name in rows, lead.name in rows

    assert shown() == (True, True)
    assert shown(f"?agent={owner.pk}") == (True, False)
    assert shown(f"?customer={customer.pk}") == (True, False)
    assert shown(f"?conversation={conversation.pk}") == (True, False)
    assert shown("?how=export") == (False, True)
    day = (timezone.localdate() - timedelta(days=30)).isoformat()
    assert shown(f"?since={day}") == (True, False)
    assert shown(f"?until={day}") == (False, True)
    assert browser.get("/settings/looks/?since=never").status_code == 422


def test_a_program_stands_there_by_its_name(log_in: LogIn, administrator: Agent, customer: Customer) -> None:
    looking.looked_at([looking.Thing(customer.pk)], How.API, agent=None, program="The till")
    said = log_in(administrator).get("/settings/looks/").content.decode()
    rows = said.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "The till" in rows
    assert "None" not in rows


def test_reading_who_looked_is_written_down_too(
    log_in: LogIn, administrator: Agent, customer: Customer
) -> None:
    browser = log_in(administrator)
    shown = browser.get(f"/customers/{customer.pk}/").content.decode()
    assert f"/settings/looks/?customer={customer.pk}" in shown
    browser.get(f"/settings/looks/?customer={customer.pk}")
    assert looks()[-1] == (administrator.name, How.LOOKS, customer.pk, None)


def test_a_long_list_goes_on_where_the_page_ended(log_in: LogIn, administrator: Agent, owner: Agent) -> None:
    looking.looked_at([looking.Thing(number) for number in range(1, 121)], How.API, agent=owner)
    browser = log_in(administrator)
    asked, seen = f"/settings/looks/?agent={owner.pk}", []
    while asked:
        said = browser.get(asked).content.decode()
        seen.append(said.count("number "))
        link = said.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        asked = f"/settings/looks/{link}" if link else ""
    assert seen == [50, 50, 20]


def test_administrators_say_how_long_it_is_kept(log_in: LogIn, administrator: Agent) -> None:
    browser = log_in(administrator)
    assert retention.times().looks_months == 24
    browser.post("/settings/looks/kept/", {"looks_months": "6"})
    assert retention.times().looks_months == 6
    browser.post("/settings/looks/kept/", {"looks_months": "0"})
    assert retention.times().looks_months == 6
    browser.post("/settings/looks/kept/", {"looks_months": ""})
    assert retention.times().looks_months is None


def test_agents_are_told_on_their_profile(browser: Client) -> None:
    assert (
        "Which customers and conversations you open is written down"
        in browser.get("/settings/profile/").content.decode()
    )
