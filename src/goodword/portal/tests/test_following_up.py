"""The customer says on a page whether all is well."""

import re
from datetime import time

import pytest

from goodword.complaints import actions
from goodword.complaints.models import Remedy
from goodword.customers.models import ContactRule
from goodword.inbox.models import Message


@pytest.fixture
def asked(offer, case, owner):
    """The customer was asked, and this is the address without what was tapped."""
    actions.choose(proposal=offer, option=offer.options.get(kind="refund"))
    actions.refunded(remedy=Remedy.objects.get(), agent=owner, reference="RF-1")
    ContactRule.objects.create(pk=1, quiet_from=time(0), quiet_until=time(0), quiet_weekdays=[])
    actions.send_due(case.follow_ups.get().due_at)
    mail = case.conversation.messages.filter(kind=Message.Kind.AUTOMATIC).latest("id").text
    return re.search(r"http://[^/]+(/yours/well/[^?\s]+)\?all=well", mail)[1]


def test_looking_at_either_link_changes_nothing(customer_client, asked, case):
    for said in ("well", "not-yet", "nonsense"):
        assert customer_client.get(asked, {"all": said}).status_code == 200
    assert case.follow_ups.get().answered_at is None


def test_all_is_well(customer_client, asked, case):
    for _twice in range(2):
        response = customer_client.post(asked, {"all": "well"}, follow=True)
    assert "Good to hear" in response.content.decode()
    assert case.follow_ups.get().is_content is True
    case.refresh_from_db()
    assert case.stage == "followed_up"


def test_not_yet_opens_the_case_again_with_the_words(customer_client, asked, case, owner):
    actions.close(complaint=case, agent=owner)
    for _twice in range(2):
        response = customer_client.post(asked, {"all": "not-yet", "words": "No money yet."}, follow=True)
    assert "the case is open again" in response.content.decode()
    case.refresh_from_db()
    assert case.is_open
    assert case.reopenings.count() == 1
    assert case.conversation.messages.filter(text__contains="No money yet.").count() == 1


def test_not_yet_needs_no_words(customer_client, asked, case):
    customer_client.post(asked, {"all": "not-yet"})
    assert case.follow_ups.get().is_content is False


def test_a_forged_link_says_nothing(customer_client, asked, case):
    assert customer_client.post(asked[:-2], {"all": "not-yet"}).status_code == 404
    assert case.follow_ups.get().answered_at is None


def test_one_who_was_content_can_say_later_that_it_is_not_well(customer_client, asked, case):
    customer_client.post(asked, {"all": "well"})
    assert "What is not right yet?" in customer_client.get(asked, {"all": "not-yet"}).content.decode()
    customer_client.post(asked, {"all": "not-yet", "words": "It leaks again."})
    case.refresh_from_db()
    assert case.stage == "investigating"
