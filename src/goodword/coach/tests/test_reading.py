"""How customers' messages read."""

import pytest

from goodword.coach import read


@pytest.mark.parametrize(
    ("message", "feeling", "strength"),
    [
        ("Where is my parcel?", "calm", 0),
        ("I am absolutely furious about this.", "angry", 3),
        ("I've had enough, this is unacceptable.", "angry", 2),
        ("I am not happy with the lamp.", "disappointed", 1),
        ("I'm very disappointed in you.", "disappointed", 3),
        ("I'm worried that the money is lost.", "anxious", 1),
        ("I don't understand the bill, it is confusing.", "confused", 1),
        ("Thank you so much for sorting this out!", "grateful", 1),
        ("I love it, the service was fantastic.", "pleased", 2),
        ("I'm still waiting and nobody answers.", "frustrated", 1),
        ("I was never angry with you.", "calm", 0),
    ],
)
def test_the_feeling_and_its_strength(message, feeling, strength):
    result = read(message)
    assert (result.feeling, result.strength) == (feeling, strength)
    assert bool(result.rests_on.get("feeling")) == (feeling != "calm")


@pytest.mark.parametrize(
    ("message", "urgency", "cause"),
    [
        ("Can you tell me the price?", 0, None),
        ("There is a smell of gas in the kitchen.", 3, "safety"),
        ("My flight is tomorrow and I have no ticket.", 3, "deadline"),
        ("Someone is using my card, three fraudulent payments!", 3, "money"),
        ("Please answer quickly.", 2, "asked"),
    ],
)
def test_the_urgency_and_its_cause(message, urgency, cause):
    result = read(message)
    assert (result.urgency, result.urgency_cause) == (urgency, cause)


def test_who_wants_to_leave_and_who_needs_care_is_seen():
    assert read("Cancel my subscription, I'm going elsewhere.").churn_risk == 3
    hints = read("My husband passed away and I can't afford the rent.").vulnerability
    assert {hint.kind for hint in hints} == {"bereavement", "money"}


def test_questions_requests_and_worries_are_told_apart_also_when_indirect():
    result = read(
        "I ordered a lamp. I still don't know whether it was sent. "
        "When does it arrive, and can I change the colour? "
        "Please send me the invoice. I'm worried it won't come in time."
    )
    assert [(question.kind, question.quote) for question in result.questions] == [
        ("question", "I still don't know whether it was sent."),
        ("question", "When does it arrive"),
        ("question", "can I change the colour?"),
        ("request", "Please send me the invoice."),
        ("concern", "I'm worried it won't come in time."),
    ]


def test_the_details_given_are_found_with_their_place():
    message = (
        "Order no. 4711-22, invoice INV-2026-118 of 3 November 2026: you charged £1,249.50, not 1.200 EUR. "
        "I live at 14 Mill Lane, OX4 1AB. Call +44 7700 900123 or write to jo.park@example.org "
        "about the kettle."
    )
    found = {(detail.kind, detail.value) for detail in read(message).details}
    assert found >= {
        ("order", "4711-22"),
        ("invoice", "INV-2026-118"),
        ("date", "3 November 2026"),
        ("amount", "£1,249.50"),
        ("address", "14 Mill Lane"),
        ("address", "OX4 1AB"),
        ("phone", "+44 7700 900123"),
        ("mail", "jo.park@example.org"),
        ("product", "kettle"),
    }


def test_a_measure_is_no_number_of_an_order_and_a_refund_no_reference():
    found = {
        (detail.kind, detail.value)
        for detail in read("My bill is 340 euros. Refund 120.50 EUR please.").details
    }
    assert found == {("amount", "340 euros"), ("amount", "120.50 EUR")}


def test_formality_and_language():
    assert read("Dear Sir or Madam, I am writing to ask for a copy. Yours faithfully").formality == "formal"
    assert read("hey guys, gonna need a new one pls").formality == "casual"
    assert read("Wo ist mein Paket? Ich warte seit drei Wochen.").language == "de"
    assert read("Où est mon colis ? Je ne comprends pas.").language == "fr"
