"""What customers ask, wish and worry about, and what a reply answers of it."""

import pytest

from goodword.coach import read, review

NOW = "2026-11-18T10:00:00+00:00"


def asked(message):
    return [
        question.quote.rstrip("?!.") for question in read(message).questions if question.kind != "concern"
    ]


@pytest.mark.parametrize(
    ("message", "quotes"),
    [
        ("How do I cancel, and will there be a penalty?", ["How do I cancel", "will there be a penalty"]),
        ("Is it broken or do I need another?", ["Is it broken or do I need another"]),
        (
            "Please refund it and close my account.",
            ["Please refund it", "close my account"],
        ),
        (
            "Could you tell me which note you rely on, and whether I can appeal?",
            ["Could you tell me which note you rely on", "whether I can appeal"],
        ),
        ("it is late can you check where it is", ["can you check where it is"]),
        (
            "can i pause it? also does the locker stop too",
            ["can i pause it", "also does the locker stop too"],
        ),
        ("If it's no trouble could somebody ring me after six", ["could somebody ring me after six"]),
        (
            "I need to know: when does it open, and is there parking?",
            ["I need to know: when does it open", "is there parking"],
        ),
        ("Nobody could say who is responsible.", ["Nobody could say who is responsible"]),
        ("Pls advise by when the policy will be issued.", ["Pls advise by when the policy will be issued"]),
        ("I'd like to return it, which is a pity.", ["I'd like to return it, which is a pity"]),
        ("Want my money back for this game", ["Want my money back for this game"]),
        ("Where is it, my hand-in is on the 27th?", ["Where is it"]),
    ],
)
def test_a_sentence_is_cut_into_all_that_it_asks_and_wishes(message, quotes):
    assert asked(message) == quotes


@pytest.mark.parametrize(
    "message",
    [
        "I look forward to hearing from you.",
        "I would like to thank the driver.",
        "When I opened the box, the lamp was fine.",
        "My sister, who lives next door, took it in.",
        "What a lovely surprise!",
        "I am writing about order 5521, bought on 3 May.",
        "Should you need anything, I am at home.",
        "How hard can it be?",
    ],
)
def test_what_only_looks_like_a_question_or_a_wish_is_none(message):
    assert asked(message) == []


@pytest.mark.parametrize(
    "message",
    [
        "We were left standing in the rain for two hours with a baby.",
        "This is the third time the boiler has stopped.",
        "I'm frightened that nothing will be left.",
        "My husband died in May and I still get letters for him.",
    ],
)
def test_trouble_and_worry_are_concerns(message):
    assert [question.kind for question in read(message).questions] == ["concern"]


def test_two_breaths_of_one_trouble_are_one_concern():
    (concern,) = read("I rang you twice. Nobody answered.").questions
    assert concern.quote == "I rang you twice. Nobody answered."


def answers(message, draft):
    result = review(draft, customer_message=message, now=NOW)
    return [question.answered for question in result.questions]


@pytest.mark.parametrize(
    ("message", "draft", "states"),
    [
        (
            "When will my lamp arrive? And can I still change the colour?",
            "Hi Ana,\n\nYour lamp arrives on Friday.\n\nKind regards, Bo",
            ["yes", "no"],
        ),
        (
            "Can I freeze my membership? Do I still pay in December?",
            "Yes, you can freeze it. I've paused it from 1 December, so you won't pay anything in December.",
            ["yes", "yes"],
        ),
        (
            "Please cancel my subscription and delete my card.",
            "I've cancelled your subscription today and I've deleted your card from the account.",
            ["yes", "yes"],
        ),
        (
            "How much is the repair and who pays for the taxi?",
            "The repair is £40.",
            ["yes", "no"],
        ),
    ],
)
def test_an_answer_is_known_by_what_it_speaks_of_and_its_kind(message, draft, states):
    assert answers(message, draft) == states


def test_the_answer_is_the_part_of_the_reply_that_gives_it():
    draft = "Thank you for your patience. We packed your lamp with care and it arrives on Friday."
    result = review(draft, customer_message="When will my lamp arrive?", now=NOW)
    (question,) = result.questions
    start, end = question.answered_by
    assert "arrives on Friday" in draft[start:end]


def test_a_message_with_very_many_questions_is_still_looked_up():
    message = " ".join(f"Is part {number} of the cupboard in stock?" for number in range(60))
    result = review("All parts of the cupboard are in stock.", customer_message=message, now=NOW)
    assert len(result.questions) == 60
