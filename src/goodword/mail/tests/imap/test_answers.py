"""What servers answer is understood in every order, and no bytes of theirs raise anything."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword.mail.imap.names import folder_name, quoted
from goodword.mail.imap.responses import Listed, listed

MOMENT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "said",
    [
        [(b'1 (UID 7 INTERNALDATE "22-Nov-2026 09:30:00 +0100" BODY[] {4}', b"mail"), b")"],
        [(b"1 (BODY[] {4}", b"mail"), b' INTERNALDATE "22-Nov-2026 08:30:00 +0000" UID 7)'],
        [b'1 (INTERNALDATE "22-Nov-2026 08:30:00 +0000" UID 7 BODY[] "mail")'],
        [
            b"4 (FLAGS (\\Seen))",
            (b'1 (INTERNALDATE "22-Nov-2026 08:30:00 +0000" UID 7 BODY[] {4}', b"mail"),
            b")",
        ],
    ],
    ids=["before the bytes", "behind the bytes", "in one line", "after news of flags"],
)
def test_a_mail_is_the_same_in_whatever_order_it_is_told(said: list[object]) -> None:
    assert list(listed(said)) == [Listed(uid=7, size=None, moment=MOMENT, raw=b"mail")]


def test_a_number_within_the_mail_is_not_taken_for_its_own() -> None:
    said: list[object] = [b'1 (BODY[] "see UID 99" UID 7)', b'2 (BODY[] "UID 98")']
    assert [(one.uid, one.raw) for one in listed(said)] == [(7, b"see UID 99")]


def test_a_mail_without_bytes_is_told_apart_from_an_empty_one() -> None:
    said: list[object] = [
        b"1 (UID 7 BODY[] NIL)",
        b'2 (UID 8 BODY[] "")',
        (b"3 (UID 9 BODY[] {0}", b""),
        b")",
    ]
    assert [(one.uid, one.raw) for one in listed(said)] == [(7, None), (8, b""), (9, b"")]


def test_news_of_flags_hide_nothing_of_a_mail() -> None:
    news, whole = (
        Listed(uid=7, size=None, moment=None, raw=None),
        Listed(uid=7, size=4, moment=MOMENT, raw=b"mail"),
    )
    assert news.with_more(whole) == whole.with_more(news) == whole


@given(st.lists(st.one_of(st.binary(), st.tuples(st.binary(), st.binary()), st.none())))
def test_no_answer_raises_anything(said: list[object]) -> None:
    list(listed(said))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_every_folder_name_is_one_quoted_word_of_plain_letters(name: str) -> None:
    word = quoted(folder_name(name))
    assert word.isascii()
    assert word.startswith(b'"')
    assert word.endswith(b'"')
    inside = word[1:-1].replace(b"\\\\", b"").replace(b'\\"', b"")
    assert b'"' not in inside
