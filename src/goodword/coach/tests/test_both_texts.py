"""The reader of both texts: what it tells of a message and its reply, and that the coach does without it."""

import numpy as np
import pytest

from goodword.coach import both_texts, review
from goodword.coach.heads import cross_encoder, load_cross_encoder
from goodword.coach.heads.vectors import read_vectors
from goodword.coach.results import CATEGORIES

MESSAGE = (
    "Good morning. The kettle that you sent on Monday leaks at the handle. My son burned his hand on it and "
    "we were at the surgery until nine. When will a new one come? And do I have to send the old one back?"
)
WHOLE = (
    "Dear Ms Okafor, I am so sorry about your son's hand, and about an evening at the surgery because of our "
    "kettle. A new one leaves us today and is with you on Thursday. Please put the old one into the "
    "recycling, we do not need it. Kind regards, Ben"
)
HALF = (
    "Dear Ms Okafor, thank you for getting in touch with us about our kettles, which are very popular this "
    "year. A new one leaves us today and is with you on Thursday. Please tell us your order number. Kind "
    "regards, Ben"
)
SENT_BACK = MESSAGE.index("do I have"), len(MESSAGE), 0


def read(reply, *items, message=MESSAGE):
    return load_cross_encoder().read(message, reply, items)


def test_a_question_is_more_open_where_the_reply_says_nothing_of_it():
    (answered,), (left,) = read(WHOLE, SENT_BACK).open, read(HALF, SENT_BACK).open
    assert answered < left


def test_a_hardship_wants_more_where_nothing_takes_it_up():
    start = MESSAGE.index("My son")
    empathy = CATEGORIES.index("empathy")
    met, passed_over = (read(reply).message.within(start, start + 30)[empathy] for reply in (WHOLE, HALF))
    assert met < passed_over


def test_every_category_has_a_column_for_every_token():
    seen = read(WHOLE)
    assert set(seen.categories) == set(CATEGORIES)
    for side in (seen.reply, seen.message):
        assert side.scores.shape == (len(side.starts), len(CATEGORIES))


def test_the_same_texts_give_the_same_bits_whatever_was_read_between():
    before = read(WHOLE, SENT_BACK)
    read(HALF, SENT_BACK)
    after = read(WHOLE, SENT_BACK)
    assert before.open == after.open
    assert np.array_equal(before.reply.scores, after.reply.scores)


@pytest.mark.parametrize(("message", "reply"), [("", WHOLE), (MESSAGE, ""), (" \n ", " ")])
def test_without_words_on_both_sides_nothing_is_told(message, reply):
    seen = read(reply, message=message)
    assert seen is None or not any(seen.open)


def test_of_long_texts_the_beginning_is_read_and_of_the_rest_nothing_is_known():
    seen = read(WHOLE * 300, SENT_BACK, (90_000, 90_020, 0), message=MESSAGE + " And so on." * 9000)
    assert len(seen.message.starts) == cross_encoder.MOST_OF_MESSAGE
    assert len(seen.message.starts) + len(seen.reply.starts) == cross_encoder.MOST
    assert isinstance(seen.open[0], float)
    assert seen.open[1] is None


def test_signs_that_no_word_is_made_of_are_read_too():
    assert read("\N{PILE OF POO} \x00 \ud800 ﷽", SENT_BACK).open


def test_the_coach_reads_on_without_it(monkeypatch):
    monkeypatch.setattr(both_texts, "load_cross_encoder", lambda: None)
    found = review(HALF, customer_message=MESSAGE)
    assert [question.kind for question in found.questions if question.answered == "no"]


def test_a_draft_without_a_message_is_read_alone(monkeypatch):
    def never():
        raise AssertionError("there is nothing to read it with")

    monkeypatch.setattr(both_texts, "load_cross_encoder", never)
    assert review(WHOLE).acts


def test_many_replies_can_be_read_without_it(monkeypatch):
    def never():
        raise AssertionError("an archive does without")

    monkeypatch.setattr(both_texts, "load_cross_encoder", never)
    assert review(HALF, customer_message=MESSAGE, closely=False).questions


def test_what_was_learned_fits_into_what_may_be_shipped():
    weights = sum(path.stat().st_size for path in cross_encoder.SHIPPED.parent.glob("*.npz"))
    assert weights <= 5_000_000


def test_saved_weights_come_back_within_a_step_of_what_they_were(tmp_path):
    table = np.random.default_rng(0).standard_normal((20, 8)).astype("f4")
    cross_encoder.save({"words": table}, np.arange(3, dtype=np.uint16), {}, tmp_path / "one.npz")
    with np.load(tmp_path / "one.npz") as file:
        back = file["words"] * file["words.scale"]
    assert np.abs(back - table).max() <= np.abs(table).max() / 250
    assert read_vectors() is not None
