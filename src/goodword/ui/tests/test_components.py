"""The components pages are put together from."""

from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from goodword.ui import menu
from goodword.ui.context import frame
from goodword.ui.menu import MenuEntry
from goodword.ui.templatetags.ui import initials


class Attributes(HTMLParser):
    """The attributes of every element, to hold against the content security policy."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


def test_money_is_said_with_its_sign_and_two_decimals() -> None:
    said = "{% load ui %}{{ 1234.5|money }} {{ 0|money }} {{ less|money }}{{ nothing|money }}"
    assert drawn(said, less=Decimal("-3"), nothing=None) == "€1,234.50 €0.00 −€3.00"


class Question(forms.Form):
    address = forms.EmailField(label="Mail address", help_text="Where answers go.")
    size = forms.ChoiceField(choices=[("s", "Small"), ("l", "Large")])
    notes = forms.CharField(widget=forms.Textarea, required=False)
    agreed = forms.BooleanField(label="Agreed")
    colours = forms.MultipleChoiceField(
        choices=[("r", "Red")], widget=forms.CheckboxSelectMultiple, required=False
    )


def drawn(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_error_pages_need_neither_database_nor_request(name: str):
    html = render_to_string(f"{name}.html")
    assert "<h1>" in html
    assert 'href="/"' in html


@pytest.mark.parametrize("name", ["ui/desk.html", "ui/page.html", "500.html"])
def test_pages_keep_to_the_content_security_policy(name: str):
    for tag, attributes in Attributes(render_to_string(name)).elements:
        assert "style" not in attributes
        assert not [key for key in attributes if key.startswith("on")]
        assert tag != "style"
        assert tag != "script" or attributes.get("src")


def test_an_icon_is_decoration_unless_it_is_named():
    assert 'aria-hidden="true"' in drawn('{% icon "inbox" %}')
    assert 'role="img" aria-label="Late"' in drawn('{% icon "clock" label="Late" %}')


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ana Petrov", "AP"),
        ("ana@mail.example", "AN"),
        ("Ludwig van Beethoven", "LB"),
        ("", "?"),
        ("(?)", "?"),
        ("李 小龙", "李小"),
    ],
)
def test_an_avatar_shows_initials(name: str, letters: str):
    assert initials(name) == letters


def test_an_avatar_escapes_and_keeps_its_colour():
    first = drawn("{% avatar who %}", who="<b> <i>")
    assert "<b>" not in first
    assert first == drawn("{% avatar who %}", who="<b> <i>")


def test_a_field_ties_its_help_and_errors_to_the_control():
    form = Question({"address": "help@tarn", "size": "s"})
    html = drawn("{% field form.address %}", form=form)
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_address-help id_address-error"' in html
    assert 'id="id_address-help"' in html
    assert 'id="id_address-error"' in html


def test_every_kind_of_field_has_a_label():
    html = drawn("{% for one in form %}{% field one %}{% endfor %}", form=Question())
    controls = {a.get("id") for tag, a in Attributes(html).elements if tag in ("input", "select", "textarea")}
    labels = {a.get("for") for tag, a in Attributes(html).elements if tag == "label"}
    assert controls <= labels


def test_no_moment_is_no_time():
    assert drawn("{% human_time moment %}", moment=None) == ""


def test_the_reply_form_works_without_scripts():
    html = render_to_string(
        "ui/composer.html", {"composer": {"action": "/reply", "markdown": 'Hi <b> "Ana"'}}
    )
    named = {a.get("name"): a for tag, a in Attributes(html).elements if a.get("name")}
    assert {"markdown", "kind", "seen", "close", "files"} <= set(named)
    assert "Hi &lt;b&gt; &quot;Ana&quot;</textarea>" in html


def test_the_rail_shows_what_a_request_may_see_in_order(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(menu, "_entries", {})
    entry = {"label": "x", "icon": "inbox", "url_name": "inbox"}
    menu.register(MenuEntry(section="late", order=20, **entry))
    menu.register(MenuEntry(section="early", order=10, **entry))
    menu.register(MenuEntry(section="hidden", visible=lambda request: False, **entry))
    menu.register(MenuEntry(section="late", order=5, **entry))
    assert [one.section for one in menu.entries_for(RequestFactory().get("/"))] == ["late", "early"]


def test_the_frame_is_empty_for_strangers():
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert frame(request) == {}
