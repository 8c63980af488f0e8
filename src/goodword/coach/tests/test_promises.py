"""What a promise is taken for: its action, its day, its condition. Written on Wednesday 18 November 2026."""

import pytest

from goodword.coach import review


def promises(draft, tz="Europe/London"):
    return review(draft, now="2026-11-18T10:00:00", tz=tz).commitments


def test_the_action_of_a_thing_names_the_thing():
    (promise,) = promises("It will come with the post.")
    assert promise.action == "It will come with the post"


def test_the_action_of_an_agent_begins_with_the_verb():
    (promise,) = promises("I will send you a new label by Friday.")
    assert promise.action == "send you a new label"


def test_a_promise_in_the_present_keeps_its_day_from_the_one_after_it():
    refund, call = promises("I refund the €34.90 by Friday, and I will call you as soon as possible.")
    assert (refund.due, refund.due_text) == ("2026-11-20", "by Friday")
    assert (call.due, call.due_text) == (None, "as soon as possible")


def test_what_is_done_on_the_same_occasion_has_the_same_day():
    check, write = promises("I'll check the list on 2 December and write to you either way.")
    assert check.due == write.due == "2026-12-02"


def test_a_wait_for_an_event_names_no_day():
    (promise,) = promises("Once the form is here, we'll pay out within 48 hours.")
    assert promise.due is None
    assert promise.condition == "Once the form is here"


def test_a_condition_may_leave_the_day_standing():
    (promise,) = promises("If the bank agrees, we will transfer the deposit by Friday.")
    assert promise.due == "2026-11-20"
    assert promise.condition == "If the bank agrees"


@pytest.mark.parametrize(("tz", "due"), [("Europe/London", "2027-03-12"), ("America/New_York", "2026-12-03")])
def test_a_date_in_figures_is_read_as_people_there_write_it(tz, due):
    (promise,) = promises("Your card is booked for delivery on 12/3.", tz)
    assert promise.due == due


@pytest.mark.parametrize(
    ("draft", "who"),
    [
        ("The council says it will empty the bin on Saturday.", "third_party"),
        ("You'll have a letter from me by Thursday.", "agent"),
        ("You will hear from us by Thursday.", "company"),
    ],
)
def test_it_is_told_who_promises(draft, who):
    (promise,) = promises(draft)
    assert promise.who == who


@pytest.mark.parametrize(
    "draft",
    [
        "You were told that we would call you on Monday.",
        "I cannot promise that it will be there by Friday.",
        "The battery will last about nine hours.",
        "The customer wrote: 'I will pay on Friday.'",
        "When you return the box, the shop will scan the label.",
    ],
)
def test_what_only_looks_like_a_promise_is_none(draft):
    assert promises(draft) == ()
