"""Finding: by number, by person, by word; the words marked, and nothing in them able to run."""

from datetime import timedelta

import pytest
from django.utils import timezone

from goodword.inbox import actions, queries
from goodword.inbox.actions.adding import add_message
from goodword.inbox.errors import BadCursor
from goodword.inbox.models import Message
from goodword.inbox.queries.matching import CANDIDATES
from goodword.mail.models import Mailbox

pytestmark = pytest.mark.django_db


def opened(customer, mailbox, subject="A matter", text="Some words", at=None):
    return actions.open_conversation(customer=customer, subject=subject, text=text, mailbox=mailbox, at=at)


def found(agent, q, **how):
    return [hit.conversation.pk for hit in queries.search(agent, q, **how).rows]


def test_a_number_finds_its_conversation_first(customer, mailbox, team, owner):
    place = opened(customer, mailbox)
    mention = opened(customer, mailbox, text=f"It is about {place.pk} again")
    assert found(owner, str(place.pk)) == [place.pk, mention.pk]
    assert found(owner, f"#{place.pk}")[0] == place.pk
    assert queries.search(owner, f"#{place.pk}").rows[0].why == "number"


def test_words_are_found_in_every_form_and_marked(customer, mailbox, team, owner):
    place = opened(customer, mailbox, subject="Two lamps", text="They were broken when they came.")
    opened(customer, mailbox, text="Nothing of the kind")
    (hit,) = queries.search(owner, "lamp breaks or broken").rows
    assert hit.conversation == place
    assert hit.subject == "Two <mark>lamps</mark>"
    assert "<mark>broken</mark>" in hit.headline


def test_a_phrase_and_a_minus_narrow(customer, mailbox, team, owner):
    place = opened(customer, mailbox, text="a green lamp on a table")
    opened(customer, mailbox, text="a lamp that is green")
    assert found(owner, '"green lamp"') == [place.pk]
    assert place.pk not in found(owner, "lamp -table")


def test_what_a_customer_wrote_is_shown_as_text_and_never_as_a_page(customer, mailbox, team, owner):
    opened(
        customer, mailbox, subject="<b>lamp</b>", text="<script>alert('lamp')</script> lamp & more \x02x\x03"
    )
    (hit,) = queries.search(owner, "lamp").rows
    for shown in (hit.subject, hit.headline):
        left = shown.replace("<mark>", "").replace("</mark>", "")
        assert "<" not in left
        assert "\x02" not in left
    assert "<mark>lamp</mark>" in hit.subject


def test_people_are_found_by_name_and_address(customer, mailbox, team, owner):
    place = opened(customer, mailbox)
    for q in ("carla", "Custo", "carla@example.org", "carla@ex"):
        assert found(owner, q)[0] == place.pk


def test_the_best_message_of_a_conversation_stands_for_it(customer, mailbox, team, owner):
    place = opened(customer, mailbox, subject="Lamp", text="lamp lamp")
    actions.note(conversation=place, agent=owner, markdown="about the lamp")
    assert found(owner, "lamp") == [place.pk]


def test_an_old_match_is_found_and_a_newer_equal_one_comes_first(customer, mailbox, team, owner):
    old = opened(customer, mailbox, text="a zeppelin", at=timezone.now() - timedelta(days=900))
    new = opened(customer, mailbox, text="a zeppelin")
    Message.objects.filter(conversation=old).update(id=1_000_000_000)
    new_message = Message.objects.get(conversation=new)
    Message.objects.filter(pk=new_message.pk).update(id=1_000_900_000)
    assert found(owner, "zeppelin") == [new.pk, old.pk]


def test_pages_of_results_show_each_once(customer, mailbox, team, owner):
    places = {opened(customer, mailbox, text=f"lamp {number}").pk for number in range(7)}
    walked, cursor = [], None
    while True:
        result = queries.search(owner, "lamp", cursor=cursor, limit=3)
        walked += [hit.conversation.pk for hit in result.rows]
        cursor = result.next_cursor
        if cursor is None:
            break
    assert sorted(walked) == sorted(places)
    with pytest.raises(BadCursor):
        queries.search(owner, "lamp", cursor="nonsense")


@pytest.mark.parametrize(
    "q", ["", "   ", "the of and", "'", '"', "!&|:*()", "\x00", "-", "a" * 5000, "99999999999999999999"]
)
def test_no_question_is_too_odd(customer, mailbox, team, owner, q):
    opened(customer, mailbox)
    assert queries.search(owner, q).next_cursor is None


def test_a_search_costs_a_fixed_number_of_queries(
    customer, mailbox, team, owner, lead, django_assert_max_num_queries
):
    for number in range(5):
        opened(customer, mailbox, text=f"lamp {number}")
    with django_assert_max_num_queries(10):
        queries.search(owner, "lamp")


def test_what_lies_behind_many_hidden_matches_is_still_found(customer, mailbox, team, owner, stranger):
    theirs = Mailbox.objects.create(address="other@desk.example", name="Other")
    mine = opened(customer, theirs, text="lamp")
    hidden = opened(customer, mailbox, text="lamp")
    for _ in range(CANDIDATES * 2):
        add_message(hidden, kind=Message.Kind.NOTE, at=timezone.now(), text="lamp")
    assert found(stranger, "lamp") == [mine.pk]
    assert found(owner, "lamp") == [hidden.pk]
