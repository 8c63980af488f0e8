"""Template tags of the components: icons, times, avatars, form fields."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zlib import crc32

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template.base import FilterExpression, Node, Parser, TextNode, Token, Variable
from django.templatetags.i18n import TranslateNode, do_translate
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from goodword.ui.menu import badge_of
from goodword.ui.money import say_money
from goodword.ui.times import exact, say_moment, say_short, say_span

register = template.Library()

AVATAR_COLOURS = 8


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """An icon of the sprite; decoration unless it has a label."""
    return _icon(name, size, str(label))


@lru_cache(maxsize=500)
def _icon(name: str, size: int, label: str) -> SafeString:
    more = " icon--20" if size == 20 else ""
    says = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    target = static("goodword/dist/icons.svg")
    return format_html('<svg class="icon{}" {}><use href="{}#{}"></use></svg>', more, says, target, name)


_icon_node = register.tags["icon"]


@register.tag("icon")
def icon_once(parser: Parser, token: Token) -> Node:
    """An icon whose name stands in the template is drawn once, when the template is read."""
    node = _icon_node(parser, token)
    given = [*node.args, *node.kwargs.values()]
    return _said_once(node) if node.target_var is None and all(map(_is_literal, given)) else node


@register.tag("translate")
def translate_once(parser: Parser, token: Token) -> Node:
    """As Django's own; where there is one language only, said once, when the template is read."""
    node = do_translate(parser, token)
    plain = isinstance(node, TranslateNode) and not node.asvar and _is_literal(node.filter_expression)
    return _said_once(node) if plain and not settings.USE_I18N else node


def _said_once(node: Node) -> TextNode:
    return TextNode(node.render(template.Context()))


def _is_literal(given: FilterExpression) -> bool:
    value = given.var
    return not given.filters and (not isinstance(value, Variable) or value.literal is not None)


@register.simple_tag(takes_context=True)
def rail_badge(context: Any, section: str) -> int:
    """How much waits behind an entry of the rail; 0 where nothing says so."""
    return badge_of(section, context["request"]) if "request" in context else 0


@register.simple_tag
def human_time(moment: datetime | None, style: str = "full") -> SafeString:
    """``<time>`` with the exact moment on hover; ``style`` is 'full' or 'short'. Nothing for None."""
    if moment is None:
        return SafeString()
    said = say_short(moment) if style == "short" else say_moment(moment)
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), exact(moment), said)


@register.filter
def span(value: timedelta) -> str:
    """A length of time as words: '40 min', '3 h', '2 days'."""
    return say_span(value)


@register.filter
def waited(since: datetime) -> SafeString:
    """How long it is since a moment, with the exact moment on hover: '40 min', '3 h', '2 days'."""
    words = say_span(timezone.now() - since)
    return format_html('<time datetime="{}" title="{}">{}</time>', since.isoformat(), exact(since), words)


@register.filter
def money(amount: Decimal | int | None) -> str:
    """An amount of the company's money: '€12.50'. Nothing for None."""
    return "" if amount is None else say_money(amount)


def initials(name: str) -> str:
    """Two letters for a name: first and last word, or the first two letters of an address."""
    words = [w for w in name.split() if w[:1].isalnum()]
    if len(words) > 1:
        return (words[0][0] + words[-1][0]).upper()
    return (words[0][:2] if words else "?").upper()


@register.simple_tag
def avatar(person: object, size: str = "") -> SafeString:
    """A round badge with initials, in a colour that stays the same for the name. ``size``: small, large."""
    name = str(person or "")
    colour = crc32(name.encode()) % AVATAR_COLOURS
    more = f" avatar--{size}" if size else ""
    return format_html(
        '<span class="avatar avatar--h{}{}" aria-hidden="true">{}</span>', colour, more, initials(name)
    )


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, help_text: str = "") -> dict[str, object]:
    """A form field with label, help and errors, tied together for screen readers."""
    widget = bound.field.widget
    group = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    return {
        "field": bound,
        "help": help_text or bound.help_text,
        "is_tick": isinstance(widget, CheckboxInput),
        "is_group": group,
        "control": _control(bound),
    }


def _control(bound: BoundField) -> SafeString:
    widget = bound.field.widget
    attrs: dict[str, Any] = {}
    if not isinstance(widget, CheckboxInput | CheckboxSelectMultiple | RadioSelect):
        kind = {"Textarea": "textarea", "Select": "select", "SelectMultiple": "select"}.get(
            type(widget).__name__, "input"
        )
        attrs["class"] = f"{widget.attrs.get('class', '')} {kind}".strip()
    said = [f"{bound.id_for_label}-help"] if bound.help_text else []
    if bound.errors:
        attrs["aria-invalid"] = "true"
        said.append(f"{bound.id_for_label}-error")
    if said and bound.id_for_label:
        attrs["aria-describedby"] = " ".join(said)
    return bound.as_widget(attrs=attrs)


@register.simple_tag
def is_sample() -> bool:
    """Whether this installation shows a sample company."""
    return bool(settings.CONFIG.sample)


@register.filter
def tel(number: object) -> SafeString:
    """A phone number as a link that calls it; as it stands where it has no digits."""
    shown = str(number)
    digits = "".join(sign for sign in shown if sign.isdecimal() and sign.isascii())
    if not digits:
        return format_html("{}", shown)
    plus = "+" if shown.strip().startswith("+") else ""
    return format_html('<a class="nowrap" href="tel:{}{}">{}</a>', plus, digits, shown)
