"""The timeline tells in sentences what became of a promise."""

from datetime import UTC, datetime

from goodword.customers.models import Customer
from goodword.events.models import Event
from goodword.events.timeline import sentences
from goodword.promises import actions, reminding
from goodword.promises.moments import end_of_day
from goodword.staff.models import Agent

FRIDAY = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)


def test_the_life_of_a_promise_reads_like_a_story(customer: Customer, owner: Agent, team_mate: Agent) -> None:
    made_at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    new = actions.NewPromise(what="refund 20 €", quote="", due_at=FRIDAY, whole_day=False, due_text="")
    promise = actions.make(customer=customer, promise=new, made_by=owner, at=made_at)
    actions.reassign(promise=promise, agent=owner, owner=team_mate)
    reminding.remind_due(FRIDAY)
    actions.renegotiate(
        promise=promise,
        agent=team_mate,
        due_at=end_of_day(datetime(2026, 12, 1, tzinfo=UTC).date()),
        whole_day=True,
    )
    actions.keep(promise=promise, agent=team_mate, note="Sent by bank transfer.")

    names = {owner.pk: "Olga", team_mate.pk: "Tariq"}
    told = [line.text for line in sentences(Event.objects.order_by("id"), names)]
    assert told == [
        "Olga promised: refund 20 €, by Friday 27 November, 15:00.",
        "Olga gave the promise to Tariq: refund 20 €.",
        "A promise came due: refund 20 €.",
        "Tariq agreed on a new time: refund 20 €, by Tuesday 1 December.",
        "Tariq kept the promise: refund 20 €. “Sent by bank transfer.”",
    ]


def test_every_ending_has_its_sentence(customer: Customer, owner: Agent) -> None:
    new = actions.NewPromise(what="call back", quote="", due_at=None, whole_day=False, due_text="")
    for end in (actions.break_, actions.withdraw, actions.keep):
        promise = actions.make(customer=customer, promise=new, made_by=owner)
        end(promise=promise, agent=owner)
        actions.reopen(promise=promise, agent=owner)
        actions.reassign(promise=promise, agent=owner, owner=None)
    events = Event.objects.order_by("id")
    told = sentences(events, {owner.pk: "Olga"})
    assert len(told) == len(events) == 12
    assert told[3].text == "Olga gave the promise to nobody: call back."
