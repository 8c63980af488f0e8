"""The lists, their pages, and the numbers beside their names."""

import base64
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.inbox import actions, queries
from goodword.inbox.errors import BadCursor, NotPossible
from goodword.inbox.models import Conversation
from goodword.inbox.queries.views import read_cursor, write_cursor
from goodword.mail.models import Mailbox
from goodword.promises.actions import NewPromise

pytestmark = pytest.mark.django_db


def ids(page):
    return [row.conversation.pk for row in page.rows]


def promise(days):
    due = timezone.now() + timedelta(days=days)
    return NewPromise(what="Call back", quote="", due_at=due, whole_day=False, due_text="")


@pytest.fixture
def many(customer, mailbox, team):
    """Five conversations of which two share a moment."""
    now = timezone.now()
    return [
        actions.open_conversation(
            customer=customer,
            subject=f"Matter {hours}",
            text="x",
            mailbox=mailbox,
            at=now - timedelta(hours=hours),
        ).pk
        for hours in (5, 4, 3, 3, 1)
    ]


def test_each_list_holds_what_its_name_says(many, owner):
    mine, snoozed, closed, answered, free = (Conversation.objects.get(pk=pk) for pk in many)
    actions.assign(conversation=mine, agent=owner, to=owner)
    actions.snooze(conversation=snoozed, agent=owner, until=timezone.now() + timedelta(days=1))
    actions.close(conversation=closed, agent=owner)
    actions.reply(conversation=answered, agent=owner, markdown="Done.")
    held = {view: ids(queries.page(owner, view)) for view in queries.VIEWS}
    assert held["mine"] == [answered.pk, mine.pk]
    assert held["unassigned"] == [free.pk]
    assert held["open"] == [answered.pk, free.pk, mine.pk]
    assert held["waiting"] == [mine.pk, free.pk]
    assert held["snoozed"] == [snoozed.pk]
    assert held["closed"] == [closed.pk]
    assert held["promises"] == []
    assert queries.counters(owner) == {view: len(held[view]) for view in queries.VIEWS}


def test_the_numbers_are_those_of_the_lists_also_where_mail_is_hidden(many, customer, owner, stranger):
    theirs = Mailbox.objects.create(address="other@desk.example", name="Other")
    for mailbox in (theirs, theirs, None):
        place = actions.open_conversation(customer=customer, subject="Theirs", text="x", mailbox=mailbox)
        actions.assign(conversation=place, agent=stranger, to=stranger)
        actions.add_promise(conversation=place, agent=stranger, promise=promise(1))
    actions.add_promise(conversation=Conversation.objects.get(pk=many[0]), agent=owner, promise=promise(2))
    actions.snooze(conversation=place, agent=stranger, until=timezone.now() + timedelta(days=1))
    for agent in (owner, stranger):
        held = {view: len(queries.page(agent, view).rows) for view in queries.VIEWS}
        assert queries.counters(agent) == held
    assert held["mine"] == 2
    assert held["promises"] == 3


@pytest.mark.parametrize("view", ["open", "waiting"])
def test_pages_show_each_conversation_once_however_equal_their_moments(many, owner, view):
    whole = ids(queries.page(owner, view))
    assert sorted(whole) == sorted(many)
    walked, cursor = [], None
    while True:
        page = queries.page(owner, view, cursor=cursor, limit=2)
        walked += ids(page)
        cursor = page.next_cursor
        if cursor is None:
            break
    assert walked == whole


def test_promises_stand_in_the_order_they_come_due_each_conversation_once(many, owner):
    first, second, third = (Conversation.objects.get(pk=pk) for pk in many[:3])
    actions.add_promise(conversation=first, agent=owner, promise=promise(3))
    actions.add_promise(conversation=second, agent=owner, promise=promise(1))
    actions.add_promise(conversation=second, agent=owner, promise=promise(5))
    actions.add_promise(conversation=third, agent=owner, promise=promise(2))
    page = queries.page(owner, "promises", limit=2)
    assert ids(page) == [second.pk, third.pk]
    assert page.rows[0].promise_due == second.promise_places.order_by("id").first().promise.due_at
    further = queries.page(owner, "promises", cursor=page.next_cursor)
    assert ids(further) == [first.pk]
    assert further.next_cursor is None
    assert queries.counters(owner)["promises"] == 3


def test_a_tag_narrows_a_list(many, owner):
    tagged = Conversation.objects.get(pk=many[1])
    actions.add_tag(conversation=tagged, agent=owner, name="  VIP   Lamp ")
    page = queries.page(owner, "open", tag="VIP lamp")
    assert ids(page) == [tagged.pk]
    assert page.rows[0].tags == ("vip lamp",)
    assert ids(queries.page(owner, "open", tag="unheard of")) == []


@pytest.mark.parametrize(
    "cursor", ["x", "é", "b3BlbjoxOjE", "b3BlbjoxOi0x", "A" * 500, "b3BlbjoxOjk5OTk5OTk5OTk5OTk5OTk5OTk5"]
)
def test_a_cursor_of_no_list_is_refused_in_a_sentence(many, owner, cursor):
    with pytest.raises(BadCursor, match="Begin again"):
        queries.page(owner, "closed", cursor=cursor)


@settings(deadline=None)
@given(st.text(max_size=100) | st.binary(max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_no_cursor_breaks_a_list(cursor):
    try:
        at, pk = read_cursor(cursor, "open")
    except BadCursor:
        return
    assert write_cursor("open", at, pk)


def test_an_unknown_list_is_refused_in_a_sentence(owner):
    with pytest.raises(NotPossible, match="The lists are mine"):
        queries.page(owner, "everything")


def test_a_page_costs_the_same_however_long_it_is(many, owner, django_assert_num_queries):
    for limit in (1, 5):
        with django_assert_num_queries(3):
            queries.page(owner, "open", limit=limit)
    with django_assert_num_queries(2):
        queries.counters(owner)


def test_a_row_tells_of_the_agents_own_draft_only(many, owner, team_mate):
    place = Conversation.objects.get(pk=many[0])
    actions.save_draft(conversation=place, agent=owner, kind="reply", markdown="half")
    drafts = {row.conversation.pk: row.has_draft for row in queries.page(owner, "open").rows}
    assert [pk for pk, has in drafts.items() if has] == [place.pk]
    assert not any(row.has_draft for row in queries.page(team_mate, "open").rows)
