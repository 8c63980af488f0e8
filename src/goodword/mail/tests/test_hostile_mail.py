"""Mail made to hurt goes in like any other: read or kept with a reason, and no file in it loses a byte."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.mail import html
from goodword.mail.parsing import Unreadable, parse
from goodword.mail.parsing.envelope import envelope

from .hostile import CRLF, MAKERS, SENDER, part

REFUSED = {"parts_in_parts_without_end": "too deeply", "a_million_parts": "more than 5000 parts"}


@pytest.mark.parametrize("name", MAKERS)
def test_it_is_read_and_every_file_comes_out_as_it_went_in(name: str) -> None:
    raw, files = MAKERS[name]()
    envelope(raw)
    if name in REFUSED:
        with pytest.raises(Unreadable, match=REFUSED[name]):
            parse(raw)
        return
    mail = parse(raw)
    found = [file.data for file in mail.attachments]
    assert all(data in found for data in files)
    assert "\x00" not in mail.text + mail.subject + (mail.html or "")
    html.clean(mail.html or "", cid_urls={}, pictures=False)


def test_a_text_too_long_to_be_shown_is_enclosed_whole() -> None:
    raw, files = MAKERS["ten_megabytes_of_html"]()
    mail = parse(raw)
    assert mail.html is not None
    assert len(mail.html) < len(files[0])
    assert [(file.filename, file.data) for file in mail.attachments] == [("part.html", files[0])]


def test_a_field_behind_one_without_end_is_read() -> None:
    mail = parse(MAKERS["a_field_of_five_megabytes"]()[0])
    assert (mail.subject, mail.text.strip()) == ("after it", "Where is my parcel?")


def test_a_long_text_is_cut_between_two_characters() -> None:
    mail = parse(SENDER + b"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + "荷物".encode() * 400_000)
    assert set(mail.text) == {"荷", "物"}


def test_a_text_that_cannot_be_shown_as_it_came_is_enclosed() -> None:
    mail = parse(SENDER + b"\r\nContent-Type: text/plain; charset=ascii\r\n\r\nGr\x81\x8d")
    assert [file.data for file in mail.attachments] == [b"Gr\x81\x8d"]


def test_a_second_form_of_the_same_words_is_enclosed() -> None:
    forms = [
        part(b"text/plain", b"one", encoding=b"7bit"),
        part(b"text/plain", b"two", encoding=b"7bit"),
        part(b"text/html", b"<p>three</p>", encoding=b"7bit"),
        part(b"text/html", b"<p>four</p>", encoding=b"7bit"),
    ]
    inside = b"".join(b"--x\r\n" + form for form in forms)
    mail = parse(
        SENDER + b"\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n" + inside + b"--x--\r\n"
    )
    assert (mail.text, mail.html) == ("one", "<p>three</p>")
    assert [file.data for file in mail.attachments] == [b"two", b"<p>four</p>"]


Tree = tuple[bytes, list[bytes]]


@st.composite
def leaves(draw: st.DrawFn) -> Tree:
    data = draw(st.binary(max_size=300))
    encoding = draw(st.sampled_from([b"base64", b"quoted-printable", b"binary"]))
    kind = draw(
        st.sampled_from([b"image/png", b"application/x", b"text/plain", b"message/rfc822", b"x", b""])
    )
    carried = part(kind, data, name=b"f", encoding=b"base64")
    if encoding == b"quoted-printable":
        escaped = b"".join(
            b"=%02X" % byte + (b"=\r\n" if n % 20 == 19 else b"") for n, byte in enumerate(data)
        )
        carried = part(kind, escaped, name=b"f", encoding=encoding)
    elif encoding == b"binary":
        data = b"x" + data.replace(b"--", b"..") + b"x"
        carried = part(kind, data, name=b"f", encoding=encoding)
    return carried, [data]


@st.composite
def branches(draw: st.DrawFn, children: st.SearchStrategy[Tree]) -> Tree:
    inside = draw(st.lists(children, min_size=1, max_size=4))
    # Boundaries that begin like one another are the ones to be mixed up.
    edge = b"e" * draw(st.integers(1, 30))
    kind = draw(st.sampled_from([b"mixed", b"alternative", b"related", b"digest", b"odd"]))
    closed = draw(st.booleans())
    head = b'Content-Type: multipart/%s; boundary="%s"\r\n\r\n' % (kind, edge)
    body = b"".join(b"--%s\r\n%s" % (edge, carried) for carried, _files in inside)
    end = b"--%s--\r\n" % edge if closed else b""
    return head + body + end, [data for _carried, files in inside for data in files]


def unlike(tree: Tree) -> bool:
    """Whether no boundary stands in a part of a like one, where nobody could tell the two apart."""
    edges = [line for line in tree[0].split(CRLF) if line.startswith(b"Content-Type: multipart")]
    return len({edge.partition(b"boundary=")[2] for edge in edges}) == len(edges)


@settings(max_examples=300, deadline=None)
@given(branches(st.recursive(leaves(), branches, max_leaves=12)).filter(unlike))
def test_every_file_of_any_tree_of_parts_comes_out_as_it_went_in(tree: Tree) -> None:
    carried, files = tree
    mail = parse(SENDER + CRLF + carried)
    assert sorted(file.data for file in mail.attachments) == sorted(files)
