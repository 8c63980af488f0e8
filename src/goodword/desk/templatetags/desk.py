"""Template tags of the agents' pages."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from goodword.events.timeline import Line
from goodword.promises.models import Promise
from goodword.staff.models import Agent
from goodword.ui.templatetags.ui import icon

from ..promise_words import look
from ..timeline import Happening, icon_of

register = template.Library()


@register.simple_tag
def nobody_here() -> bool:
    """Whether the installation has no agent yet."""
    return not Agent.objects.exists()


@register.inclusion_tag("desk/promise_line.html")
def promise_line(promise: Promise) -> dict[str, Any]:
    """A promise as a line beside a conversation or in a customer's page."""
    return {"promise": promise, "look": look(promise)}


@register.simple_tag
def due_chip(promise: Promise) -> SafeString:
    """When a promise is due, or what became of it, with a word and a colour."""
    seen = look(promise)
    more = f" chip--{seen.tone}" if seen.tone else ""
    sign = icon("clock" if seen.icon in {"circle", "circle-dot"} else seen.icon)
    return format_html('<span class="chip{}" title="{}">{}{}</span>', more, seen.exact, sign, seen.words)


@register.inclusion_tag("desk/timeline.html")
def timeline_lines(lines: Iterable[Line]) -> dict[str, Any]:
    """Lines of the event log with the icons of their kinds."""
    return {
        "timeline": [
            Happening(icon_of(line.kind), line.text, line.at, line.conversation_id) for line in lines
        ]
    }
