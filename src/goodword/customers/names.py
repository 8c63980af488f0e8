"""The words of names, as they are compared and searched for."""

import re
import unicodedata

_WORD = re.compile(r"\w+")


def words_of(name: str) -> list[str]:
    """The words of a name in lower case, at most eight: more are no name."""
    return _WORD.findall(unicodedata.normalize("NFC", name).lower())[:8]
