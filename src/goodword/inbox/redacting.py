"""Numbers of payment cards that customers wrote are not kept: '•••• •••• •••• 4242' stands in their place.

A run of digits is a card's when an issuer's first digits and length fit, its check digit is right
(ISO/IEC 7812), it is written in one piece or in groups as on a card, and no word before it says that it is
something else.
"""

import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

SHOWN = 4
_RUN = re.compile(r"(?<![\w/=#@.+-])\d(?:[ -]?\d){12,18}(?![\w/=@-])(?!\.\d)")
# What every such run holds; looked for first, because it is two hundred times as fast.
_MAYBE = re.compile(r"\d{4}[ -]?\d{4}[ -]?\d|\d{4}[ -]\d{6}")
_BETWEEN_TAGS = re.compile(r"(?:^|(?<=>))[^<>]+")


def without_cards(text: str) -> str:
    """The text without the numbers of payment cards; costs next to nothing where nothing looks like one."""
    return _RUN.sub(_hidden_if(text), text) if _MAYBE.search(text) else text


def html_without_cards(html: str) -> str:
    """The same for HTML: only what is read is looked at, never addresses or names within tags."""
    if not _MAYBE.search(html):
        return html
    return _BETWEEN_TAGS.sub(lambda part: without_cards(part.group()), html)


def _hidden_if(text: str) -> Callable[[re.Match[str]], str]:
    def hide(found: re.Match[str]) -> str:
        written = found.group()
        if not _is_card(written) or _is_named(text[: found.start()]):
            return written
        return _hidden(written)

    return hide


def _hidden(written: str) -> str:
    """All digits but the last four as dots, with the gaps as they were."""
    left = sum(sign.isdigit() for sign in written) - SHOWN
    signs = []
    for sign in written:
        signs.append("•" if sign.isdigit() and left > 0 else sign)
        left -= sign.isdigit()
    return "".join(signs)


def _is_card(written: str) -> bool:
    digits = re.sub(r"\D", "", written)
    gaps = {sign for sign in written if not sign.isdigit()}
    shape = "-".join(str(len(group)) for group in re.split(r"\D", written))
    known = _known()
    if len(gaps) > 1 or (gaps and shape not in known["groups"]):
        return False
    issued = any(
        len(digits) in one["lengths"] and re.match(one["begins"], digits) for one in known["issuers"]
    )
    return issued and len(set(digits)) > 1 and _check_digit_is_right(digits)


def _check_digit_is_right(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _is_named(before: str) -> bool:
    """Whether the words right before say that the number is of something else."""
    known = _known()
    line = before[-known["within"] :].rpartition("\n")[2].casefold()
    return any(re.search(rf"\b{re.escape(word)}", line) for word in known["not_after"])


@cache
def _known() -> dict[str, Any]:
    text = (files("goodword.inbox") / "data" / "cards.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
