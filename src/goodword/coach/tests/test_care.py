"""Hardship is seen, what takes it up is recognised, and a feeling nobody names is read."""

import pytest

from goodword.coach import read, review

NO_ANSWER = "Hello Ana,\n\nthe parcel is in the depot. The form for a claim is on our page, under Help.\n\nJo"
REPLY = "Hello Ana,\n\n{} A new one leaves today and comes on Friday.\n\nBest wishes,\nJo"


def care(draft: str, message: str) -> list[str]:
    found = review(draft, customer_message=message, now="2026-11-18T10:00:00+00:00").findings
    return [one.quote for one in found if one.category == "empathy"]


def test_the_gravest_of_several_hardships_is_pointed_at():
    message = "The coat came in the wrong size again. It is for my mother's funeral on Friday. Order 774."
    (pointed_at,) = care(NO_ANSWER, message)
    assert pointed_at.endswith("It is for my mother's funeral on Friday.")


def test_a_hardship_is_suggested_to_be_said_back_in_the_customers_own_words():
    message = "I took an unpaid day off for your fitter. Nobody came."
    found = review(NO_ANSWER, customer_message=message).findings
    suggested = [text for one in found if one.category == "empathy" for text in one.suggestions]
    assert any(text.startswith("You took an unpaid day off for our fitter") for text in suggested)


@pytest.mark.parametrize(
    "words",
    [
        "Four weeks without a cooker is far too long.",
        "That is a rotten thing to come home to.",
        "No wonder you are fed up with us.",
        "I am sorry that you have had to cook on a camping stove for four weeks.",
        "You did everything right, and we did not.",
        "I would be cross, too.",
    ],
)
def test_an_acknowledgement_in_any_natural_form_is_enough(words):
    message = "We have been without a cooker for four weeks, and I am fed up. When does the new one come?"
    assert care(REPLY.format(words), message) == []


@pytest.mark.parametrize(
    "words", ["I understand your frustration.", "Sorry if you feel let down.", "Thank you for contacting us."]
)
def test_what_could_stand_in_any_mail_is_not(words):
    message = "We have been without a cooker for four weeks, and I am fed up. When does the new one come?"
    assert care(REPLY.format(words), message)


def test_a_calm_question_that_mentions_family_or_health_calls_for_nothing():
    message = "My daughter is five and has a cold. Which size of coat fits her, and do you deliver on Friday?"
    assert care(NO_ANSWER, message) == []


@pytest.mark.parametrize(
    ("message", "feeling"),
    [
        ("I have written on Monday and now. Not one answer. I want my money back now.", "angry"),
        ("There was a spark and a bang when I plugged it in. We have small children.", "anxious"),
        ("It was meant to be here on Friday. It is not here, and nobody answers.", "frustrated"),
        ("My lamp came today and it is cracked from top to bottom.", "disappointed"),
        ("Just wanted to say how happy I am with the kettle.", "pleased"),
        ("Are you open on Saturday?", "calm"),
    ],
)
def test_a_feeling_that_nobody_names_is_read(message, feeling):
    assert read(message).feeling == feeling
