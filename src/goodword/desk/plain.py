"""Cleaned mail in the dress of the desk: a sender's colours and fonts would be unreadable in one theme."""

import re

import nh3

_TAG = re.compile(r"<([a-z][a-z0-9]*)")
_DRESS = (" style=", " bgcolor=", "<font", " align=", " border=")
_KEPT = {
    "*": {"dir", "lang", "title"},
    "a": {"href", "target", "rel"},
    "img": {"src", "alt", "width", "height", "data-remote-src"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start", "type"},
    "col": {"span"},
}
_SCHEMES = {"http", "https", "mailto", "tel", "data"}


def undressed(cleaned: str) -> str:
    """What `mail.html.clean` returned, without colours, fonts and alignments; what was safe stays safe."""
    if not any(sign in cleaned for sign in _DRESS):
        return cleaned
    # The first pass has let through only tags that are allowed; text that looks like one is escaped by now.
    return nh3.clean(
        cleaned,
        tags=set(_TAG.findall(cleaned)) - {"font", "center"},
        attributes=_KEPT,
        url_schemes=_SCHEMES,
        url_relative="pass_through",
        link_rel=None,
    )
