"""A gesture made in a conversation is given, told to the team, and offered in the reply."""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connections

from goodword.goodwill import actions as goodwill
from goodword.goodwill import codes
from goodword.goodwill.models import Gesture, Voucher
from goodword.goodwill.months import month_of
from goodword.inbox.actions import merge, note, open_conversation, save_draft
from goodword.inbox.actions.giving import Wish, ask_for_gesture, make_gesture
from goodword.inbox.models import Conversation, Draft, Message
from goodword.mail.models import Mailbox
from goodword.staff import authority
from goodword.staff.models import Agent, Team


@pytest.fixture
def place(mailbox: Mailbox, team: Team, owner: Agent, customer: object) -> Conversation:
    """A conversation of the care team; the owner may give 25, leads anything."""
    care = authority.add_level(
        by=None, name="Care", per_gesture=Decimal(25), per_customer=None, per_month=None
    )
    authority.add_level(by=None, name="Top", per_gesture=None, per_customer=None, per_month=None)
    authority.give_level(by=None, agent=owner, level=care)
    owner.refresh_from_db()
    return open_conversation(customer=customer, subject="The kettle leaks", text="Again.", mailbox=mailbox)  # type: ignore[arg-type]


def wish(amount: str = "20", **changes: object) -> Wish:
    facts = {"kind": "voucher", "amount": Decimal(amount), "reason": "The kettle leaked twice."}
    return Wish(**(facts | changes))  # type: ignore[arg-type]


def notes(place: Conversation) -> list[str]:
    return list(place.messages.filter(kind=Message.Kind.NOTE).order_by("id").values_list("text", flat=True))


def test_a_gesture_counts_where_the_conversation_is_and_is_told_in_a_note(
    place: Conversation, owner: Agent, team: Team
) -> None:
    other = Team.objects.create(name="Repairs")
    Conversation.objects.filter(pk=place.pk).update(team=other)
    gesture = make_gesture(conversation=place, agent=owner, wish=wish(kind="refund"))
    assert (gesture.conversation_id, gesture.mailbox_id) == (place.pk, place.mailbox_id)
    assert (gesture.team, gesture.customer) == (other, place.customer)
    assert notes(place) == ["Refund of €20.00 for the customer.\n\nThe kettle leaked twice."]


def test_the_code_of_a_voucher_goes_behind_what_was_written(place: Conversation, owner: Agent) -> None:
    save_draft(conversation=place, agent=owner, kind="reply", markdown="I am sorry, Carla.")
    gesture = make_gesture(conversation=place, agent=owner, wish=wish(valid_days=30), into_reply=True)
    code = codes.grouped(gesture.voucher.code)
    draft = Draft.objects.get(conversation=place, agent=owner, kind="reply")
    assert draft.markdown.startswith(
        f"I am sorry, Carla.\n\nYour voucher code is **{code}**. It takes €20.00 off"
    )
    assert code in draft.text
    assert code in notes(place)[0]


def test_without_being_asked_to_it_leaves_the_reply_alone(place: Conversation, owner: Agent) -> None:
    note_before = save_draft(conversation=place, agent=owner, kind="note", markdown="Half a note")
    make_gesture(conversation=place, agent=owner, wish=wish())
    assert list(Draft.objects.all()) == [note_before]


def test_one_form_sent_twice_gives_and_tells_once(place: Conversation, owner: Agent) -> None:
    first = make_gesture(conversation=place, agent=owner, wish=wish(), into_reply=True, key="form 1")
    assert make_gesture(conversation=place, agent=owner, wish=wish(), into_reply=True, key="form 1") == first
    assert len(notes(place)) == 1
    assert Draft.objects.get().markdown.count("Your voucher code") == 1


def test_beyond_the_limit_nothing_is_given_or_told(place: Conversation, owner: Agent) -> None:
    with pytest.raises(goodwill.BeyondAuthority):
        make_gesture(conversation=place, agent=owner, wish=wish("26"))
    assert notes(place) == []


def test_what_was_approved_is_given_and_told_where_it_was_asked_for(
    place: Conversation, owner: Agent, lead: Agent
) -> None:
    request = ask_for_gesture(conversation=place, agent=owner, wish=wish("40", percent=50))
    goodwill.approve(request=request, by=lead, reason="She has been with us for years.")
    voucher = Voucher.objects.get()
    assert (voucher.value, voucher.percent) == (Decimal(40), 50)
    (told,) = notes(place)
    assert codes.grouped(voucher.code) in told
    assert told.endswith("Olga Owner had asked for it.\n\nShe has been with us for years.")
    assert place.messages.get(kind=Message.Kind.NOTE).agent == lead


def test_a_refusal_is_told_with_its_reason(place: Conversation, owner: Agent, lead: Agent) -> None:
    request = ask_for_gesture(conversation=place, agent=owner, wish=wish("40"))
    goodwill.refuse(request=request, by=lead, reason="A repair will do.")
    assert notes(place) == ["€40.00 were not approved. A repair will do."]
    assert not Gesture.objects.exists()


def test_the_answer_follows_a_conversation_that_was_merged_meanwhile(
    place: Conversation, owner: Agent, lead: Agent, mailbox: Mailbox
) -> None:
    request = ask_for_gesture(conversation=place, agent=owner, wish=wish("40"))
    target = open_conversation(customer=place.customer, subject="Again", text="Hello?", mailbox=mailbox)
    merge(source=place, target=target, agent=owner)
    goodwill.approve(request=request, by=lead)
    assert len(notes(target)) == 1


def test_the_conversations_team_has_its_own_budget(
    place: Conversation, owner: Agent, lead: Agent, team: Team
) -> None:
    goodwill.set_budget(by=lead, team=team, month=month_of(), amount=Decimal(10))
    Conversation.objects.filter(pk=place.pk).update(team=team)
    with pytest.raises(goodwill.BeyondAuthority, match="budget of €10"):
        make_gesture(conversation=place, agent=owner, wish=wish("11"))


def test_who_may_not_see_the_conversation_gives_nothing_in_it(place: Conversation, stranger: Agent) -> None:
    with pytest.raises(Conversation.DoesNotExist):
        make_gesture(conversation=place, agent=stranger, wish=wish())


def test_a_note_of_the_same_agent_stays_apart(place: Conversation, owner: Agent) -> None:
    note(conversation=place, agent=owner, markdown="She called.")
    make_gesture(conversation=place, agent=owner, wish=wish(kind="gift"))
    assert len(notes(place)) == 2


@pytest.mark.django_db(transaction=True)
def test_gestures_and_answers_at_once_in_one_conversation_wait_for_each_other_in_no_circle(
    place: Conversation, owner: Agent, lead: Agent, administrator: Agent
) -> None:
    asked = [
        ask_for_gesture(conversation=place, agent=owner, wish=wish(str(amount))) for amount in range(40, 50)
    ]
    tasks: list[Callable[[], object]] = [
        *(lambda request=request: goodwill.approve(request=request, by=lead) for request in asked),
        *(
            lambda: make_gesture(conversation=place, agent=administrator, wish=wish(kind="gift"))
            for _ in range(10)
        ),
    ]
    gate, failed = threading.Barrier(len(tasks)), []

    def run(task: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=60)
            task()
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert failed == []
    assert len(notes(place)) == 20
