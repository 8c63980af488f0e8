"""HTML bodies divided into what their sender wrote and the older mail below it."""

import copy
import re
from itertools import islice

from lxml import html as lxml_html

from goodword.mail.html import LAYOUT_LIMIT, drop, inner, text_of, tree
from goodword.mail.quotes import is_introduction, quote_start
from goodword.mail.tables import table

# Of a longer page only the marks of mail programs are looked at; reading it line by line would take too long.
WORDED_LIMIT = 300_000
# No mail that somebody wrote holds so many elements, and looking through more of them would take seconds.
NODES_LIMIT = 60_000

_INTRODUCTION_LIMIT = 500
_SPACES = re.compile(r"\s+")
_BLOCKS = {"div", "p", "table", "blockquote", "ul", "ol", "pre", "hr", "h1", "h2", "h3", "h4"}


def split(html: str) -> tuple[str, str | None]:
    """`html` divided into what its sender wrote and the older mail they quoted; the second is None
    without a quote.
    """
    root = tree(html)
    if root is None:
        return html, None
    if root.xpath("count(.//*)") > NODES_LIMIT:
        return inner(root), None
    start = _marked_start(root) or _worded_start(root, len(html))
    if start is None:
        return inner(root), None
    place = next((number for number, node in enumerate(root.iter()) if node is start[0]), 0)
    if not place:
        return inner(root), None  # it is the whole page, or stands outside of what is shown
    removed = copy.deepcopy(root)
    twin = next(islice(removed.iter(), place, None))
    _remove_from(start[0], only=start[1])
    _remove_before(twin, only=start[1])
    if not _says_something(root):
        return html, None
    return inner(root), inner(removed)


def _marked_start(root: lxml_html.HtmlElement) -> tuple[lxml_html.HtmlElement, bool] | None:
    """The element a mail program marked as the older mail, and whether only it (not what follows) is quoted.

    Where an answer stands below or between quotes nothing is cut, as it may need the quote to be understood.
    """
    start, holder, block = (_first_of(root, kind) for kind in ("starts", "holders", "blocks"))
    first = _first_in_order(root, [node for node in (start, holder, block) if node is not None])
    if first is None:
        return None
    if first is start:
        return first, False
    if holder is not None and first is holder:
        if not _text_after(first):
            return _introduced(first), False
        return (first, True) if first.xpath(".//blockquote") else None
    begin = _introduced(first)
    sure = begin is not first or first.get("type") == "cite" or "quote" in (first.get("class") or "")
    return (begin, False) if sure and not _text_after(first) else None


def _first_of(root: lxml_html.HtmlElement, kind: str) -> lxml_html.HtmlElement | None:
    return _first_in_order(
        root, [node for query in table("html_quotes")[kind] for node in root.xpath(query)[:1]]
    )


def _worded_start(root: lxml_html.HtmlElement, length: int) -> tuple[lxml_html.HtmlElement, bool] | None:
    """The element that begins with the words which introduce an older mail."""
    if length > WORDED_LIMIT:
        return None
    page = copy.deepcopy(root)
    page.attrib.clear()
    lines = text_of(page, laid_out=length <= LAYOUT_LIMIT).split("\n")
    index = quote_start(lines)
    if index is None:
        return None
    wanted = _SPACES.sub("", lines[index])[:60]
    if len(wanted) < 5:
        return None
    _wrap_lines(root)
    best = None
    for node in root.iter():
        if (
            isinstance(node.tag, str)
            and node is not root
            and _beginning(node, len(wanted)).startswith(wanted)
        ):
            best = node
        elif best is not None:
            break
    return (best, False) if best is not None else None


def _wrap_lines(root: lxml_html.HtmlElement) -> None:
    """Give each line that only begins after a line break an element of its own, so that it can be found
    and cut.
    """
    for line_break in root.xpath(".//br"):
        if not (line_break.tail or "").strip():
            continue
        line = lxml_html.Element("span")
        line.text, line_break.tail = line_break.tail, None
        while (
            (sibling := line_break.getnext()) is not None
            and sibling.tag != "br"
            and sibling.tag not in _BLOCKS
        ):
            line.append(sibling)
        line_break.addnext(line)


def _beginning(node: lxml_html.HtmlElement, length: int) -> str:
    collected = ""
    for piece in node.itertext():
        collected += _SPACES.sub("", piece)
        if len(collected) >= length:
            break
    return collected


def _introduced(node: lxml_html.HtmlElement) -> lxml_html.HtmlElement:
    """`node`, or the element before it that holds its introduction ('On Monday Ann wrote:')."""
    current = node
    for _step in range(6):
        before = current.getprevious()
        if before is None:
            parent = current.getparent()
            if parent is not None and is_introduction(_squeezed(parent.text or "")):
                return parent  # the words of the introduction stand bare in what holds the quote
            if parent is None or parent.tag == "body" or (parent.text or "").strip():
                return node
            current = parent
            continue
        if (before.tail or "").strip():
            return node
        text = _text(before)
        if text:
            return before if len(text) < _INTRODUCTION_LIMIT and is_introduction(text) else node
        current = before
    return node


def _first_in_order(
    root: lxml_html.HtmlElement, nodes: list[lxml_html.HtmlElement]
) -> lxml_html.HtmlElement | None:
    if len(nodes) < 2:
        return nodes[0] if nodes else None
    wanted = set(nodes)
    return next((node for node in root.iter() if node in wanted), None)


def _text(node: lxml_html.HtmlElement) -> str:
    return _squeezed("".join(node.itertext()))


def _squeezed(text: str) -> str:
    return _SPACES.sub(" ", text.replace("\u00a0", " ")).strip()


def _text_after(node: lxml_html.HtmlElement) -> bool:
    """Whether words follow after `node` up to the end of the document."""
    current = node
    while current is not None and current.tag != "body":
        if (current.tail or "").strip("\u00a0 \t\r\n"):
            return True
        following = current.getnext()
        while following is not None:
            if isinstance(following.tag, str) and _text(following):
                return True
            if (following.tail or "").strip("\u00a0 \t\r\n"):
                return True
            following = following.getnext()
        current = current.getparent()
    return False


def _remove_from(node: lxml_html.HtmlElement, *, only: bool) -> None:
    """Take `node` out, and unless `only` everything after it."""
    if only:
        drop(node)
        return
    current = node
    while current is not None and current.tag != "body":
        parent = current.getparent()
        for sibling in list(current.itersiblings()):
            parent.remove(sibling)
        current.tail = None
        current = parent
    node.getparent().remove(node)


def _remove_before(node: lxml_html.HtmlElement, *, only: bool) -> None:
    """Take everything before `node` out, and when `only` everything after it as well."""
    current = node
    while current is not None and current.tag != "body":
        parent = current.getparent()
        if parent is None:
            break
        parent.text = None
        for sibling in list(current.itersiblings(preceding=True)):
            parent.remove(sibling)
        if only:
            for sibling in list(current.itersiblings()):
                parent.remove(sibling)
            current.tail = None
        current = parent


def _says_something(root: lxml_html.HtmlElement) -> bool:
    return bool(_text(root)) or next(root.iter("img"), None) is not None
