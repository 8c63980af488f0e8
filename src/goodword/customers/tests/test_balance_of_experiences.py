"""Good and bad moments: one bad one outweighs many good ones, and what was bad has to be made up for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from goodword.customers import balance
from goodword.customers.errors import CustomerError
from goodword.customers.models import Customer, Moment
from goodword.events.actions import record
from goodword.events.models import Event, Follower
from goodword.inbox.actions import open_conversation
from goodword.promises import actions as promises
from goodword.promises.actions import NewPromise
from goodword.staff.access import NotAllowed
from goodword.staff.models import Agent

pytestmark = pytest.mark.django_db(transaction=True)


def promise(customer: Customer, agent: Agent):
    told = NewPromise(what="a new lamp", quote="", due_at=None, whole_day=False, due_text="")
    return promises.make(customer=customer, promise=told, made_by=agent)


def kept(customer: Customer, agent: Agent, times: int) -> None:
    for _number in range(times):
        promises.keep(promise=promise(customer, agent), agent=agent)


def how_it_stands(customer: Customer) -> tuple[float, float, bool]:
    balance.take_up()
    customer.refresh_from_db()
    found = balance.balance_of(customer)
    assert found.recovering_since == customer.recovering_since
    return found.score, found.owed, customer.recovering_since is not None


def test_one_broken_promise_outweighs_eleven_that_were_kept(customer: Customer, owner: Agent) -> None:
    kept(customer, owner, 11)
    assert how_it_stands(customer) == (11, 0, False)
    promises.break_(promise=promise(customer, owner), agent=owner)
    assert how_it_stands(customer) == (-1, 12, True)


def test_what_was_bad_is_made_up_for_by_what_comes_after_it(customer: Customer, owner: Agent) -> None:
    promises.break_(promise=promise(customer, owner), agent=owner)
    kept(customer, owner, 11)
    assert how_it_stands(customer) == (-1, 1, True)
    kept(customer, owner, 1)
    assert how_it_stands(customer) == (0, 0, False)


def test_recovery_began_with_the_first_bad_moment(customer: Customer) -> None:
    now = timezone.now()
    for days, weight in ((9, -2), (8, 3), (5, -12), (3, -4), (1, 6)):
        Moment.objects.create(customer=customer, kind="gesture", weight=weight, at=now - timedelta(days=days))
    assert balance.balance_of(customer).recovering_since == now - timedelta(days=5)


def test_each_event_counts_once_however_often_the_log_is_read(customer: Customer, owner: Agent) -> None:
    promises.break_(promise=promise(customer, owner), agent=owner)
    how_it_stands(customer)
    Follower.objects.all().delete()
    assert how_it_stands(customer) == (-12, 12, True)
    assert Moment.objects.count() == 1


def test_counted_anew_from_the_log_it_is_the_same(customer: Customer, owner: Agent) -> None:
    kept(customer, owner, 3)
    promises.break_(promise=promise(customer, owner), agent=owner)
    before = how_it_stands(customer)
    told = list(Moment.objects.order_by("at", "id").values_list("kind", "weight", "subject_id"))
    Moment.objects.all().delete()
    Follower.objects.all().delete()
    assert how_it_stands(customer) == before
    assert list(Moment.objects.order_by("at", "id").values_list("kind", "weight", "subject_id")) == told


def test_angry_words_count(customer: Customer, mailbox, team) -> None:
    open_conversation(
        customer=customer,
        subject="Enough",
        text="This is outrageous!! I am absolutely furious, you have lied to me three times now.",
        mailbox=mailbox,
    )
    assert how_it_stands(customer)[2]
    assert Moment.objects.get().kind == "angry-words"


def test_a_stage_of_a_complaint_counts_by_what_the_event_says(customer: Customer) -> None:
    record("complaint.stage", customer_id=customer.pk, data={"stage": "investigating"})
    record("complaint.stage", customer_id=customer.pk, data={"stage": "remedied"})
    balance.take_up()
    assert [moment.kind for moment in Moment.objects.all()] == ["complaint-remedied"]


def test_events_of_customers_who_are_gone_are_passed_over(customer: Customer) -> None:
    record("promise.broken", customer_id=customer.pk + 1000, data={})
    record("promise.broken", customer_id=customer.pk, data={})
    balance.take_up()
    assert Moment.objects.get().customer == customer


def test_a_house_lets_moments_weigh_otherwise_and_it_holds_backwards(
    customer: Customer, owner: Agent, lead: Agent
) -> None:
    promises.break_(promise=promise(customer, owner), agent=owner)
    kept(customer, owner, 2)
    how_it_stands(customer)
    balance.set_weights(by=lead, given={"promise-broken": -2})
    assert how_it_stands(customer) == (0, 0, False)
    balance.set_weights(by=lead, given={"promise-broken": -20})
    assert how_it_stands(customer) == (-18, 18, True)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"fun": 1}, "no kind of moment"),
        ({"promise-broken": 3}, "cannot be the weight"),
        ({"gesture": 1e9}, "cannot"),
    ],
)
def test_a_weight_that_makes_no_sense_is_refused(lead: Agent, given: dict[str, float], says: str) -> None:
    with pytest.raises(CustomerError, match=says):
        balance.set_weights(by=lead, given=given)


def test_only_leads_set_weights(owner: Agent) -> None:
    with pytest.raises(NotAllowed):
        balance.set_weights(by=owner, given={"gesture": 3})


def test_every_kind_that_an_event_tells_names_an_event_of_the_house() -> None:
    assert all(one.event or one.kind.endswith("-words") for one in balance.kinds())
    assert Event.objects.count() == 0
