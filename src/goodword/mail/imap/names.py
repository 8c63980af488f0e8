"""How IMAP writes names: folders in its own UTF-7, words in quotes."""

import base64
import re

_OUTSIDE = re.compile(r"[^\x20-\x7e]+|&")


def folder_name(name: str) -> bytes:
    """A folder's name as it goes over the wire ('Entwürfe' is 'Entw&APw-rfe')."""
    return _OUTSIDE.sub(_shifted, name).encode("ascii")


def quoted(word: bytes) -> bytes:
    """`word` in quotes."""
    return b'"' + word.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def _shifted(found: re.Match[str]) -> str:
    if found[0] == "&":
        return "&-"
    coded = base64.b64encode(found[0].encode("utf-16-be")).decode("ascii")
    return "&" + coded.rstrip("=").replace("/", ",") + "-"
