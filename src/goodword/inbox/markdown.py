"""What agents write: Markdown to the HTML and the plain text of a mail. Raw HTML in it stays text."""

import re

from markdown_it import MarkdownIt

from goodword.mail import html as mail_html

_PICTURE = re.compile(r"/attachments/(\d{1,18})/[^\s)\"'<>]*")
_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["strikethrough"])


def as_html(markdown: str) -> str:
    """The HTML of a text, fit for a mail."""
    return str(_markdown.render(markdown)).strip()


def as_text(html: str) -> str:
    """The plain words of what `as_html` made."""
    return mail_html.to_text(html).strip()


def pictures(markdown: str) -> set[int]:
    """The ids of the attachments that a text shows as pictures."""
    return {int(number) for number in _PICTURE.findall(markdown)}


def point_pictures(html: str, targets: dict[int, str]) -> str:
    """`html` with the addresses of its own pictures put in place of those inside the desk."""
    return _PICTURE.sub(lambda found: targets.get(int(found[1]), found[0]), html)
