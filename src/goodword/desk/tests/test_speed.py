"""What a page costs does not grow with what it shows."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from goodword.customers.actions import customer_of
from goodword.customers.models import Customer
from goodword.inbox import actions
from goodword.inbox.models import Conversation
from goodword.mail.models import Mailbox
from goodword.staff.models import Agent

from .conftest import LogIn

LIST = 9
CONVERSATION = 20  # one of these is the alarm of mailboxes that are not read


def queries_of(browser: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        answer = browser.get(address)
    assert answer.status_code == 200
    return [query["sql"] for query in seen]


def test_a_list_of_many_costs_as_many_queries_as_a_list_of_one(
    browser: Client, conversation: Conversation, mailbox: Mailbox
) -> None:
    one = queries_of(browser, "/inbox/open/")
    for number in range(30):
        someone = customer_of(address=f"c{number}@example.org", name=f"Customer {number}")
        place = actions.open_conversation(
            customer=someone, subject=f"Matter {number}", text="What now?", mailbox=mailbox
        )
        actions.add_tag(conversation=place, agent=None, name=f"tag {number % 3}")
    many = queries_of(browser, "/inbox/open/")
    assert len(many) == len(one), "\n".join(many)
    assert len(many) <= LIST, "\n".join(many)


def test_a_long_conversation_costs_as_many_queries_as_a_short_one(
    browser: Client, conversation: Conversation, owner: Agent, team_mate: Agent, customer: Customer
) -> None:
    actions.note(conversation=conversation, agent=owner, markdown="A first note.")
    one = queries_of(browser, f"/conversations/{conversation.pk}/")
    for number in range(20):
        actions.note(conversation=conversation, agent=team_mate, markdown=f"Note {number}, **bold**.")
    many = queries_of(browser, f"/conversations/{conversation.pk}/")
    assert len(many) == len(one), "\n".join(many)
    assert len(many) <= CONVERSATION, "\n".join(many)


def test_a_conversation_costs_least_for_those_who_see_every_mailbox(
    log_in: LogIn, lead: Agent, conversation: Conversation
) -> None:
    asked = queries_of(log_in(lead), f"/conversations/{conversation.pk}/")
    # One of these is the count of approvals in the rail.
    assert len(asked) <= CONVERSATION, "\n".join(asked)
