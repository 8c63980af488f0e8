"""A stranger's HTML is shown without anything that runs, tracks or pretends."""

import pytest

from goodword.mail import html

CUP = {"cup@example.org": "/files/7/cup.png"}


@pytest.mark.parametrize(
    ("page", "gone"),
    [
        ("<script>alert(1)</script>Hi", "alert"),
        ("<p onclick='alert(1)'>Hi</p>", "onclick"),
        ("<a href='javascript:alert(1)'>Hi</a>", "javascript"),
        ("<a href=' jAvascript:alert(1)'>Hi</a>", "script:"),
        ("<a href='data:text/html,x'>Hi</a>", "data:"),
        ("<a href='/settings/delete'>Hi</a>", "/settings"),
        ("<style>body{display:none}</style>Hi", "display"),
        ("<form action='https://evil.example'><input name=password>Hi</form>", "<form"),
        ("<iframe src='https://evil.example'></iframe>Hi", "iframe"),
        ("<svg><script>alert(1)</script></svg>Hi", "alert"),
        ("<math><mi xlink:href='javascript:alert(1)'>x</mi></math>Hi", "javascript"),
        ("<meta http-equiv=refresh content='0;url=https://evil.example'>Hi", "refresh"),
        ("<base href='https://evil.example/'>Hi", "base"),
        ("<div style='position:fixed;top:0'>Hi</div>", "fixed"),
        ("<div style='background:url(https://evil.example/x)'>Hi</div>", "evil"),
        ("<div style='color:red;background-color:u\\72l(https://evil.example)'>Hi</div>", "evil"),
        ("<div id=menu class=button>Hi</div>", "menu"),
        ("<img src=x onerror=alert(1)>Hi", "alert"),
        ("<img srcset='https://evil.example/x 2x'>Hi", "evil"),
        ("<table background='https://evil.example/x'><tr><td>Hi</td></tr></table>", "evil"),
        ("<video poster='https://evil.example/x'></video>Hi", "evil"),
        ("<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>Hi", "onerror"),
        ("<!--[if mso]><img src=https://evil.example/x><![endif]-->Hi", "evil"),
    ],
)
def test_what_could_do_harm_is_gone_and_the_words_stay(page: str, gone: str) -> None:
    cleaned = html.clean(page, cid_urls={}, pictures=True)
    assert gone not in cleaned
    assert "Hi" in cleaned


def test_pictures_from_elsewhere_wait_until_they_are_asked_for() -> None:
    page = "<p>Hi<img src='https://news.example/open.gif' alt='Logo'><img src='//news.example/2.gif'></p>"
    blocked = html.clean(page, cid_urls={}, pictures=False)
    assert " src=" not in blocked
    assert 'data-remote-src="https://news.example/open.gif"' in blocked
    assert html.blocked_pictures(blocked) == 2
    shown = html.clean(page, cid_urls={}, pictures=True)
    assert 'src="https://news.example/open.gif"' in shown
    assert html.blocked_pictures(shown) == 0


def test_pictures_sent_along_are_shown_from_the_house() -> None:
    page = "<img src='cid:Cup@example.org'><img src='cid:unknown'>"
    cleaned = html.clean(page, cid_urls=CUP, pictures=False)
    assert 'src="/files/7/cup.png"' in cleaned
    assert cleaned.count("src=") == 1


def test_a_stranger_cannot_point_a_picture_at_the_house() -> None:
    cleaned = html.clean("<img src='/logout'><img data-remote-src='x'>", cid_urls=CUP, pictures=True)
    assert "/logout" not in cleaned
    assert html.blocked_pictures(cleaned) == 0


def test_links_open_apart_and_tell_nothing() -> None:
    cleaned = html.clean("<a href='https://example.org' target=_top>x</a>", cid_urls={}, pictures=False)
    assert 'target="_blank"' in cleaned
    assert 'rel="noopener noreferrer nofollow"' in cleaned


def test_small_pictures_inside_the_mail_are_shown() -> None:
    data = "data:image/png;base64,iVBORw0KGgo="
    assert data in html.clean(f"<img src='{data}'>", cid_urls={}, pictures=False)
    assert "svg" not in html.clean("<img src='data:image/svg+xml;base64,AAAA'>", cid_urls={}, pictures=True)


def test_html_becomes_readable_text() -> None:
    text = html.to_text(
        "<h1>Order</h1><p>Two&nbsp;cups<br>one plate</p><ul><li>red</li></ul><style>x{}</style>"
    )
    assert "Two cups\none plate" in text
    assert "* red" in text
    assert "{}" not in text


@pytest.mark.parametrize(
    "page", ["", "   ", "<", "<<<>>>", "\x00", "<!doctype html>", "<body></body>", "&#0;&#xd800;"]
)
def test_strange_html_raises_nothing(page: str) -> None:
    assert isinstance(html.clean(page, cid_urls={}, pictures=False), str)
    assert isinstance(html.to_text(page), str)


def test_html_nested_without_end_raises_nothing() -> None:
    page = "<div>" * 20_000 + "Hi"
    assert isinstance(html.clean(page, cid_urls={}, pictures=False), str)
    assert isinstance(html.to_text(page), str)
