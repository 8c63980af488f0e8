"""One call told of twice in the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from tests.waiting import waiting_for_locks

from goodword.customers.models import Customer
from goodword.inbox import actions
from goodword.inbox.actions import NewCall
from goodword.inbox.models import Conversation, Message

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_opens_one_conversation(customer: Customer) -> None:
    call = NewCall(direction="incoming", said="It leaks.", reference="pbx-17")

    def told() -> Message:
        return actions.open_by_call(customer=customer, agent=None, subject="The kettle", call=call)

    def again() -> Message:
        try:
            return told()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first = told()
            second = pool.submit(again)
            while not (waiting_for_locks() or second.done()):
                pass
        assert second.result() == first

    assert Conversation.objects.count() == 1
