"""The codes of vouchers: read out on the telephone, typed from a letter, not to be guessed.

Twelve signs of an alphabet in which no two look or are said alike; the last one checks the others. It tells
every single wrong sign and every two that changed places. Eleven free signs are 23^11, about 2^50.
"""

import secrets

# Without 0 O, 1 I L, 2 Z, 5 S, 8 B, U V. There are 23, a prime, which is what lets one sign check the rest.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
FREE = 11
GROUP = 4


def new_code() -> str:
    """A code that nobody can guess."""
    free = "".join(secrets.choice(ALPHABET) for _ in range(FREE))
    return free + _check_sign(free)


def tidy(text: str) -> str:
    """What was typed as a code, in capitals and without spaces and hyphens; as stored."""
    return "".join(sign for sign in text.upper() if sign.isalnum())[:40]


def is_well_formed(code: str) -> bool:
    """Whether a tidy code can be one: its signs, its length and its last sign are right."""
    right = len(code) == FREE + 1 and all(sign in ALPHABET for sign in code)
    return right and _check_sign(code[:FREE]) == code[FREE]


def grouped(code: str) -> str:
    """The code as people read it: '34AC-DE67-9XYW'."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def _check_sign(free: str) -> str:
    weighed = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(free, start=1))
    return ALPHABET[weighed % len(ALPHABET)]
