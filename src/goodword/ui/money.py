"""How an amount of the company's money is said: '€12.50', 'CHF 12.50'."""

import tomllib
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

from django.conf import settings
from django.utils import formats


@lru_cache(maxsize=1)
def _signs() -> dict[str, str]:
    signs: dict[str, str] = tomllib.loads((files("goodword.ui") / "currencies.toml").read_text("utf-8"))
    return signs


def say_money(amount: Decimal | int) -> str:
    """The amount with two decimals and the currency's sign, or its code where it has no sign."""
    code = settings.CONFIG.currency
    sign = _signs().get(code, f"{code}\N{NO-BREAK SPACE}")
    number = formats.number_format(abs(Decimal(amount)), decimal_pos=2, use_l10n=True, force_grouping=True)
    return f"{'−' if amount < 0 else ''}{sign}{number}"
