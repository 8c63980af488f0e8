"""HTML of strangers: made safe to show, and turned into text."""

import re
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

import nh3
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.html_engine import Inscriptis
from inscriptis.model.config import ParserConfig
from lxml import etree
from lxml import html as lxml_html

from goodword.mail.tables import table

HTML_LIMIT = 2_000_000
# A longer page becomes text without its tables being laid out, which would take seconds.
LAYOUT_LIMIT = 200_000

_DATA_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)
_WEB = re.compile(r"https?://", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_REMOTE = "data-remote-src"
_TEXT_CONFIG = ParserConfig(css=CSS_PROFILES["strict"], display_links=False, display_images=False)


def clean(html: str, *, cid_urls: Mapping[str, str], pictures: bool) -> str:
    """`html` without anything that could run, track or dress up as the desk.

    `cid_urls` gives the address of each enclosed picture by its Content-ID. Pictures from elsewhere are
    left out, with their address kept in `data-remote-src`, unless `pictures` is true.
    """
    root = tree(html)
    if root is None:
        return ""
    own = {identifier.strip("<>").casefold(): url for identifier, url in cid_urls.items()}
    for picture in root.iter("img"):
        _point(picture, own, pictures=pictures)
    _allowed_sources.set(_Sources(frozenset(own.values()), pictures))
    return _cleaner().clean(inner(root)).strip()


@dataclass(frozen=True, slots=True)
class _Sources:
    """The pictures that may be shown: those of the house by address, and perhaps those of the web."""

    own: frozenset[str] = frozenset()
    web: bool = False


_allowed_sources: ContextVar[_Sources] = ContextVar("allowed_sources", default=_Sources())  # noqa: B039 it is frozen


@cache
def _cleaner() -> nh3.Cleaner:
    """Made once, as making it takes longer than cleaning a mail; what differs is in `_allowed_sources`."""
    safe = table("html_safe")
    return nh3.Cleaner(
        tags=set(safe["tags"]),
        attributes={tag: set(names) for tag, names in safe["attributes"].items()},
        attribute_filter=_allowed,
        filter_style_properties=set(safe["styles"]),
        clean_content_tags=set(safe["swallowed"]),
        set_tag_attribute_values={"a": {"target": "_blank"}},
        link_rel="noopener noreferrer nofollow",
        url_schemes={"http", "https", "mailto", "tel", "data", "cid"},
        url_relative="pass_through",
    )


def _allowed(tag: str, name: str, value: str) -> str | None:
    """The attribute's value when it may stay."""
    if name == "src":
        sources = _allowed_sources.get()
        safe = value in sources.own or _DATA_PICTURE.fullmatch(value) or (sources.web and _WEB.match(value))
        return value if safe else None
    if name == "href":
        return value if _LINK.match(value.strip()) else None
    if name == "style":
        return None if "url(" in value.casefold().replace(" ", "") or "\\" in value else value
    return value


def blocked_pictures(cleaned: str) -> int:
    """How many pictures from elsewhere `clean` left out of what it returned."""
    return cleaned.count(f" {_REMOTE}=")


def to_text(html: str) -> str:
    """`html` as readable plain text, tables in columns; never raises."""
    root = tree(html)
    return "" if root is None else text_of(root, laid_out=len(html) <= LAYOUT_LIMIT)


def text_of(root: lxml_html.HtmlElement, *, laid_out: bool) -> str:
    """The same for a tree, which loses what is not read; tables stand in columns when `laid_out`."""
    for hidden in root.xpath("//style|//script|//head|//title|//template"):
        drop(hidden)
    if not laid_out:
        return _lines_of(root)
    try:
        text = Inscriptis(root, _TEXT_CONFIG).get_text()
    except (RecursionError, ValueError, etree.LxmlError, AttributeError, IndexError, TypeError):
        text = " ".join(root.itertext())
    lines = [line.rstrip() for line in text.replace("\u00a0", " ").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _lines_of(root: lxml_html.HtmlElement) -> str:
    """The words of a page, each block and each row of a table on a line of its own."""
    blocks = set(table("html_safe")["blocks"])
    # No text holds this sign: it tells where a line ends from white space that says nothing.
    end = "\x00"
    pieces: list[str] = []
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(node.tag, str):
            continue
        if node.tag in blocks:
            pieces.append(end)
        elif node.tag in {"td", "th"} and event == "end":
            pieces.append("  ")
        text = node.text if event == "start" else node.tail
        if text:
            pieces.append(text)
    words = re.sub(r"[^\S\x00]+", " ", "".join(pieces).replace("\u00a0", " "))
    lines = [line.strip() for line in words.split(end)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def tree(html: str) -> lxml_html.HtmlElement | None:
    """The body of `html` as a tree; None when there is nothing in it."""
    # One deep parser limit for all: lxml refuses more than 256 levels unless told, and keeps what it read
    # so far.
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    text = html[:HTML_LIMIT].replace("\x00", "")
    try:
        document = lxml_html.document_fromstring(text.encode("utf-8", errors="replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    body = document.find("body")
    return body if body is not None else document


def inner(root: lxml_html.HtmlElement) -> str:
    """The HTML inside `root`, whose own attributes are dropped."""
    root.attrib.clear()
    whole: str = lxml_html.tostring(root, encoding="unicode", with_tail=False)
    return whole.removeprefix(f"<{root.tag}>").removesuffix(f"</{root.tag}>").strip()


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


def drop(node: lxml_html.HtmlElement) -> None:
    """Take `node` out and leave the text behind it."""
    parent = node.getparent()
    if parent is not None:
        node.drop_tree()
