"""The learned heads: what they say, that they say it again, and that nothing needs them."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword.coach.heads import load_heads, store
from goodword.coach.heads.features import features, words
from goodword.coach.heads.scoring import Heads

MOST_BYTES = 5_000_000


@pytest.fixture(scope="module")
def heads() -> Heads:
    found = load_heads()
    assert found is not None
    return found


def test_a_message_gets_a_chance_from_every_head(heads: Heads) -> None:
    said = heads.message("Where is my parcel? I have waited for three weeks and I am so angry.")
    assert tuple(said) == heads.names
    assert all(0 <= chance <= 1 for chance in said.values())


@pytest.mark.parametrize(
    ("head", "more", "less"),
    [
        ("feeling.grateful", "Thank you so much, you really saved my day.", "The parcel is blue."),
        ("feeling.angry", "This is disgusting, you are all useless liars.", "I would like to book a room."),
        ("feeling.anxious", "I am terrified and scared of what may happen.", "It was delivered on Monday."),
        ("feeling.confused", "I don't understand what this means, I'm confused.", "It was great."),
        ("asks", "Could you please send me the invoice by Friday?", "The weather was nice."),
        ("complaint", "I called three times and nobody has refunded my money.", "Which days are you open?"),
        ("task", "Please call the customer and send her the label.", "It rained all day."),
        ("face.hpos-", "You are wrong, and you should have read it.", "It arrives on Monday."),
    ],
)
def test_a_head_tells_its_matter_from_others(heads: Heads, head: str, more: str, less: str) -> None:
    column = heads.names.index(head)
    high, low = heads.sentences([more, less])[:, column]
    assert high > low


def test_alone_or_among_others_a_text_gets_the_same_bits(heads: Heads) -> None:
    texts = ["Where is it?", "", "Thank you!", "Ünïcödé “quotes” 测试", "word " * 300] * 30
    together = heads.sentences(texts)
    alone = np.concatenate([heads.sentences([text]) for text in texts])
    assert together.tobytes() == alone.tobytes()
    assert together.tobytes() == Heads(store.load()).sentences(texts).tobytes()


def test_no_texts_give_no_rows(heads: Heads) -> None:
    assert heads.sentences([]).shape == (0, len(heads.names))
    assert heads.pairs([], ["It arrives on Monday."]) is not None


def test_the_sentence_that_answers_stands_first(heads: Heads) -> None:
    said = ["Thank you for writing.", "Your parcel arrives on Tuesday.", "Our shop opens at nine."]
    chances = heads.pair("When will my parcel arrive?", said)
    assert chances is not None
    assert said[int(chances.argmax())] == "Your parcel arrives on Tuesday."


def test_pairs_are_the_same_alone_and_together(heads: Heads) -> None:
    asked, said = ["When does it come?", "How much is it?"], ["It costs £5.", "", "It comes at noon."]
    together = heads.pairs(asked, said)
    alone = [[heads.pair(question, [sentence]) for sentence in said] for question in asked]
    assert together is not None
    assert together.tobytes() == np.array(alone, dtype=np.float32).tobytes()


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    found = load_heads()
    assert found is not None
    chances = found.sentences([text])
    assert np.isfinite(chances).all()
    assert found.pair(text, [text]) is not None


@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_the_features_of_a_text_do_not_depend_on_its_neighbours(texts: list[str]) -> None:
    together = features(texts)
    for place, text in enumerate(texts):
        own = together.hashes[together.owners == place]
        assert sorted(own.tolist()) == sorted(features([text]).hashes.tolist())


def test_digits_capitals_and_quotes_make_no_difference() -> None:
    assert words("It’s 45 EUROS!") == words("it's 99 euros!") == [b"it's", b"00", b"euros", b"!"]


def test_all_weights_together_stay_small() -> None:
    files = list(store.SHIPPED.parent.glob("*.npz"))
    assert store.SHIPPED in files
    assert sum(file.stat().st_size for file in files) <= MOST_BYTES


def test_vectors_stay_right_when_more_words_come_than_are_kept(heads: Heads) -> None:
    before = heads.pair("When does it come?", ["It arrives on Monday.", "Thank you."])
    for start in range(0, 9000, 300):
        letters = [
            f"{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}x"
            for n in range(start, start + 300)
        ]
        heads.pair(" ".join(letters), ["It arrives."])
    after = heads.pair("When does it come?", ["It arrives on Monday.", "Thank you."])
    assert before is not None
    assert after is not None
    assert before.tobytes() == after.tobytes()


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    weights = store.load()
    store.save(weights, tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == store.SHIPPED.read_bytes()


def test_the_coach_works_where_the_extra_is_missing() -> None:
    code = (
        "import sys\n"
        "for name in ('numpy', 'wordllama', 'tokenizers'): sys.modules[name] = None\n"
        "from goodword.coach import review\n"
        "from goodword.coach.heads import load_heads\n"
        "assert load_heads() is None\n"
        "assert review('It will be with you soon.', customer_message='Where is my parcel?').findings\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.stderr == ""


def test_importing_the_coach_loads_no_heads() -> None:
    code = "import sys, goodword.coach, goodword.coach.heads; print('numpy' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
