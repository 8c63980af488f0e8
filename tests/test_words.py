"""`docs/words.md` says what the words of the house mean, and every kind of record is one of them."""

import re
from collections import Counter
from pathlib import Path

from django.apps import apps

PAGE = Path(__file__).resolve().parent.parent / "docs" / "words.md"
LINE = re.compile(r"- \*\*(?P<word>[a-z -]+)\*\*(?: \((?P<room>[a-z]+)\))?: (?P<meaning>\S.*\.)")
LINES = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("- ")]


def kept() -> dict[str, str]:
    """Every kind of record in the words of the field, with the room that keeps it."""
    models = [model for model in apps.get_models() if model.__module__.startswith("goodword.")]
    return {str(model._meta.verbose_name): model._meta.app_label for model in models}


def test_every_word_has_one_line_with_its_meaning() -> None:
    wrong = [line for line in LINES if not LINE.fullmatch(line)]
    assert wrong == [], "Write '- **word** (room): meaning.'"


def test_words_stand_in_order_and_once() -> None:
    words = [found["word"] for line in LINES if (found := LINE.fullmatch(line))]
    assert [word for word, times in Counter(words).items() if times > 1] == []
    assert words == sorted(words)


def test_every_kind_of_record_is_a_word_of_its_room() -> None:
    known = {
        found["word"]: found["room"] for line in LINES if (found := LINE.fullmatch(line)) and found["room"]
    }
    missing = [f"'{word}' of {room} has no line" for word, room in kept().items() if known.get(word) != room]
    gone = [
        f"'{word}' is said to be kept by {room}" for word, room in known.items() if kept().get(word) != room
    ]
    assert missing + gone == [], "Put docs/words.md right: " + "; ".join(missing + gone)


def test_a_record_is_called_in_the_code_what_it_is_called_on_screen() -> None:
    models = [model for model in apps.get_models() if model.__module__.startswith("goodword.")]
    plain = {model.__name__: re.sub(r"(?<!^)(?=[A-Z])", " ", model.__name__).lower() for model in models}
    assert {model.__name__: str(model._meta.verbose_name) for model in models} == plain
