"""What agents write, as a mail: nothing of it can run, and none of its words are lost."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.inbox.markdown import as_html, as_text, pictures, point_pictures

TAGS = {
    *("p", "br", "strong", "em", "s", "a", "img", "ul", "ol", "li", "blockquote", "pre", "code", "hr"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
}
PIECES = [
    *("<script>", "<img src=x onerror=y>", "](javascript:x)", "[a", "![a", "**", "* ", "> ", "`", "\n"),
    *("&lt;", "a b"),
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=20).map("".join))
def test_no_text_makes_a_tag_of_its_own_or_a_link_that_runs(text):
    page = as_html(text)
    assert set(re.findall(r"<([a-z0-9]+)", page)) <= TAGS
    assert not re.search(r'(?:href|src)="\s*javascript:', page, re.IGNORECASE)
    for tag in re.findall(r"<[^>]*>", page):
        assert not re.search(r"\son[a-z]+=", re.sub(r'"[^"]*"', '""', tag))


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Dear Carla,\n\nso **sorry**.\nBye", "Dear Carla,\n\nso sorry.\nBye"),
        ("* one\n* two", "  * one\n  * two"),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("<b>kept as text</b>", "<b>kept as text</b>"),
    ],
)
def test_the_plain_part_says_the_same(written, words):
    assert as_text(as_html(written)) == words.strip()


def test_pictures_of_the_desk_are_known_and_pointed_elsewhere():
    written = "![a](/attachments/12/a%20b.png) and ![b](https://example.org/attachments)"
    assert pictures(written) == {12}
    page = point_pictures(as_html(written), {12: "cid:x@y"})
    assert 'src="cid:x@y"' in page
    assert 'src="https://example.org/attachments"' in page
