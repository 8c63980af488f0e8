"""Several agents at the same moment."""

import threading

import pytest
from django.db import connection

from goodword.customers.actions import customer_of
from goodword.customers.models import Customer
from goodword.inbox import actions
from goodword.inbox.errors import ConversationMoved, NotPossible
from goodword.inbox.models import Draft, Message
from goodword.mail import actions as mail
from goodword.mail import outbox
from goodword.mail.intake import turn_waiting
from goodword.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*tasks):
    """Run each task in a thread of its own from one starting line; their results, or what they raised."""
    line = threading.Barrier(len(tasks))
    results = [None] * len(tasks)

    def run(index, task):
        try:
            line.wait(timeout=10)
            results[index] = task()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


@pytest.fixture
def place(mailbox):
    carla = customer_of(address="carla@example.org", name="Carla")
    return actions.open_conversation(customer=carla, subject="A lamp", text="It broke.", mailbox=mailbox)


def test_of_two_replies_at_once_one_goes_out_and_the_other_is_kept(place, owner, team_mate):
    results = at_once(
        lambda: actions.reply(conversation=place, agent=owner, markdown="From Olga", revision=1),
        lambda: actions.reply(conversation=place, agent=team_mate, markdown="From Tariq", revision=1),
    )
    assert sorted(type(result).__name__ for result in results) == ["ConversationMoved", "Message"]
    assert OutgoingMail.objects.count() == 1
    stopped = next(result for result in results if isinstance(result, ConversationMoved))
    sent = next(result for result in results if isinstance(result, Message))
    assert list(stopped.messages) == [sent]
    texts = {sent.markdown, Draft.objects.get().markdown}
    assert texts == {"From Olga", "From Tariq"}


def test_a_double_click_in_two_tabs_is_one_reply(place, owner):
    tasks = [lambda: actions.reply(conversation=place, agent=owner, markdown="Sorry", revision=1)] * 2
    first, second = at_once(*tasks)
    assert first == second
    assert OutgoingMail.objects.count() == 1


def test_crossing_merges_do_not_block_each_other(place, owner, team_mate):
    other = actions.open_conversation(customer=place.customer, subject="B", text="b", mailbox=place.mailbox)
    results = at_once(
        lambda: actions.merge(source=place, target=other, agent=owner),
        lambda: actions.merge(source=other, target=place, agent=team_mate),
    )
    assert sorted(type(result).__name__ for result in results) == ["Merge", "Merged"]


def test_tags_drafts_and_signs_of_presence_at_once_are_one_of_each(place, owner, team_mate):
    tags = at_once(
        lambda: actions.add_tag(conversation=place, agent=owner, name="lamp"),
        lambda: actions.add_tag(conversation=place, agent=team_mate, name="Lamp"),
    )
    assert tags[0] == tags[1]
    drafts = at_once(
        lambda: actions.save_draft(conversation=place, agent=owner, kind="reply", markdown="a"),
        lambda: actions.save_draft(conversation=place, agent=owner, kind="reply", markdown="b"),
    )
    assert drafts[0] == drafts[1]
    assert at_once(*[lambda: actions.arrive(conversation=place, agent=owner, doing="viewing")] * 2) == [
        None,
        None,
    ]


def test_a_reply_is_either_taken_back_or_sent_never_both(place, owner):
    reply = actions.reply(conversation=place, agent=owner, markdown="Sorry", undo_seconds=0)
    undone, sent = at_once(lambda: actions.undo_reply(message=reply, agent=owner), outbox.send_due)
    outgoing = OutgoingMail.objects.get()
    if isinstance(undone, Draft):
        assert (sent, outgoing.state) == (0, OutgoingMail.State.WITHDRAWN)
        assert not Message.objects.filter(pk=reply.pk).exists()
    else:
        assert isinstance(undone, NotPossible)
        assert (sent, outgoing.state) == (1, OutgoingMail.State.SENT)
        assert Message.objects.filter(pk=reply.pk).exists()


def test_a_mail_that_two_workers_take_up_is_one_message(mailbox):
    raw = b"From: carla@example.org\r\nTo: care@desk.example\r\nMessage-ID: <a@b>\r\n\r\nIt broke.\r\n"
    taken = at_once(*[lambda: mail.accept(raw=raw, source="test", nudged=False)] * 3)
    assert sum(one.created for one in taken) == 1
    at_once(*[turn_waiting] * 3)
    assert Message.objects.count() == 1
    assert Customer.objects.count() == 1
