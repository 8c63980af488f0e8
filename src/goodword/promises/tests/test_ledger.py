"""What becomes of a promise is said by somebody, recorded, and harmless when said twice."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from goodword.customers import actions as customer_actions
from goodword.customers.models import Customer
from goodword.events.models import Event
from goodword.promises import actions, registry
from goodword.promises.models import Outcome, Promise
from goodword.staff.models import Agent

FRIDAY = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)


def new(**changes: object) -> actions.NewPromise:
    """A promise to refund by Friday."""
    facts = {
        "what": "refund 20 €",
        "quote": "We will refund you by Friday.",
        "due_at": FRIDAY,
        "whole_day": False,
        "due_text": "by Friday",
    }
    return actions.NewPromise(**(facts | changes))  # type: ignore[arg-type]


@pytest.fixture
def promise(customer: Customer, owner: Agent) -> Promise:
    return actions.make(customer=customer, promise=new(), made_by=owner)


def kinds() -> list[str]:
    """The kinds of the events about promises, the oldest first."""
    return list(
        Event.objects.filter(kind__startswith="promise.").order_by("id").values_list("kind", flat=True)
    )


def test_a_promise_says_what_to_whom_by_when_by_whom_and_from_which_words(
    promise: Promise, customer: Customer, owner: Agent
) -> None:
    assert (promise.what, promise.customer, promise.due_at) == ("refund 20 €", customer, FRIDAY)
    assert (promise.owner, promise.made_by, promise.quote) == (owner, owner, "We will refund you by Friday.")
    event = Event.objects.get(kind="promise.made")
    assert (event.customer_id, event.agent_id) == (customer.pk, owner.pk)
    assert event.data["promise"] == promise.pk
    assert event.data["due_at"] == FRIDAY.isoformat()


def test_the_event_names_the_conversation_it_was_made_in(customer: Customer, owner: Agent) -> None:
    actions.make(customer=customer, promise=new(), made_by=owner, conversation_id=7, mailbox_id=3)
    event = Event.objects.get(kind="promise.made")
    assert (event.conversation_id, event.mailbox_id) == (7, 3)


def test_later_events_ask_the_rooms_above_where_it_was_made(
    promise: Promise, owner: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry.place_of, "_entries", [lambda pk: (pk + 1_000, None)])
    actions.keep(promise=promise, agent=owner)
    assert Event.objects.get(kind="promise.kept").conversation_id == promise.pk + 1_000


def test_another_agent_may_be_named_to_see_to_it(customer: Customer, owner: Agent, team_mate: Agent) -> None:
    made = actions.make(customer=customer, promise=new(owner_id=team_mate.pk), made_by=owner)
    assert (made.owner, made.made_by) == (team_mate, owner)


@pytest.mark.parametrize("what", ["", "  \n ", "\x00"])
def test_a_promise_of_nothing_is_refused(customer: Customer, owner: Agent, what: str) -> None:
    with pytest.raises(actions.PromiseError, match="does not say what was promised"):
        actions.make(customer=customer, promise=new(what=what), made_by=owner)
    assert not Promise.objects.exists()


def test_nobody_who_has_left_can_be_made_to_see_to_it(
    promise: Promise, owner: Agent, team_mate: Agent
) -> None:
    Agent.objects.filter(pk=team_mate.pk).update(is_active=False)
    with pytest.raises(actions.PromiseError, match="Choose somebody else"):
        actions.reassign(promise=promise, agent=owner, owner=team_mate)


@pytest.mark.parametrize(
    ("verb", "state"),
    [(actions.keep, "kept"), (actions.break_, "broken"), (actions.withdraw, "withdrawn")],
)
def test_saying_twice_what_became_of_it_is_harmless(
    promise: Promise, owner: Agent, team_mate: Agent, verb: object, state: str
) -> None:
    verb(promise=promise, agent=owner, note="as agreed")  # type: ignore[operator]
    verb(promise=promise, agent=team_mate, note="again")  # type: ignore[operator]

    promise.refresh_from_db()
    assert promise.state == state
    said = Outcome.objects.get()
    assert (said.kind, said.by, said.note) == (state, owner, "as agreed")
    assert kinds() == ["promise.made", f"promise.{state}"]


def test_what_was_kept_by_mistake_is_opened_again(promise: Promise, owner: Agent) -> None:
    actions.keep(promise=promise, agent=owner)
    again = actions.reopen(promise=promise, agent=owner, note="wrong one")
    actions.reopen(promise=promise, agent=owner)

    assert again.is_open
    assert kinds() == ["promise.made", "promise.kept", "promise.reopened"]


def test_a_new_time_is_written_beside_the_old_one(promise: Promise, owner: Agent) -> None:
    later = FRIDAY + timedelta(days=3)
    for _ in range(2):
        actions.renegotiate(promise=promise, agent=owner, due_at=later, note="she agreed")

    promise.refresh_from_db()
    said = promise.outcomes.get()
    assert (promise.due_at, said.due_before, said.due_after, said.note) == (
        later,
        FRIDAY,
        later,
        "she agreed",
    )
    assert kinds() == ["promise.made", "promise.renegotiated"]


def test_a_broken_promise_with_a_new_time_holds_again(promise: Promise, owner: Agent) -> None:
    actions.break_(promise=promise, agent=owner)
    assert actions.renegotiate(promise=promise, agent=owner, due_at=FRIDAY).is_open


def test_an_overdue_promise_stays_open_until_somebody_says(customer: Customer, owner: Agent) -> None:
    late = actions.make(
        customer=customer, promise=new(due_at=timezone.now() - timedelta(days=30)), made_by=owner
    )
    assert late.is_overdue
    assert late.state == Promise.State.OPEN
    assert not actions.keep(promise=late, agent=owner).is_overdue


def test_reassigning_is_recorded_once(promise: Promise, owner: Agent, team_mate: Agent) -> None:
    for _ in range(2):
        actions.reassign(promise=promise, agent=owner, owner=team_mate)
    promise.refresh_from_db()
    assert promise.owner == team_mate
    assert kinds() == ["promise.made", "promise.reassigned"]
    assert actions.reassign(promise=promise, agent=owner, owner=None).owner is None


def test_a_promise_outlives_the_joining_of_its_customer_with_another(
    promise: Promise, customer: Customer, owner: Agent
) -> None:
    kept = customer_actions.customer_of(address="carla@work.example")
    customer_actions.join(gone=customer, kept=kept, agent=owner)
    promise.refresh_from_db()
    assert promise.customer == kept
    assert promise.is_open
