"""HTML of strangers: made safe to show, turned into text, and divided into answer and quote."""

import copy
import re
from collections.abc import Mapping
from itertools import islice
from urllib.parse import unquote

import nh3
from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig
from lxml import etree
from lxml import html as lxml_html

from goodword.mail.quotes import is_introduction, quote_start
from goodword.mail.tables import table

HTML_LIMIT = 2_000_000

_INTRODUCTION_LIMIT = 500
_DATA_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)
_WEB = re.compile(r"https?://", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_REMOTE = "data-remote-src"
_TAGS = {
    "a", "abbr", "address", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code", "col",
    "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span",
    "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"dir", "lang", "title", "style", "align", "valign"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height", _REMOTE},
    "font": {"color", "face", "size"},
    "td": {"colspan", "rowspan", "width", "bgcolor"},
    "th": {"colspan", "rowspan", "width", "bgcolor", "scope"},
    "table": {"width", "border", "cellpadding", "cellspacing", "bgcolor"},
    "tr": {"bgcolor"},
    "ol": {"start", "type"},
    "col": {"span", "width"},
}
# No property here takes an address, moves an element out of its place, or hides it.
_STYLES = {
    "color", "background-color", "font-family", "font-size", "font-style", "font-weight", "line-height", "text-align",
    "text-decoration", "text-indent", "text-transform", "vertical-align", "white-space", "direction", "letter-spacing",
    "padding", "padding-left", "padding-right", "padding-top", "padding-bottom",
    "margin-left", "margin-right", "margin-top", "margin-bottom",
    "border", "border-left", "border-right", "border-top", "border-bottom", "border-collapse", "border-color", "border-style",
    "border-width", "border-radius", "width", "max-width",
}  # fmt: skip
_TEXT_CONFIG = ParserConfig(css=CSS_PROFILES["strict"], display_links=False, display_images=False)


def clean(html: str, *, cid_urls: Mapping[str, str], pictures: bool) -> str:
    """`html` without anything that could run, track or dress up as the desk.

    `cid_urls` gives the address of each enclosed picture by its Content-ID. Pictures from elsewhere are left out, with
    their address kept in `data-remote-src`, unless `pictures` is true.
    """
    root = _tree(html)
    if root is None:
        return ""
    own = {identifier.strip("<>").casefold(): url for identifier, url in cid_urls.items()}
    for picture in root.iter("img"):
        _point(picture, own, pictures=pictures)
    shown = set(own.values())

    def allowed(tag: str, name: str, value: str) -> str | None:
        if name == "src":
            safe = value in shown or _DATA_PICTURE.fullmatch(value) or (pictures and _WEB.match(value))
            return value if safe else None
        if name == "href":
            return value if _LINK.match(value.strip()) else None
        if name == "style":
            return None if "url(" in value.casefold().replace(" ", "") or "\\" in value else value
        return value

    return nh3.clean(
        _inner(root),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=allowed,
        filter_style_properties=_STYLES,
        set_tag_attribute_values={"a": {"target": "_blank"}},
        link_rel="noopener noreferrer nofollow",
        url_schemes={"http", "https", "mailto", "tel", "data", "cid"},
        url_relative="pass_through",
        clean_content_tags={
            "script",
            "style",
            "title",
            "head",
            "template",
            "noscript",
            "svg",
            "math",
            "iframe",
            "object",
        },
    ).strip()


def blocked_pictures(cleaned: str) -> int:
    """How many pictures from elsewhere `clean` left out of what it returned."""
    return cleaned.count(f" {_REMOTE}=")


def to_text(html: str) -> str:
    """`html` as readable plain text, tables in columns; never raises."""
    root = _tree(html)
    if root is None:
        return ""
    for picture in root.xpath("//style|//script|//head|//title|//template"):
        _drop(picture)
    try:
        text = get_text(lxml_html.tostring(root, encoding="unicode"), _TEXT_CONFIG)
    except (RecursionError, ValueError, etree.LxmlError, AttributeError, IndexError, TypeError):
        text = " ".join(root.itertext())
    lines = [line.rstrip() for line in text.replace("\u00a0", " ").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def split(html: str) -> tuple[str, str | None]:
    """`html` divided into what its sender wrote and the older mail they quoted; the second is None without a quote."""
    root = _tree(html)
    if root is None:
        return html, None
    start = _marked_start(root) or _worded_start(root)
    if start is None:
        return _inner(root), None
    removed = copy.deepcopy(root)
    place = next(number for number, node in enumerate(root.iter()) if node is start[0])
    twin = next(islice(removed.iter(), place, None))
    _remove_from(start[0], only=start[1])
    _remove_before(twin, only=start[1])
    if not _says_something(root):
        return html, None
    return _inner(root), _inner(removed)


def _tree(html: str) -> lxml_html.HtmlElement | None:
    """The body of `html` as a tree; None when there is nothing in it."""
    # One deep parser limit for all: lxml refuses more than 256 levels unless told, and keeps what it read so far.
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    text = html[:HTML_LIMIT].replace("\x00", "")
    try:
        document = lxml_html.document_fromstring(text.encode("utf-8", errors="replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    body = document.find("body")
    return body if body is not None else document


def _inner(root: lxml_html.HtmlElement) -> str:
    pieces = [_escaped(root.text or "")]
    pieces += [lxml_html.tostring(child, encoding="unicode") for child in root]
    return "".join(pieces).strip()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _point(picture: lxml_html.HtmlElement, own: Mapping[str, str], *, pictures: bool) -> None:
    """Lead a picture's address to the enclosed file, or set it aside when it leads elsewhere."""
    source = (picture.get("src") or "").strip()
    picture.attrib.pop(_REMOTE, None)
    if source.casefold().startswith("cid:"):
        url = own.get(unquote(source[4:]).strip("<>").casefold())
        if url:
            picture.set("src", url)
        else:
            picture.attrib.pop("src", None)
    elif source.startswith("//"):
        source = f"https:{source}"
        picture.set("src", source)
    if _WEB.match(source) and not pictures:
        picture.attrib.pop("src", None)
        picture.set(_REMOTE, source)


def _marked_start(root: lxml_html.HtmlElement) -> tuple[lxml_html.HtmlElement, bool] | None:
    """The element a mail program marked as the older mail, and whether only it (not what follows) is quoted."""
    marks = table("html_quotes")
    found = [node for query in marks["tails"] for node in root.xpath(query)[:1]]
    tail = _first_in_order(root, found)
    blocks = [node for query in marks["blocks"] for node in root.xpath(query)[:1]]
    block = _first_in_order(root, blocks)
    if tail is not None and (block is None or _first_in_order(root, [tail, block]) is tail):
        inside = _introduced(tail)
        return (inside, _text_after(tail)) if not _text_after(tail) or _holds_quote(tail) else None
    if block is None:
        return None
    start = _introduced(block)
    if start is block and block.get("type") != "cite" and "quote" not in (block.get("class") or ""):
        return None
    return (start, True) if _text_after(block) and start is block else _block_range(start, block)


def _block_range(
    start: lxml_html.HtmlElement, block: lxml_html.HtmlElement
) -> tuple[lxml_html.HtmlElement, bool] | None:
    """Introduction and quote with an answer below them: then nothing is cut, as the answer may need the quote."""
    return None if _text_after(block) else (start, False)


def _worded_start(root: lxml_html.HtmlElement) -> tuple[lxml_html.HtmlElement, bool] | None:
    """The element that begins with the words which introduce an older mail."""
    lines = to_text(_inner(root)).split("\n")
    index = quote_start(lines)
    if index is None:
        return None
    wanted = _SPACES.sub("", lines[index])[:60]
    if len(wanted) < 5:
        return None
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


def _holds_quote(node: lxml_html.HtmlElement) -> bool:
    return bool(node.xpath(".//blockquote"))


def _text(node: lxml_html.HtmlElement) -> str:
    return _SPACES.sub(" ", "".join(node.itertext()).replace("\u00a0", " ")).strip()


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
        _drop(node)
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


def _drop(node: lxml_html.HtmlElement) -> None:
    """Take `node` out and leave the text behind it."""
    parent = node.getparent()
    if parent is not None:
        node.drop_tree()


def _says_something(root: lxml_html.HtmlElement) -> bool:
    return bool(_text(root)) or next(root.iter("img"), None) is not None
