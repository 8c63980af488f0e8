"""Bytes to text, whatever the mail says about its character set. Nothing here raises."""

import codecs
import re

from goodword.mail.tables import table

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufeff]")
_ISO_2022_JP = re.compile(rb"\x1b\$[@B]")


def codec_for(name: str | None) -> str | None:
    """The codec that reads the character set called `name`; None when there is none."""
    if not name:
        return None
    wanted = name.strip().strip("'\"").casefold()
    tables = table("charsets")
    wanted = tables["aliases"].get(wanted, wanted)
    if wanted in tables["refused"]["names"]:
        return None
    try:
        info = codecs.lookup(wanted)
    except (LookupError, ValueError):
        return None
    return info.name if getattr(info, "_is_text_encoding", True) else None


def decode(data: bytes, charset: str | None) -> str:
    """`data` as text: by the declared set, else as UTF-8, else by the nearest guess with marks for what
    is lost.
    """
    declared = codec_for(charset)
    for codec in _candidates(data, declared):
        try:
            return data.decode(codec)
        except (UnicodeError, LookupError, ValueError):
            continue
    try:
        return data.decode(declared or "cp1252", errors="replace")
    except (UnicodeError, LookupError, ValueError):
        return data.decode("latin-1")


def clean(text: str) -> str:
    """`text` without control characters, stray halves of surrogate pairs, and with plain line feeds."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub("", text)
    return text.encode("utf-8", errors="replace").decode("utf-8")


def _candidates(data: bytes, declared: str | None) -> list[str]:
    if _ISO_2022_JP.search(data):
        return ["iso2022_jp_ext"]
    # Text that says Latin-1 and is valid UTF-8 beyond ASCII is UTF-8 in practice: the odds of chance are nil.
    if declared == "cp1252" and not data.isascii():
        return ["utf-8", "cp1252"]
    return [declared, "utf-8"] if declared else ["utf-8"]
