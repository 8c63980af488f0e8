"""Files of customers, purchases and subscriptions, taken in whole or not at all."""

from .columns import KINDS, Column, columns
from .running import Line, Report, begin, carry_out, forget_old, preview

__all__ = ["KINDS", "Column", "Line", "Report", "begin", "carry_out", "columns", "forget_old", "preview"]
